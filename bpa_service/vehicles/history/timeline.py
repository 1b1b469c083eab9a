"""What happened, in the order of its days, with the years of which no source says anything."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bpa_service.vehicles.history.entries import day_of
from bpa_service.vehicles.records.record import Record


@dataclass(frozen=True, slots=True)
class Event:
    """What happened on a day: `begins` is false where the end of what a record tells of is meant."""

    day: date
    record: Record
    begins: bool


@dataclass(frozen=True, slots=True)
class Silence:
    """Whole years, the first and the last of them, of which there is no record: not that nothing happened."""

    first_year: int
    last_year: int


def timeline_of(entries: Sequence[Record], today: date) -> tuple[Event | Silence, ...]:
    """Events and silences, the earliest first, from the year of the car on until today."""
    events = sorted(_events(entries, today), key=lambda one: one.day)
    return tuple(_with_silences(events, _first_year(entries), today.year))


def _events(entries: Sequence[Record], today: date) -> Iterator[Event]:
    for one in entries:
        if (day := day_of(one)) is not None:
            yield Event(day, one, begins=one.began is not None)
        if one.began is not None and one.ended is not None and one.began < one.ended <= today:
            yield Event(one.ended, one, begins=False)


def _first_year(entries: Sequence[Record]) -> int | None:
    """The year of the car, where something says it: the earliest, if several do."""
    registered = [day[:4] for one in entries if (day := one.attributes.get("first_registered"))]
    years = [one.year for one in entries if one.year] + [int(year) for year in registered if year.isdigit()]
    return min(years, default=None)


def _with_silences(events: list[Event], first: int | None, now: int) -> Iterator[Event | Silence]:
    if not events:
        return
    told = first if first is not None else events[0].day.year
    for event in events:
        if event.day.year - told > 1:
            yield Silence(told + 1, event.day.year - 1)
        yield event
        told = max(told, event.day.year)
    if now - told > 1:
        yield Silence(told + 1, now - 1)
