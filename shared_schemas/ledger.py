"""The clock as an itemised account that a person can check: every stretch of time is in it exactly once.

It stands beside the clock's arithmetic for the same reason: client, expert and partner read the same lines.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from shared_schemas.base import Contract, UtcDatetime
from shared_schemas.clock import Clock, Pause, PauseCause, reading_time


class ClockLine(Contract):
    """A stretch in which the clock ran, or was paused; `asked` is what the client was asked for.

    `ended_at` is null while the stretch lasts. `seconds` are whole and add up: those of all lines make the time
    since the start, rounded down. `ref` is what paused the clock: for client_info the info task.
    """

    kind: Literal["ran", "paused"]
    cause: PauseCause | None
    ref: UUID | None
    asked: str | None
    started_at: UtcDatetime
    ended_at: UtcDatetime | None
    seconds: int


def lines(clock: Clock, now: datetime, *, asked: Mapping[UUID, str]) -> list[ClockLine]:
    """The account in order. Where pauses overlap, the time counts for the one that began first.

    `asked` has the question of each info task.
    """
    until = reading_time(clock, now)
    ongoing = clock.stopped_at is None
    found: list[ClockLine] = []
    at = clock.started_at
    for pause in sorted(clock.pauses, key=lambda pause: (pause.started_at, pause.ref)):
        start = max(at, min(pause.started_at, until))
        end = min(pause.ended_at or until, until)
        lasts = ongoing and pause.ended_at is None
        if end > start or lasts:
            found += _ran(clock, at, start)
            found.append(_paused(clock, pause, start, max(start, end), lasts=lasts, asked=asked))
            at = max(start, end)
    found += _ran(clock, at, until, lasts=ongoing and not clock.open_pauses)
    return found


def total(account: Sequence[ClockLine], kind: Literal["ran", "paused"]) -> int:
    """Seconds of all lines of one kind."""
    return sum(line.seconds for line in account if line.kind == kind)


def _ran(clock: Clock, start: datetime, end: datetime, *, lasts: bool = False) -> Iterator[ClockLine]:
    if end == start and not lasts:
        return
    yield ClockLine(
        kind="ran",
        cause=None,
        ref=None,
        asked=None,
        started_at=start,
        ended_at=None if lasts else end,
        seconds=_seconds(clock, start, end),
    )


def _paused(
    clock: Clock, pause: Pause, start: datetime, end: datetime, *, lasts: bool, asked: Mapping[UUID, str]
) -> ClockLine:
    return ClockLine(
        kind="paused",
        cause=pause.cause,
        ref=pause.ref,
        asked=asked.get(pause.ref),
        started_at=start,
        ended_at=None if lasts else end,
        seconds=_seconds(clock, start, end),
    )


def _seconds(clock: Clock, start: datetime, end: datetime) -> int:
    """Rounded from the start of the clock on and not per line, or each line would lose up to a second."""
    second = timedelta(seconds=1)
    return (end - clock.started_at) // second - (start - clock.started_at) // second
