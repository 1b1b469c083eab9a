"""The token of a link: worked out from its row and a key of ours, so that it is stored nowhere.

Whoever has the database alone has no link. Its owner copies it again whenever they like, as long as the key that
made it is there; once that is dropped the link goes on working, because it is found by its hash.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from typing import Final
from uuid import UUID

from service_kit.signing import KeyRing

TOKEN_BYTES: Final = 24
"""192 bits: nobody finds one by trying."""
TOKEN_CHARACTERS: Final = TOKEN_BYTES * 4 // 3
_PURPOSE: Final = "link to a report"


def new_token(share_id: UUID, keys: KeyRing) -> str:
    """The token of a link that is made now."""
    return _token(share_id, keys.derived(_PURPOSE)[0])


def token_of(share_id: UUID, token_sha256: bytes, keys: KeyRing) -> str | None:
    """The token of a link that was made before; None where the key is gone that made it."""
    tokens = (_token(share_id, key) for key in keys.derived(_PURPOSE))
    return next((token for token in tokens if hmac.compare_digest(hash_of(token), token_sha256)), None)


def hash_of(token: str) -> bytes:
    """By what a link is found."""
    return hashlib.sha256(token.encode()).digest()


def address(public_url: str, token: str) -> str:
    """The page that shows it. Behind the #, which is sent to nobody: no log and no preview of a chat has it."""
    return f"{public_url}/report#{token}"


def _token(share_id: UUID, key: bytes) -> str:
    return urlsafe_b64encode(hmac.digest(key, share_id.bytes, "sha256")[:TOKEN_BYTES]).decode()
