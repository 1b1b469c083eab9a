"""What a well-formed VIN says of itself (ISO 3779, ISO 3780, 49 CFR 565, GB 16735).

Everything here is information for people. None of it proves or disproves a VIN: a clone passes exactly as
its donor does, and most European, Russian and Japanese makers never promised a check digit or a model year.
Positions count from 1, as the standards count them.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LENGTH: Final = 17
ALPHABET: Final = frozenset("ABCDEFGHJKLMNPRSTUVWXYZ0123456789")

_VALUES: Final = {
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7,
    "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
    **{str(digit): digit for digit in range(10)},
}
_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_CHECK_POSITION: Final = 9

_YEAR_CODES: Final = "ABCDEFGHJKLMNPRSTVWXY123456789"
_FIRST_YEAR: Final = 1980
# Ford's European, Russian and Indian plants: body type at 10, year at 11, month at 12.
_FORD_YEAR_AT_11: Final = frozenset({"WF0", "SFA", "VS6", "TW2", "UN1", "X9F", "Z6F", "MAJ"})
# 17 characters became the rule outside North America in the course of the eighties.
_STANDARD_SETTLED: Final = 1990


class Region(StrEnum):
    """The part of the world whose authority gave the first two characters: not where the car was built."""

    AFRICA = "africa"
    ASIA = "asia"
    EUROPE = "europe"
    NORTH_AMERICA = "north_america"
    OCEANIA = "oceania"
    SOUTH_AMERICA = "south_america"


class Confidence(StrEnum):
    """How much a candidate is worth."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"


@dataclass(frozen=True, slots=True)
class CheckDigit:
    """Position 9. `mandatory` is whether the region of this VIN demands one; if not, a misfit means nothing."""

    found: str
    computed: str
    fits: bool
    mandatory: bool


@dataclass(frozen=True, slots=True)
class ModelYear:
    """A model year that the character at `position` may stand for. The code repeats every 30 years."""

    year: int
    position: int
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class VinFacts:
    """What a VIN says of itself. `maker` has six characters for makers of fewer than 1,000 cars a year."""

    maker: str
    region: Region
    check_digit: CheckDigit
    model_years: tuple[ModelYear, ...]


def facts(vin: str, *, this_year: int | None = None) -> VinFacts:
    """Read a well-formed VIN: 17 characters of `ALPHABET`."""
    return VinFacts(
        maker=vin[:3] + (vin[11:14] if vin[2] == "9" else ""),
        region=region(vin),
        check_digit=check_digit(vin),
        model_years=model_years(vin, this_year=this_year),
    )


def is_well_formed(text: str) -> bool:
    """Whether it is 17 characters of `ALPHABET`."""
    return len(text) == LENGTH and ALPHABET.issuperset(text)


def speaks_against(known: VinFacts, year: int | None) -> bool:
    """Whether no model year that the VIN may mean is within one of `year`, which somebody said.

    Model year, production year and the year of first registration are three things, so one year either way says
    nothing. A VIN without a model year speaks against none.
    """
    if year is None or not known.model_years:
        return False
    return all(abs(candidate.year - year) > 1 for candidate in known.model_years)


def region(vin: str) -> Region:
    """The region of the first two characters."""
    first, second = vin[0], vin[1]
    if first == "7" and second not in "ABCDE":  # 7A-7E is New Zealand, the rest was given to the USA
        return Region.NORTH_AMERICA
    for characters, name in (
        ("ABCDEFG", Region.AFRICA),
        ("HJKLMNPR", Region.ASIA),  # H was Africa's until China was given it beside L
        ("STUVWXYZ", Region.EUROPE),
        ("12345", Region.NORTH_AMERICA),
        ("67", Region.OCEANIA),
    ):
        if first in characters:
            return name
    return Region.SOUTH_AMERICA


def compute_check_digit(vin: str) -> str:
    """The character that belongs at position 9; whatever stands there now has no weight."""
    remainder = sum(_VALUES[c] * weight for c, weight in zip(vin, _WEIGHTS, strict=True)) % 11
    return "X" if remainder == 10 else str(remainder)  # noqa: PLR2004 - the remainder of 11 with no digit


def check_digit(vin: str) -> CheckDigit:
    """Position 9 against its computation. 2/S, U/D, 1/J and others weigh the same, so a fit proves little."""
    found, computed = vin[_CHECK_POSITION - 1], compute_check_digit(vin)
    return CheckDigit(
        found=found,
        computed=computed,
        fits=found == computed,
        mandatory=region(vin) is Region.NORTH_AMERICA or vin[0] in "LH",
    )


def model_years(vin: str, *, this_year: int | None = None) -> tuple[ModelYear, ...]:
    """The model years that this VIN may mean, newest first; empty if its maker put none there (BMW, Toyota: 0).

    With `this_year`, years beyond the next one are left out: a model year runs at most one year ahead.
    """
    position = 11 if vin[:3] in _FORD_YEAR_AT_11 else 10
    index = _YEAR_CODES.find(vin[position - 1])
    if index < 0:
        return ()
    early = _FIRST_YEAR + index
    years = (early + len(_YEAR_CODES), early)
    return tuple(
        ModelYear(year, position, _confidence(vin, year))
        for year in years
        if this_year is None or year <= this_year + 1
    )


def _confidence(vin: str, year: int) -> Confidence:
    if region(vin) is Region.NORTH_AMERICA:
        # 49 CFR 565.15: a letter at position 7 means the cycle that began with 2010.
        second_cycle = year >= _FIRST_YEAR + len(_YEAR_CODES)
        return Confidence.LIKELY if vin[6].isalpha() == second_cycle else Confidence.UNLIKELY
    return Confidence.POSSIBLE if year >= _STANDARD_SETTLED else Confidence.UNLIKELY
