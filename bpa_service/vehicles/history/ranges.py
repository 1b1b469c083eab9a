"""Recalls that name a range of VINs: whether a number lies in one, as far as the range says.

Lying in a range is no fault of a car, and nothing here says whether it was repaired. What would fit most cars of
a maker is not said of any.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import Final

from bpa_service.vehicles.history.entries import id_of
from bpa_service.vehicles.records.ranges import CODE, Range
from bpa_service.vehicles.records.record import Record
from shared_schemas.vin import CHECK_POSITION, LENGTH
from shared_schemas.vin.facts import Confidence, facts
from shared_schemas.vin.masks import HIDDEN, agrees

_DESCRIPTOR: Final = 8  # characters up to its end
_PLANT: Final = 10  # characters before it
_FEWEST_ALIKE: Final = 5
_FEWEST_OF_SERIAL: Final = 4


class Fit(StrEnum):
    """Whether a number lies in a range."""

    YES = "yes"
    MAY = "may"
    NO = "no"


class WhyMay(StrEnum):
    """Why nobody can say for certain."""

    HIDDEN = "hidden"  # the range hides characters
    VERSIONS = "versions"  # it is of several versions or plants, and does not say that this is one
    BUILT = "built"  # it is of cars of certain days, and this one is of another year, or of one unknown


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of it. `why` has something where it is `may`."""

    fit: Fit
    why: tuple[WhyMay, ...] = ()


@dataclass(frozen=True, slots=True)
class InRange:
    """A record of a range in which a vehicle lies, or may lie."""

    record: Record
    fit: Fit
    why: tuple[WhyMay, ...]


def applies(vin: str, within: Range, years: Collection[int] = ()) -> Applied:
    """Whether a well-formed VIN lies in a range. `years` are those that the car may be of, none if unknown.

    Makers count by serial within a year and a plant; versions share that count. So what both ends show alike of
    the first eight characters is demanded, the end is compared, and the check digit says nothing.
    """
    first, last = within.first, within.last
    start, in_order = _compared(first, last)
    if not _begins(vin, first, last, start) or not _is_between(vin, first, last, start):
        return Applied(Fit.NO)
    is_hidden = HIDDEN in first + last
    is_other_year = bool(years) and not any(_is_near(within, year) for year in years)
    if is_hidden and is_other_year:
        return Applied(Fit.NO)
    why = (
        *((WhyMay.HIDDEN,) if is_hidden else ()),
        *((WhyMay.VERSIONS,) if not in_order or not _is_of_a_version(vin, first, last, start) else ()),
        *((WhyMay.BUILT,) if is_other_year or (is_hidden and not years and _has_days(within)) else ()),
    )
    return Applied(Fit.MAY if why else Fit.YES, why)


def in_ranges(
    vins: Iterable[str], ranges: Iterable[Record], entries: Iterable[Record], this_year: int
) -> list[InRange]:
    """The ranges in which one of these VINs lies or may lie: each once, the certain first, then the newest.

    The VINs are well-formed. `entries` are the records of the vehicle: they may say of which year it is.
    """
    stated = {year for one in entries for year in _years_in(one)}
    read = [(one, within) for one in ranges if (within := Range.of(one)) is not None]
    found: list[InRange] = []
    for vin in vins:
        years = stated | _years_of(vin, this_year)
        for one, within in read:
            applied = applies(vin, within, years)
            if applied.fit is not Fit.NO:
                found.append(InRange(one, applied.fit, applied.why))
    found.sort(key=lambda one: (one.fit is Fit.MAY, -_age(one.record), one.record.key))
    first: dict[str, InRange] = {}
    for one in found:
        first.setdefault(id_of(one.record), one)
    return list(first.values())


def _compared(first: str, last: str) -> tuple[int, bool]:
    """From which character on the ends are compared, and whether year, plant and serial are one count there.

    Where the last would be before the first, years or plants do not follow each other: then it is figures alone.
    """
    start = LENGTH
    while start > CHECK_POSITION and HIDDEN not in (first[start - 1], last[start - 1]):
        start -= 1
    if first[start:] <= last[start:]:
        return start, True
    while start < LENGTH and not (first[start:] + last[start:]).isdigit():
        start += 1
    return start, False


def _begins(vin: str, first: str, last: str, start: int) -> bool:
    """Whether it has what both ends have before the part that is compared, and one of their plants."""
    ends = tuple(zip(vin, first, last, strict=True))
    demanded = ends[:_DESCRIPTOR] + ends[CHECK_POSITION:start]
    plants = ends[_PLANT:start]
    return (
        all(one != other or one in (HIDDEN, own) for own, one, other in demanded)
        and all(own in (one, other) or HIDDEN in (one, other) for own, one, other in plants)
        and any(agrees(end[:CODE], vin[:CODE]) for end in (first, last))
    )


def _is_between(vin: str, first: str, last: str, start: int) -> bool:
    """Whether its end is between theirs, and the range is of so few cars that this means something."""
    shown = (
        first[:_DESCRIPTOR] + first[CHECK_POSITION:start],
        last[:_DESCRIPTOR] + last[CHECK_POSITION:start],
    )
    plants = (first[_PLANT:start], last[_PLANT:start])
    known = sum(one == other != HIDDEN for one, other in zip(*shown, strict=True))
    known += plants[0] != plants[1] and HIDDEN not in plants[0] + plants[1]
    known += next(
        place for place in count() if place >= LENGTH - start or first[start + place] != last[start + place]
    )
    is_said = LENGTH - start >= _FEWEST_OF_SERIAL and known >= _FEWEST_ALIKE
    return is_said and first[start:] <= vin[start:] <= last[start:]


def _is_of_a_version(vin: str, first: str, last: str, start: int) -> bool:
    """Whether it begins as one of the ends does, and is of the plant of one."""
    begins = any(agrees(end[:_DESCRIPTOR], vin[:_DESCRIPTOR]) for end in (first, last))
    own, one, other = (text[CHECK_POSITION - 1] for text in (vin, first, last))
    is_marked = one == other and one not in (HIDDEN, own)
    is_one_count = all(text[CHECK_POSITION:].isdigit() for text in (vin, first, last))
    is_of_plant = is_one_count or start > _PLANT or vin[_PLANT] in (first[_PLANT], last[_PLANT])
    return begins and not is_marked and is_of_plant


def _has_days(within: Range) -> bool:
    return within.built_from is not None or within.built_to is not None


def _is_near(within: Range, year: int) -> bool:
    """Whether a car of this year, of model or of registration, may have been built on the days of the range."""
    after = within.built_from is None or year >= within.built_from.year - 1
    return after and (within.built_to is None or year <= within.built_to.year + 1)


def _years_of(vin: str, this_year: int) -> set[int]:
    known = facts(vin, this_year=this_year)
    if not known.year_is_known:
        return set()
    return {one.year for one in known.model_years if one.confidence is not Confidence.UNLIKELY}


def _years_in(record: Record) -> Iterable[int]:
    if record.year is not None:
        yield record.year
    registered = record.attributes.get("first_registered", "")[:4]
    if registered.isdigit():
        yield int(registered)


def _age(record: Record) -> int:
    return record.began.toordinal() if record.began else 0
