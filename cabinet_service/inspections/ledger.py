"""The clock as an itemised account that a person can check: every stretch of time is in it exactly once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared_schemas.clock import Clock, Pause, PauseCause, reading_time


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch in which the clock ran (`cause` None), or in which a pause held it.

    `seconds` are whole and add up: all lines together make the wall time, rounded down. `ended_at` is None
    while the stretch lasts. `ref` is what paused the clock: for client_info the info task.
    """

    cause: PauseCause | None
    ref: UUID | None
    started_at: datetime
    ended_at: datetime | None
    seconds: int


def lines(clock: Clock, now: datetime) -> list[Line]:
    """The account in order. Where pauses overlap, the time counts for the one that began first."""
    until = reading_time(clock, now)
    ongoing = clock.stopped_at is None
    found: list[Line] = []
    at = clock.started_at
    for pause in sorted(clock.pauses, key=lambda pause: (pause.started_at, pause.ref)):
        start = max(at, min(pause.started_at, until))
        end = min(pause.ended_at or until, until)
        lasts = ongoing and pause.ended_at is None
        if end > start or lasts:
            found += _stretch(clock, at, start)
            found += _stretch(clock, start, max(start, end), pause=pause, lasts=lasts)
            at = max(start, end)
    found += _stretch(clock, at, until, lasts=ongoing and not clock.open_pauses)
    return found


def _stretch(
    clock: Clock, start: datetime, end: datetime, *, pause: Pause | None = None, lasts: bool = False
) -> Iterator[Line]:
    if end == start and not lasts:
        return
    yield Line(
        cause=pause.cause if pause else None,
        ref=pause.ref if pause else None,
        started_at=start,
        ended_at=None if lasts else end,
        # Rounded from the start of the clock on and not per line, or each line would lose up to a second.
        seconds=_second(clock, end) - _second(clock, start),
    )


def total(account: Sequence[Line], *, paused: bool) -> int:
    """Seconds of all lines in which the clock was paused, or of those in which it ran."""
    return sum(line.seconds for line in account if (line.cause is not None) == paused)


def _second(clock: Clock, at: datetime) -> int:
    return (at - clock.started_at) // timedelta(seconds=1)
