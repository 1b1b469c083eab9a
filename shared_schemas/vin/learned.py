"""Rules that one's own records teach, which beat any table: plants differ one by one, and some model by model.

Per beginning of VINs, a maker's code or that and a part of the descriptor, it is counted how often position 9
fits and where the known year stands. A rule is only made where chance can hardly have, with what supports it;
records are dirty, so a few that say otherwise are borne.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from shared_schemas.vin import CYCLE, fits_check_digit, is_placeholder, is_well_formed, year_of
from shared_schemas.vin.codes import CheckRule, YearPlace
from shared_schemas.vin.names import makes_named

# How much of the VIN a rule is about, the closest first: code, and four, two or none of the descriptor.
PREFIXES: Final = (7, 5, 3)
# A digit fits by chance in one of 11, a year of one either way in about three of 30: eight that all do so by
# chance are one in a hundred million, and so few may all be of one lot.
FEWEST: Final = 8
# Records are dirty: of hundred this many may say otherwise.
_NEARLY_ALL: Final = 0.95
# Chance gives a tenth; where nothing stands, twice that is not passed by groups of the least size.
_HARDLY_ANY: Final = 0.3
# A code that is the same in each VIN of a beginning is no year, whatever it reads as.
_FEWEST_YEARS: Final = 3
_FEWEST_OF_A_MAKE: Final = 3
_LEAST_SHARE_OF_A_MAKE: Final = 0.02
_POSITIONS: Final = (10, 11)
_Z: Final = 1.96  # 95 % of the normal distribution


class Record(NamedTuple):
    """What `times` of one's own records say of a car; `year` and `make` are None where they do not."""

    vin: str
    year: int | None = None
    make: str | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """What the VINs that begin with `prefix` have in common. `check` and `year` are UNKNOWN where nothing is.

    `check_support` and `year_support` are how many different VINs say so, `check_confidence` and
    `year_confidence` the least share of such VINs, of all there are, that the rule holds for (Wilson, 95 %).
    `makes` are those that records name often enough to be no slip.
    """

    prefix: str
    check: CheckRule = CheckRule.UNKNOWN
    check_support: int = 0
    check_confidence: float = 0.0
    year: YearPlace = YearPlace.UNKNOWN
    year_support: int = 0
    year_confidence: float = 0.0
    makes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Learned:
    """Rules by the beginning that they are about."""

    rules: Mapping[str, Rule] = field(default_factory=dict[str, Rule])

    def rule_of(self, vin: str) -> Rule | None:
        """What is known of a VIN, each part from the closest beginning that says something of it."""
        found = [rule for length in PREFIXES if (rule := self.rules.get(vin[:length]))]
        if len(found) <= 1:
            return found[0] if found else None
        check = next((rule for rule in found if rule.check is not CheckRule.UNKNOWN), found[0])
        year = next((rule for rule in found if rule.year is not YearPlace.UNKNOWN), found[0])
        return Rule(
            prefix=min(check.prefix, year.prefix, key=len),
            check=check.check,
            check_support=check.check_support,
            check_confidence=check.check_confidence,
            year=year.year,
            year_support=year.year_support,
            year_confidence=year.year_confidence,
            makes=frozenset[str]().union(*(rule.makes for rule in found)),
        )

    def known_of(self, vin: str) -> int:
        """How many of its first characters begin VINs of one's own, as far as there are rules; 0 if none do."""
        return next((length for length in PREFIXES if vin[:length] in self.rules), 0)


class Counted(NamedTuple):
    """What was counted of the VINs that begin with `prefix`, each of them once.

    `fitting` have the check digit at position 9. `dated` have a known year; of these in `at_10` and `at_11` the
    character at that position means it, or a year beside it, and `codes_at_10` and `codes_at_11` are how many
    different characters stand there.
    """

    prefix: str
    vins: int
    fitting: int
    dated: int
    at_10: int
    at_11: int
    codes_at_10: int
    codes_at_11: int


def learn(records: Iterable[Record]) -> Learned:
    """The rules that the records teach. Linear in them; what is no VIN, or no car's, teaches nothing.

    A VIN counts once, whatever its records: of years the one that most of them name.
    """
    years: dict[str, Counter[int]] = defaultdict(Counter)
    makes: dict[str, Counter[str]] = defaultdict(Counter)
    vins: dict[str, None] = {}
    for vin, year, make, times in records:
        if not is_well_formed(vin) or is_placeholder(vin):
            continue
        vins[vin] = None
        if year is not None:
            years[vin][year] += times
        if make:
            makes[vin[:3]].update(dict.fromkeys(makes_named(make), times))
    groups: dict[str, list[str]] = defaultdict(list)
    for vin in vins:
        for length in PREFIXES:
            groups[vin[:length]].append(vin)
    usual = {vin: counted.most_common(1)[0][0] for vin, counted in years.items()}
    return learn_counted((_counted(prefix, group, usual) for prefix, group in groups.items()), makes)


def learn_counted(groups: Iterable[Counted], makes: Mapping[str, Mapping[str, int]]) -> Learned:
    """The rules that follow of what was counted. `makes` are those that records name, by the maker's code."""
    return Learned(
        {one.prefix: _rule(one, makes.get(one.prefix, {})) for one in groups if one.vins >= FEWEST}
    )


def _counted(prefix: str, vins: list[str], years: Mapping[str, int]) -> Counted:
    dated = [(vin, years[vin]) for vin in vins if vin in years]
    fitting = sum(map(fits_check_digit, vins))
    told = (sum(_may_be(vin[position - 1], year) for vin, year in dated) for position in _POSITIONS)
    codes = (len({vin[position - 1] for vin, _ in dated}) for position in _POSITIONS)
    return Counted(prefix, len(vins), fitting, len(dated), *told, *codes)


def _rule(counted: Counted, makes: Mapping[str, int]) -> Rule:
    check, check_support, check_confidence = _check(counted)
    year, year_support, year_confidence = _year(counted)
    named = sum(makes.values())
    often = {
        make
        for make, count in makes.items()
        if count >= _FEWEST_OF_A_MAKE and count >= named * _LEAST_SHARE_OF_A_MAKE
    }
    return Rule(
        counted.prefix,
        check,
        check_support,
        check_confidence,
        year,
        year_support,
        year_confidence,
        frozenset(often),
    )


def _check(counted: Counted) -> tuple[CheckRule, int, float]:
    vins, fitting = counted.vins, counted.fitting
    if fitting >= _NEARLY_ALL * vins:
        return CheckRule.COMPUTED, fitting, _at_least(fitting, vins)
    if fitting <= _HARDLY_ANY * vins:
        return CheckRule.NONE, vins - fitting, _at_least(vins - fitting, vins)
    return CheckRule.UNKNOWN, 0, 0.0


def _year(counted: Counted) -> tuple[YearPlace, int, float]:
    dated = counted.dated
    if dated < FEWEST:
        return YearPlace.UNKNOWN, 0, 0.0
    told = (
        (YearPlace.AT_10, counted.at_10, counted.codes_at_10),
        (YearPlace.AT_11, counted.at_11, counted.codes_at_11),
    )
    place, best, codes = max(told, key=lambda one: one[1])
    if best >= _NEARLY_ALL * dated:
        if codes < _FEWEST_YEARS:
            return YearPlace.UNKNOWN, 0, 0.0
        return place, best, _at_least(best, dated)
    if best <= _HARDLY_ANY * dated:
        against = dated - best
        return YearPlace.NOWHERE, against, _at_least(against, dated)
    return YearPlace.UNKNOWN, 0, 0.0


def _may_be(character: str, year: int) -> bool:
    """Whether the character means that year, in any cycle, or one beside it."""
    first = year_of(character)
    return first is not None and (year - first + 1) % CYCLE <= 2  # noqa: PLR2004 - one either way


def _at_least(part: int, whole: int) -> float:
    """The lower bound of Wilson's interval: what share at least, by so few."""
    share = part / whole
    centre = share + _Z**2 / (2 * whole)
    spread = _Z * ((share * (1 - share) + _Z**2 / (4 * whole)) / whole) ** 0.5
    return (centre - spread) / (1 + _Z**2 / whole)
