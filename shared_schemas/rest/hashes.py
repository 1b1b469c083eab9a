"""What photos look like, as cabinet answers bpa: so that one that comes again in another file is known."""

from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from shared_schemas.base import Contract

MOST_HASHES: Final = 50
"""About how many photos bpa asks at once."""


class HashState(StrEnum):
    """`awaited`: the photo is still being looked at. `none`: it does not open, or is too plain to tell apart."""

    HASHED = "hashed"
    AWAITED = "awaited"
    NONE = "none"


class PhotoHash(Contract):
    """What a photo looks like: 128 bits, of which few differ where two look alike, whatever their size or coding.

    `bits` are 32 hexadecimal digits. They are eight parts of 16 bits, each of which sees all of the picture.
    """

    evidence_id: UUID
    state: HashState
    bits: Annotated[str | None, Field(pattern="^[0-9a-f]{32}$")] = None


class PhotoHashes(Contract):
    """Of a photo that is gone there is none."""

    hashes: tuple[PhotoHash, ...]
