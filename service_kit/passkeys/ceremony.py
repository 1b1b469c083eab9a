"""The two ceremonies of WebAuthn: what a browser is asked, and whether its answer holds.

The user has to be verified in both (a finger, a face, a PIN), and a passkey knows whose it is, so that nobody
types a name. Attestation is not asked for: the make of an authenticator decides nothing here.
"""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from types import ModuleType
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from service_kit.passkeys.schemas import CreatedCredential, UsedCredential

ANSWER_WITHIN: Final = timedelta(minutes=5)
_ALGORITHMS: Final = (-7, -8, -257)  # ES256, EdDSA, RS256 (COSE), the best known first


class Refused(Exception):
    """The answer does not hold; the message says why, for the log."""


class RelyingParty(NamedTuple):
    """Us, as authenticators know us. A passkey works for one `id` only, which is a host name."""

    id: str
    origin: str
    name: str

    @classmethod
    def at(cls, public_url: str, name: str) -> "RelyingParty":
        parts = urlsplit(public_url)
        return cls(parts.hostname or "", f"{parts.scheme}://{parts.netloc}", name)


class Owner(NamedTuple):
    """Whose passkey it is to be, and the names by which the authenticator tells their passkeys apart."""

    id: UUID
    name: str
    display_name: str


class Created(NamedTuple):
    """What is kept of a new passkey."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def creation_options(
    party: RelyingParty, owner: Owner, challenge: bytes, *, known: Sequence[bytes]
) -> dict[str, Any]:
    """For `navigator.credentials.create()`. An authenticator that holds one of `known` makes no second one."""
    return {
        "rp": {"id": party.id, "name": party.name},
        "user": {"id": encode(owner.id.bytes), "name": owner.name, "displayName": owner.display_name},
        "challenge": encode(challenge),
        "pubKeyCredParams": [{"type": "public-key", "alg": algorithm} for algorithm in _ALGORITHMS],
        "timeout": _milliseconds(ANSWER_WITHIN),
        "excludeCredentials": [{"type": "public-key", "id": encode(one)} for one in known],
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
    }


def request_options(party: RelyingParty, challenge: bytes) -> dict[str, Any]:
    """For `navigator.credentials.get()`."""
    return {
        "rpId": party.id,
        "challenge": encode(challenge),
        "timeout": _milliseconds(ANSWER_WITHIN),
        "allowCredentials": [],
        "userVerification": "required",
    }


def challenge_of(client_data: str) -> bytes:
    """The challenge that a browser says it answers. Raises Refused."""
    with _refusing():
        return decode(json.loads(decode(client_data))["challenge"])


def verify_created(credential: CreatedCredential, challenge: bytes, party: RelyingParty) -> Created:
    """What to keep of the passkey. Raises Refused unless it was made for us, for this challenge, by its user."""
    with _refusing():
        verified = _library().verify_registration_response(
            credential=credential.model_dump(by_alias=True),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    return Created(verified.credential_id, verified.credential_public_key, verified.sign_count)


def verify_used(
    credential: UsedCredential,
    challenge: bytes,
    party: RelyingParty,
    *,
    owner_id: UUID,
    public_key: bytes,
    sign_count: int,
) -> int:
    """The new count of signatures. Raises Refused unless the owner's key signed this challenge for us.

    A count that does not grow is refused, too: then there are two authenticators with one key. (Those that
    share their keys between devices do not count, and always say 0.)
    """
    if decode(credential.response.user_handle) != owner_id.bytes:
        raise Refused("it says that it is somebody else's")
    with _refusing():
        verified = _library().verify_authentication_response(
            credential=credential.model_dump(by_alias=True),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    return verified.new_sign_count


def encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Raises Refused."""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise Refused(str(error)) from None


@contextmanager
def _refusing() -> Generator[None]:
    try:
        yield
    except Refused:
        raise
    except Exception as error:  # the parsers raise whatever they stumble over in hostile bytes
        raise Refused(repr(error)) from error


def _library() -> ModuleType:
    # Imported where it is needed: it takes 0.15 s of a processor, which every process would pay at its start.
    import webauthn

    return webauthn


def _milliseconds(time: timedelta) -> int:
    return time // timedelta(milliseconds=1)
