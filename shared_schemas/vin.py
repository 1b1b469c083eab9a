"""What a well-formed VIN says of itself (ISO 3779, ISO 3780, 49 CFR 565, GB 16735).

Everything here is information for people. None of it proves or disproves a VIN: a clone passes exactly as
its donor does, and most European, Russian and Japanese makers never promised a check digit or a model year.
Positions count from 1, as the standards count them.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared_schemas import makers
from shared_schemas.makers import YearPlace

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
_PLACES: Final = {YearPlace.AT_10: 10, YearPlace.AT_11: 11}
# The third character of makers of fewer than 1,000 cars a year: what they do with the rest is their own.
_SMALL_MAKER: Final = "9"
_PLACEHOLDERS: Final = frozenset(
    {
        "12345678901234567",
        "01234567890123456",
        "1234567890ABCDEFG",
        "ABCDEFGH123456789",
        "1M8GDM9AXKP042788",  # the example of 49 CFR 565's check digit, as encyclopedias print it
        "1HGCM82633A004352",  # the sample of many decoders
    }
)
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
    """A model year that the character at `position` may stand for. The code repeats every 30 years.

    `likely` is said only where the maker is known to put the year there, and one year of the two stands out.
    """

    year: int
    position: int
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class VinFacts:
    """What a VIN says of itself. `maker` has six characters for makers of fewer than 1,000 cars a year.

    `makes` are those that its code may stand for, empty where that is not known. `year_is_known` is whether its
    maker is known to put the model year where `model_years` has it from; elsewhere that may be anything.
    """

    maker: str
    region: Region
    check_digit: CheckDigit
    model_years: tuple[ModelYear, ...]
    year_is_known: bool
    makes: frozenset[str]


def facts(vin: str, *, this_year: int | None) -> VinFacts:
    """Read a well-formed VIN: 17 characters of `ALPHABET`. Without `this_year` no model year is told."""
    place = year_place(vin)
    return VinFacts(
        maker=vin[:3] + (vin[11:14] if vin[2] == _SMALL_MAKER else ""),
        region=region(vin),
        check_digit=check_digit(vin),
        model_years=() if this_year is None else model_years(vin, this_year=this_year),
        year_is_known=place in _PLACES,
        makes=makers.code_of(vin[:3]).makes,
    )


def is_well_formed(text: str) -> bool:
    """Whether it is 17 characters of `ALPHABET`."""
    return len(text) == LENGTH and ALPHABET.issuperset(text)


def is_placeholder(text: str) -> bool:
    """Whether it is what people type who have no number: equal characters, counting, a sample out of a book.

    It belongs to no car, so two that have it are not the same.
    """
    return len(set(text)) == 1 or text in _PLACEHOLDERS


def speaks_against(known: VinFacts, year: int | None) -> bool:
    """Whether no model year that the VIN may mean is within one of `year`, which somebody said.

    Model year, production year and the year of first registration are three things, so one year either way says
    nothing. Neither does a VIN without a model year, or of a maker who is not known to put it there.
    """
    if year is None or not known.year_is_known or not known.model_years:
        return False
    return all(abs(candidate.year - year) > 1 for candidate in known.model_years)


def speaks_against_make(known: VinFacts, make: str | None) -> bool:
    """Whether the code of the VIN is known to stand for other makes than the one that somebody named."""
    named = makers.makes_named(make) if make else frozenset[str]()
    return bool(known.makes and named) and known.makes.isdisjoint(named)


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


def year_place(vin: str) -> YearPlace:
    """Where this VIN has its model year.

    North America and China order it to be at 10, as they order the check digit: one that does not fit is of
    another market, or mistyped, and then nothing is known.
    """
    digit = check_digit(vin)
    if digit.mandatory:
        return YearPlace.AT_10 if digit.fits else YearPlace.UNKNOWN
    return YearPlace.NOWHERE if vin[2] == _SMALL_MAKER else makers.code_of(vin[:3]).year


def model_years(vin: str, *, this_year: int) -> tuple[ModelYear, ...]:
    """The model years that this VIN may mean, newest first; empty if its maker put none there (BMW, Toyota: 0).

    None is after the next year, for a model year runs at most one year ahead.
    """
    place = year_place(vin)
    if place is YearPlace.NOWHERE:
        return ()
    position = _PLACES.get(place, 10)
    index = _YEAR_CODES.find(vin[position - 1])
    if index < 0:
        return ()
    early = _FIRST_YEAR + index
    years = [year for year in (early + len(_YEAR_CODES), early) if year <= this_year + 1]
    return tuple(ModelYear(year, position, _confidence(vin, year, years)) for year in years)


def _confidence(vin: str, year: int, years: list[int]) -> Confidence:
    is_known = year_place(vin) in _PLACES
    if is_known and len(years) == 1:
        return Confidence.LIKELY
    settled = year >= _STANDARD_SETTLED
    if is_known and region(vin) is Region.NORTH_AMERICA:
        if makers.code_of(vin[:3]).light:
            # 49 CFR 565.15: a letter at position 7 means the cycle that began with 2010.
            second_cycle = year >= _FIRST_YEAR + len(_YEAR_CODES)
            return Confidence.LIKELY if vin[6].isalpha() == second_cycle else Confidence.UNLIKELY
        settled = True
    return Confidence.POSSIBLE if settled else Confidence.UNLIKELY
