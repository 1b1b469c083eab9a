"""Links of invitations, and the contacts that some of them are for."""

import hmac
from collections.abc import Iterable
from typing import Final

from cabinet_service.accounts.domain import Contact
from service_kit.link_tokens import LinkTokens
from service_kit.signing import KeyRing

TOKENS: Final = LinkTokens("invitation to a company")
_CONTACTS: Final = "contact of an invitation"


def address(public_url: str, token: str) -> str:
    """The page that shows it. Behind the #, which is sent to nobody: no log and no preview of a chat has it."""
    return f"{public_url}/join#{token}"


def contact_hash(contact: Contact, keys: KeyRing) -> bytes:
    """As what an invitation knows whom it is for: without our key nobody tells by trying."""
    return _hash(contact, keys.derived(_CONTACTS)[0])


def is_for(contacts: Iterable[Contact], kept: bytes, keys: KeyRing) -> bool:
    """Whether one of these contacts is the one that was meant."""
    derived = keys.derived(_CONTACTS)
    return any(hmac.compare_digest(_hash(one, key), kept) for one in contacts for key in derived)


def _hash(contact: Contact, key: bytes) -> bytes:
    return hmac.digest(key, f"{contact.kind} {contact.value}".encode(), "sha256")
