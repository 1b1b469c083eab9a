"""Opaque tokens: 256 random bits given to the bearer once; the database holds only their SHA-256.

A fast hash is right here: there is nothing to guess in 256 random bits.
"""

import hashlib
import secrets
from typing import NamedTuple


class NewToken(NamedTuple):
    """`text` goes to the bearer and nowhere else; `digest` (32 bytes) is stored."""

    text: str
    digest: bytes


def new_token() -> NewToken:
    text = secrets.token_urlsafe(32)
    return NewToken(text, digest(text))


def digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
