"""Secrets that have to be read again, encrypted where they are stored.

The keys are a list: the first seals, all open. So a key is changed like any other of ours, with one step more:
what the old key sealed is sealed anew before that key is dropped.
"""

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Unsealable(Exception):
    """It was sealed with a key that is gone, for another purpose, or was tampered with."""


class Seal:
    """Seals with the first key and opens with any. What one purpose sealed no other opens."""

    def __init__(self, keys: Sequence[str], *, purpose: str) -> None:
        self._fernet = MultiFernet([Fernet(_derived(key, purpose)) for key in keys])

    def seal(self, text: str) -> bytes:
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """Raises Unsealable."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise Unsealable from None

    def renew(self, sealed: bytes) -> bytes:
        """The same text under the first key. Raises Unsealable."""
        return self.seal(self.open(sealed))


def _derived(key: str, purpose: str) -> bytes:
    derived = HKDF(SHA256(), length=32, salt=None, info=f"autodetective: {purpose}".encode())
    return base64.urlsafe_b64encode(derived.derive(key.encode()))
