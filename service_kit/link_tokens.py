"""Tokens of links that show something to whoever has them: worked out of a row and a key, so stored nowhere.

Whoever has the database alone has no link. Who gave one out copies it again whenever they like, as long as the
key that made it is there; once that is dropped the link goes on working, because it is found by its hash.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from service_kit.signing import KeyRing

TOKEN_BYTES: Final = 24
"""192 bits: nobody finds one by trying."""
TOKEN_CHARACTERS: Final = TOKEN_BYTES * 4 // 3


@dataclass(frozen=True, slots=True)
class LinkTokens:
    """The tokens of one kind of link; those of another `purpose` are worth nothing for it."""

    purpose: str

    def new(self, link_id: UUID, keys: KeyRing) -> str:
        """The token of a link that is made now."""
        return _token(link_id, keys.derived(self.purpose)[0])

    def of(self, link_id: UUID, token_sha256: bytes, keys: KeyRing) -> str | None:
        """The token of a link that was made before; None where the key is gone that made it."""
        tokens = (_token(link_id, key) for key in keys.derived(self.purpose))
        return next((token for token in tokens if hmac.compare_digest(hash_of(token), token_sha256)), None)


def hash_of(token: str) -> bytes:
    """By what a link is found."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _token(link_id: UUID, key: bytes) -> str:
    return urlsafe_b64encode(hmac.digest(key, link_id.bytes, "sha256")[:TOKEN_BYTES]).decode()
