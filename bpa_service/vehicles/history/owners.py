"""Owners: the periods that each source gives, with the days for which it names nobody, or several."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Final

from bpa_service.vehicles.records.record import Record
from shared_schemas.records import Kind

TIME_TO_REGISTER: Final = timedelta(days=10)
"""So long a new owner may take: no gap."""
_A_DAY: Final = timedelta(
    days=1
)  # the last of one is the first of the other: that is how a car is handed over


@dataclass(frozen=True, slots=True)
class Period:
    """One owner at one source. Without `began` or `ended` the source does not say since or until when."""

    began: date | None
    ended: date | None
    owner_type: str  # natural, legal or as the source has it; empty if it was not said
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """From the day after one period until the day before the next one, or what two have in common."""

    began: date
    ended: date


@dataclass(frozen=True, slots=True)
class Owners:
    """What one source says. `stated` are records that give a number of owners instead of periods."""

    source: str
    periods: tuple[Period, ...]
    gaps: tuple[Stretch, ...]
    overlaps: tuple[Stretch, ...]
    stated: tuple[Record, ...]


def owners_of(entries: Sequence[Record]) -> tuple[Owners, ...]:
    """The owners by each source that says something of them: sources are not mixed, each counts its own way."""
    told = [one for one in entries if one.kind == Kind.OWNERSHIP or "owners" in one.attributes]
    return tuple(
        _owners(source, list(of_source))
        for source, of_source in groupby(sorted(told, key=lambda one: one.source), lambda one: one.source)
    )


def _owners(source: str, entries: Sequence[Record]) -> Owners:
    same: dict[tuple[date | None, date | None, str], list[Record]] = {}
    for one in entries:
        if one.kind == Kind.OWNERSHIP:
            what = (one.began, one.ended, one.attributes.get("owner_type", ""))
            same.setdefault(what, []).append(one)
    periods = sorted(
        (Period(*what, tuple(records)) for what, records in same.items()),
        key=lambda one: (one.began or date.min, one.ended or date.max, one.owner_type),
    )
    gaps: list[Stretch] = []
    overlaps: list[Stretch] = []
    held_until = date.min
    for earlier, later in pairwise(periods):
        if earlier.ended is None or later.began is None:
            continue  # until when, or since when, is not said: neither a gap nor two owners at once
        held_until = max(held_until, earlier.ended)
        between = later.began - held_until
        if between > TIME_TO_REGISTER:
            gaps.append(Stretch(held_until + _A_DAY, later.began - _A_DAY))
        elif between < -_A_DAY:
            ended = later.ended if later.ended and later.ended > later.began else held_until
            overlaps.append(Stretch(later.began, min(held_until, ended)))
    stated = tuple(one for one in entries if "owners" in one.attributes)
    return Owners(source, tuple(periods), tuple(gaps), tuple(overlaps), stated)
