"""The clock: one itemised account of the promised 20 minutes, the same for client, expert and partner.

The arithmetic lives beside the contract because both services must come to the same figures from the same
facts. Nothing here counts down: every figure is a function of recorded instants and `now`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple, TypedDict
from uuid import UUID

from pydantic import Field

from shared_schemas.base import Contract, UtcDatetime

EXPERT_BUDGET: Final = timedelta(minutes=20)


class PauseCause(StrEnum):
    """Why the expert's clock stood still. Only these three; a slow data source is not one of them."""

    CLIENT_INFO = "client_info"
    CLOSED_HOURS = "closed_hours"
    PLATFORM_INCIDENT = "platform_incident"


class Pause(Contract):
    """A stretch in which the clock stands still; `ended_at` is None while it lasts.

    `ref` is the info task the client was asked to fulfil, or the id of the incident or closing.
    """

    ref: UUID
    cause: PauseCause
    started_at: UtcDatetime
    ended_at: UtcDatetime | None = None


class Clock(Contract):
    """The facts of one clock. A dispute gets a clock of its own, with the next `number`."""

    number: int = Field(default=1, ge=1)
    started_at: UtcDatetime
    budget_seconds: int = Field(default=int(EXPERT_BUDGET.total_seconds()), gt=0)
    pauses: tuple[Pause, ...] = ()
    stopped_at: UtcDatetime | None = None

    @property
    def budget(self) -> timedelta:
        return timedelta(seconds=self.budget_seconds)

    @property
    def open_pauses(self) -> tuple[Pause, ...]:
        return tuple(pause for pause in self.pauses if pause.ended_at is None)


class Span(NamedTuple):
    """A stretch of time, start included, end excluded."""

    start: datetime
    end: datetime


class Figures(TypedDict):
    """A `Reckoning` as a plain dict: where hundreds are sent at once, and are right by the arithmetic."""

    at: datetime
    wall_seconds: float
    paused_seconds: float
    used_seconds: float
    remaining_seconds: float
    due_at: datetime | None
    breached: bool


class Reckoning(Contract):
    """What the clock says at one instant. `used + remaining == budget`, `wall == used + paused`.

    `due_at` is None while the clock is paused: it then depends on when the pause ends.
    All lengths are seconds; `remaining_seconds` is negative once the budget is overdrawn.
    """

    at: UtcDatetime
    wall_seconds: float
    paused_seconds: float
    used_seconds: float
    remaining_seconds: float
    due_at: UtcDatetime | None
    breached: bool


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time as `spans`, without overlaps, in order. Empty and reversed spans vanish."""
    result: list[Span] = []
    for span in sorted(spans):
        if span.end <= span.start:
            continue
        if result and span.start <= result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return result


def reading_time(clock: Clock, now: datetime) -> datetime:
    """The instant at which the clock is read: it neither runs before its start nor after its stop."""
    return max(clock.started_at, min(now, clock.stopped_at or now))


def paused(clock: Clock, now: datetime) -> timedelta:
    """How long the clock has stood still up to `now`; overlapping pauses count once."""
    if not clock.pauses:
        return timedelta()
    until = reading_time(clock, now)
    spans = merged(
        Span(max(pause.started_at, clock.started_at), min(pause.ended_at or until, until))
        for pause in clock.pauses
    )
    return sum((span.end - span.start for span in spans), timedelta())


def used(clock: Clock, now: datetime) -> timedelta:
    """How much of the budget is gone: wall time less the pauses."""
    return reading_time(clock, now) - clock.started_at - paused(clock, now)


def remaining(clock: Clock, now: datetime) -> timedelta:
    """How much of the budget is left; negative once it is overdrawn."""
    return clock.budget - used(clock, now)


def deadline(clock: Clock, now: datetime) -> datetime:
    """`start + budget + closed pauses + open pause so far`: moves on while a pause is open."""
    return clock.started_at + clock.budget + paused(clock, now)


def reckon(clock: Clock, now: datetime) -> Reckoning:
    """Read the clock at `now`, with every figure that a screen shows."""
    return Reckoning(**figures(clock, now))


def figures(clock: Clock, now: datetime) -> Figures:
    """The same as a plain dict."""
    so_far = paused(clock, now)
    spent = reading_time(clock, now) - clock.started_at - so_far
    left = clock.budget - spent
    return Figures(
        at=now,
        wall_seconds=(spent + so_far).total_seconds(),
        paused_seconds=so_far.total_seconds(),
        used_seconds=spent.total_seconds(),
        remaining_seconds=left.total_seconds(),
        due_at=None if clock.open_pauses and clock.stopped_at is None else deadline(clock, now),
        breached=left <= timedelta(),
    )
