"""What a well-formed VIN says of itself: its maker, its check digit, the model years that it may mean.

Everything here is information for people, each with how much it is worth. Where one's own records taught a rule
(`learned.py`), it goes before the tables; what the law orders goes before both.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from shared_schemas.vin import (
    CHECK_POSITION,
    CYCLE,
    SMALL_MAKER,
    Region,
    compute_check_digit,
    orders_check_digit,
    region,
    year_of,
)
from shared_schemas.vin.codes import CheckRule, Code, Plant, YearPlace
from shared_schemas.vin.learned import Learned, Rule
from shared_schemas.vin.makers import code_of

_SECOND_CYCLE: Final = 2010
# 17 characters became the rule outside North America in the course of the eighties.
_STANDARD_SETTLED: Final = 1990
_YEARS_LATELY: Final = 4000


class Confidence(StrEnum):
    """How much a candidate is worth."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"


class CheckDigit(NamedTuple):
    """Position 9. `mandatory` is whether the region of this VIN demands one; if not, a misfit means nothing,
    unless `rule` says that the plant computes one.
    """

    found: str
    computed: str
    fits: bool
    mandatory: bool
    rule: CheckRule


@dataclass(frozen=True, slots=True)
class ModelYear:
    """A model year that the character at `position` may stand for. The code repeats every 30 years.

    `likely` is said only where the maker is known to put the year there, and one year of the two stands out.
    """

    year: int
    position: int
    confidence: Confidence

    @property
    def earliest(self) -> int:
        """The first calendar year that goes with it: model year, production and registration are three things."""
        return self.year - 1

    @property
    def latest(self) -> int:
        """The last calendar year in which such a car is new without anything to explain."""
        return self.year + 1


class VinFacts:
    """What a VIN says of itself. What is not asked for is not computed.

    `learned` is what one's own records say of VINs that begin so. Without `this_year` no model year is told.
    """

    __slots__ = ("_computed", "code", "learned", "this_year", "vin")

    def __init__(self, vin: str, this_year: int | None, learned: Rule | None) -> None:
        self.vin = vin
        self.this_year = this_year
        self.learned = learned
        self.code: Code = code_of(vin[:3])
        self._computed: str | None = None

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, VinFacts)
            and (self.vin, self.this_year, self.learned) == (other.vin, other.this_year, other.learned)
        )  # fmt: skip

    def __hash__(self) -> int:
        return hash((self.vin, self.this_year))

    @property
    def maker(self) -> str:
        """The maker's code; of six characters for makers of fewer than 1,000 cars a year."""
        return self.vin[:3] + (self.vin[11:14] if self.is_of_small_maker else "")

    @property
    def is_of_small_maker(self) -> bool:
        return self.vin[2] == SMALL_MAKER

    @property
    def region(self) -> Region:
        return region(self.vin)

    @property
    def makes(self) -> frozenset[str]:
        """Those that the code may stand for, with those of one's own records; empty where that is not known."""
        makes = self.code.makes
        return makes | self.learned.makes if makes and self.learned else makes

    @property
    def plant(self) -> Plant | None:
        """Where it was built, as far as the code alone says so."""
        return self.code.plant

    @property
    def descriptor(self) -> str:
        """Positions 4 to 8: model, body, engine, in the maker's own key."""
        return self.vin[3:8]

    @property
    def serial(self) -> str:
        """Positions 12 to 17; of small makers 15 to 17."""
        return self.vin[14:] if self.is_of_small_maker else self.vin[11:]

    @property
    def check_digit(self) -> CheckDigit:
        """Position 9 against its computation, and what is known of whether there is one."""
        found, computed, rule = self.vin[CHECK_POSITION - 1], self._computed_digit(), self.check_rule
        return CheckDigit(found, computed, found == computed, rule is CheckRule.MANDATED, rule)

    def _computed_digit(self) -> str:
        if self._computed is None:
            self._computed = compute_check_digit(self.vin)
        return self._computed

    @property
    def check_rule(self) -> CheckRule:
        """What position 9 is: by law, by one's own records, by what is seen of the plant."""
        if orders_check_digit(self.vin):
            return CheckRule.MANDATED
        if self.learned and self.learned.check is not CheckRule.UNKNOWN:
            return self.learned.check
        return self.code.check

    @property
    def year_place(self) -> YearPlace:
        """Where this VIN has its model year.

        North America and China order it to be at 10, as they order the check digit: one that does not fit is of
        another market, or mistyped, and then nothing is known.
        """
        if orders_check_digit(self.vin):
            fits = self.vin[CHECK_POSITION - 1] == self._computed_digit()
            return YearPlace.AT_10 if fits else YearPlace.UNKNOWN
        if self.learned and self.learned.year is not YearPlace.UNKNOWN:
            return self.learned.year
        return YearPlace.NOWHERE if self.is_of_small_maker else self.code.year

    @property
    def year_is_known(self) -> bool:
        """Whether the maker is known to put the model year where `model_years` has it from."""
        return _is_place(self.year_place)

    @property
    def model_years(self) -> tuple[ModelYear, ...]:
        """The model years that this VIN may mean, newest first; empty if its maker put none there.

        None is after the next year, for a model year runs at most one year ahead; none is before the plant.
        """
        place = self.year_place
        if self.this_year is None or place is YearPlace.NOWHERE:
            return ()
        position = 11 if place is YearPlace.AT_11 else 10
        is_american = self.region is Region.NORTH_AMERICA
        is_second_cycle = self.vin[6].isalpha() if is_american and self.code.light else None
        character, since = self.vin[position - 1], self.code.since
        return _candidates(
            character, position, self.this_year, since, _is_place(place), is_american, is_second_cycle
        )


def facts(vin: str, *, this_year: int | None, learned: Learned | None = None) -> VinFacts:
    """Read a well-formed VIN: 17 characters of `ALPHABET`. Without `this_year` no model year is told."""
    return VinFacts(vin, this_year, learned.rule_of(vin) if learned else None)


def _is_place(place: YearPlace) -> bool:
    return place is YearPlace.AT_10 or place is YearPlace.AT_11


@lru_cache(_YEARS_LATELY)
def _candidates(
    character: str,
    position: int,
    this_year: int,
    since: int,
    is_known: bool,
    is_american: bool,
    is_second_cycle: bool | None,
) -> tuple[ModelYear, ...]:
    early = year_of(character)
    if early is None:
        return ()
    years = [year for year in (early + CYCLE, early) if since - 1 <= year <= this_year + 1]

    def confidence(year: int) -> Confidence:
        if is_known and len(years) == 1:
            return Confidence.LIKELY
        if is_known and is_second_cycle is not None:
            # 49 CFR 565.15: a letter at position 7 of cars and light trucks means the cycle that began with 2010.
            return Confidence.LIKELY if is_second_cycle == (year >= _SECOND_CYCLE) else Confidence.UNLIKELY
        settled = year >= _STANDARD_SETTLED or (is_known and is_american)
        return Confidence.POSSIBLE if settled else Confidence.UNLIKELY

    return tuple(ModelYear(year, position, confidence(year)) for year in years)
