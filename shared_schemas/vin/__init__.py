"""What a VIN is, whoever made the car (ISO 3779, ISO 3780, 49 CFR 565, GB 16735).

Nothing here proves or disproves a VIN: a clone passes exactly as its donor does, and most European, Russian and
Japanese makers never promised a check digit or a model year. Positions count from 1, as the standards count them.
What is known of makers, and what follows of it for a VIN, is in the modules beside.
"""

from enum import StrEnum
from operator import mul
from typing import Final

LENGTH: Final = 17
ALPHABET: Final = frozenset("ABCDEFGHJKLMNPRSTUVWXYZ0123456789")
CHECK_POSITION: Final = 9
# The third character of makers of fewer than 1,000 cars a year: what they do with the rest is their own.
SMALL_MAKER: Final = "9"
# The codes of model years, and how many there are before they begin again.
YEAR_CODES: Final = "ABCDEFGHJKLMNPRSTVWXY123456789"
FIRST_YEAR: Final = 1980
CYCLE: Final = len(YEAR_CODES)

VALUES: Final = {
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7,
    "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
    **{str(digit): digit for digit in range(10)},
}
WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
REMAINDERS: Final = "0123456789X"
_AS_BYTES: Final = bytes(VALUES.get(chr(code), 0) for code in range(256))

_PLACEHOLDERS: Final = frozenset(
    {
        "12345678901234567",
        "01234567890123456",
        "0123456789ABCDEFG",
        "1234567890ABCDEFG",
        "ABCDEFGH123456789",
        "1M8GDM9AXKP042788",  # the example of 49 CFR 565's check digit, as encyclopedias print it
        "1HGCM82633A004352",  # the sample of many decoders
    }
)


class Region(StrEnum):
    """The part of the world whose authority gave the first two characters: not where the car was built."""

    AFRICA = "africa"
    ASIA = "asia"
    EUROPE = "europe"
    NORTH_AMERICA = "north_america"
    OCEANIA = "oceania"
    SOUTH_AMERICA = "south_america"


_REGIONS: Final = {
    character: name
    for characters, name in (
        ("ABCDFG", Region.AFRICA),
        ("HJKLMNPR", Region.ASIA),  # H was Africa's until China was given it beside L
        ("ESTUVWXYZ", Region.EUROPE),  # E too was Africa's, until it was given to Russia in 2022
        ("12345", Region.NORTH_AMERICA),
        ("67", Region.OCEANIA),
        ("089", Region.SOUTH_AMERICA),
    )
    for character in characters
}


def is_well_formed(text: str) -> bool:
    """Whether it is 17 characters of `ALPHABET`."""
    return len(text) == LENGTH and ALPHABET.issuperset(text)


def is_placeholder(text: str) -> bool:
    """Whether it is what people type who have no number: equal characters, counting, a sample out of a book.

    It belongs to no car, so two that have it are not the same, and no source is asked about it.
    """
    return len(set(text)) == 1 or text in _PLACEHOLDERS


def region(vin: str) -> Region:
    """The region of the first two characters."""
    if vin[0] == "7" and vin[1] not in "ABCDE":  # 7A-7E is New Zealand, the rest was given to the USA
        return Region.NORTH_AMERICA
    return _REGIONS[vin[0]]


def orders_check_digit(vin: str) -> bool:
    """Whether the law of its region orders a check digit, and the model year at 10: North America and China."""
    return vin[0] in "12345LH" or (vin[0] == "7" and region(vin) is Region.NORTH_AMERICA)


def compute_check_digit(vin: str) -> str:
    """The character that belongs at position 9; whatever stands there now has no weight.

    2/S, U/D, 1/J and others weigh the same, so a fit proves little.
    """
    return REMAINDERS[sum(map(mul, vin.encode().translate(_AS_BYTES), WEIGHTS)) % 11]


def fits_check_digit(vin: str) -> bool:
    """Whether the character at position 9 is the one that is computed; one in eleven is by chance."""
    return vin[CHECK_POSITION - 1] == compute_check_digit(vin)


def year_of(character: str) -> int | None:
    """The year of the first cycle, 1980 to 2009, that the character stands for as a model year; 30 years later it
    stands for another. None if it stands for none: I O Q U Z 0.
    """
    index = YEAR_CODES.find(character)
    return None if index < 0 else FIRST_YEAR + index
