"""What a tus client says in its headers. Pure."""

import base64
import binascii
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,checksum,expiration,termination"
ALGORITHM: Final = "sha256"
MOST_METADATA: Final = 4096
_SHA256_BYTES: Final = 32


class UploadState(StrEnum):
    """`refused`: all bytes came, and they are no photo that is taken; why, is kept."""

    RECEIVING = "receiving"
    DONE = "done"
    REFUSED = "refused"


class Unreadable(ValueError):
    """A header that is not as the protocol has it."""


def metadata(header: str) -> Mapping[str, str]:
    """`Upload-Metadata`: pairs of a key and a value in base64, with commas between them. Raises Unreadable."""
    if len(header) > MOST_METADATA:
        raise Unreadable("too long")
    pairs: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, value = pair.partition(" ")
        if key in pairs:
            raise Unreadable("a key that comes twice")
        pairs[key] = _text(value.strip())
    return pairs


def checksum(header: str) -> bytes:
    """`Upload-Checksum`: the algorithm and the digest in base64. Raises Unreadable."""
    algorithm, _, value = header.strip().partition(" ")
    if algorithm != ALGORITHM:
        raise Unreadable("an algorithm that is not offered")
    digest = _bytes(value.strip())
    if len(digest) != _SHA256_BYTES:
        raise Unreadable("a digest of another length")
    return digest


def _text(value: str) -> str:
    try:
        return _bytes(value).decode()
    except UnicodeDecodeError as error:
        raise Unreadable("a value that is no UTF-8") from error


def _bytes(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable("a value that is no base64") from error
