"""What a tus client says in its headers. Pure."""

import base64
import binascii
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,checksum,expiration,termination"
ALGORITHMS: Final[Mapping[str, int]] = {"sha1": 20, "sha256": 32}
"""Of checksums, with the length of their digests. sha1 is the one that the protocol demands."""
MOST_METADATA: Final = 4096


class UploadState(StrEnum):
    """`refused`: all bytes came, and they are no photo that is taken; why, is kept."""

    RECEIVING = "receiving"
    DONE = "done"
    REFUSED = "refused"


class Unreadable(ValueError):
    """A header that is not as the protocol has it."""


class NotOffered(Unreadable):
    """A checksum by an algorithm that is not known here."""


class Checksum(NamedTuple):
    """What the bytes of a part have to come to."""

    algorithm: str
    digest: bytes


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


def checksum(header: str) -> Checksum:
    """`Upload-Checksum`: the algorithm and the digest in base64. Raises NotOffered or Unreadable."""
    algorithm, _, value = header.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        raise NotOffered("an algorithm that is not offered")
    digest = _bytes(value.strip())
    if len(digest) != ALGORITHMS[algorithm]:
        raise Unreadable("a digest of another length")
    return Checksum(algorithm, digest)


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
