"""How much two photos look alike, by the hashes that cabinet makes of them. Pure.

A hash is eight parts of 16 bits. Two that differ in no more than NEAR bits have a part that differs in one bit at
the most, as eight parts with two each would make sixteen: so photos are looked up by 17 values of each part.
"""

from collections.abc import Sequence
from typing import Final

PARTS: Final = 8
_BITS: Final = 16
NEAR: Final = 14
"""As many of the 128 bits may differ where a photo is similar (measured: docs/decisions/0041)."""


def parts_of(bits: str) -> tuple[int, ...]:
    """The parts of a hash of 32 hexadecimal digits, each from 0 to 65,535."""
    whole = int(bits, 16)
    return tuple(whole >> _BITS * part & 0xFFFF for part in reversed(range(PARTS)))


def around(part: int) -> list[int]:
    """The values from which a part differs in one bit at the most."""
    return [part, *(part ^ 1 << bit for bit in range(_BITS))]


def distance(one: Sequence[int], other: Sequence[int]) -> int:
    """In how many bits two hashes differ."""
    return sum((mine ^ theirs).bit_count() for mine, theirs in zip(one, other, strict=True))
