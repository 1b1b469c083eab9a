"""The rules of the clock: what may be written on its ledger, at which instant, and what follows from it.

`shared_schemas.clock` reads a clock; this module decides what is written. Every act is a pure function from a
ledger to the entries that it adds; adding none means that there was nothing to do. An instant that was reported
late (a message on its way) is honoured as far as it contradicts nothing that was already written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Self
from uuid import UUID, uuid5

from bpa_service.opening_hours import OpenHours
from shared_schemas import clock as arithmetic
from shared_schemas.clock import Clock, Pause, PauseCause, Span

THRESHOLDS: Final = (50, 75, 90, 100)
BREACH: Final = 100
_CLOSINGS: Final = UUID("5b0d5c0e-3c1f-4d0b-9d67-0c6f3d1c6a11")


class EntryKind(StrEnum):
    """What an entry of the ledger says."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    THRESHOLD = "threshold"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger. `at` is when it happened, not when it was written.

    PAUSED and RESUMED have `cause` and `ref`, THRESHOLD has `percent`, STARTED has `budget_seconds`.
    """

    kind: EntryKind
    at: datetime
    cause: PauseCause | None = None
    ref: UUID | None = None
    percent: int | None = None
    budget_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything that was written about one clock, and the clock that follows from it."""

    clock: Clock
    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, number: int, entries: Sequence[Entry]) -> Self:
        """The ledger with these entries. Raises ValueError unless the first one, and only that, starts it."""
        first, *others = entries
        if first.kind is not EntryKind.STARTED or first.budget_seconds is None:
            raise ValueError("a ledger begins with the start of its clock")
        clock = Clock(number=number, started_at=first.at, budget_seconds=first.budget_seconds)
        return cls(clock, (first,)).plus(*others)

    def plus(self, *entries: Entry) -> Self:
        """This ledger with more lines."""
        clock = self.clock
        for entry in entries:
            clock = _read(clock, entry)
        return type(self)(clock, self.entries + entries)

    @property
    def last_at(self) -> datetime:
        """The last instant that anything is known about; nothing that stops the clock is written before it."""
        return max(entry.at for entry in self.entries)

    @property
    def reached(self) -> dict[int, datetime]:
        """The thresholds that were written down, and when they were reached."""
        return {entry.percent: entry.at for entry in self.entries if entry.percent is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPolicy:
    """What is promised: how much time, and within which hours (None: always)."""

    budget: timedelta = arithmetic.EXPERT_BUDGET
    hours: OpenHours | None = None


def _read(clock: Clock, entry: Entry) -> Clock:
    match entry.kind:
        case EntryKind.STARTED:
            raise ValueError("a clock starts once")
        case EntryKind.THRESHOLD:
            return clock
        case EntryKind.PAUSED:
            assert entry.ref is not None  # noqa: S101 - the table has a constraint that says so
            assert entry.cause is not None  # noqa: S101 - the same
            pause = Pause(ref=entry.ref, cause=entry.cause, started_at=entry.at)
            return clock.model_copy(update={"pauses": (*clock.pauses, pause)})
        case EntryKind.RESUMED:
            return clock.model_copy(update={"pauses": _ended(clock.pauses, entry.at, entry.ref)})
        case EntryKind.STOPPED:
            return clock.model_copy(update={"pauses": _ended(clock.pauses, entry.at), "stopped_at": entry.at})


def _ended(pauses: Sequence[Pause], at: datetime, ref: UUID | None = None) -> tuple[Pause, ...]:
    """With the open pause of `ref` ended; with all open ones, for None."""
    return tuple(
        pause.model_copy(update={"ended_at": at})
        if pause.ended_at is None and ref in (pause.ref, None)
        else pause
        for pause in pauses
    )


def start(budget: timedelta, *, at: datetime, now: datetime) -> Entry:
    """The first line of a new clock: it never starts in the future, whatever another host's clock says."""
    return Entry(EntryKind.STARTED, min(at, now), budget_seconds=int(budget.total_seconds()))


def pause(ledger: Ledger, *, cause: PauseCause, ref: UUID, at: datetime, now: datetime) -> list[Entry]:
    """Let the clock stand still since `at`, but never since before the last instant on the ledger.

    So what was written stays true: a threshold that was reached, a breach above all. A `ref` pauses a clock
    once; a stopped clock is left alone.
    """
    if ledger.clock.stopped_at is not None or any(known.ref == ref for known in ledger.clock.pauses):
        return []
    return [Entry(EntryKind.PAUSED, max(ledger.last_at, min(at, now)), cause, ref)]


def resume(ledger: Ledger, *, ref: UUID, at: datetime, now: datetime) -> list[Entry]:
    """End the pause of `ref` at `at`, which may be a while ago: a message's delay is ours, not the client's.

    Ended again, it keeps its first end.
    """
    return [
        Entry(EntryKind.RESUMED, max(known.started_at, min(at, now)), known.cause, ref)
        for known in ledger.clock.open_pauses
        if known.ref == ref
    ]


def stop(ledger: Ledger, *, at: datetime, now: datetime) -> list[Entry]:
    """Stop the clock for good, ending every pause; thresholds that it had reached by then are written too.

    Expects the hours to be written up to `now`.
    """
    if ledger.clock.stopped_at is not None:
        return []
    stopped = Entry(EntryKind.STOPPED, max(ledger.last_at, min(at, now)))
    return [*due_thresholds(ledger, stopped.at), stopped]


def due_thresholds(ledger: Ledger, now: datetime) -> list[Entry]:
    """The thresholds that were reached by `now` and are not written yet, each at the instant it was reached.

    Expects the hours to be written up to `now`.
    """
    crossed = (
        (percent, _crossing(ledger.clock, share(ledger.clock, percent), now)) for percent in THRESHOLDS
    )
    return [
        Entry(EntryKind.THRESHOLD, at, percent=percent)
        for percent, at in crossed
        if at is not None and percent not in ledger.reached
    ]


def due_hours(ledger: Ledger, hours: OpenHours | None, now: datetime) -> list[Entry]:
    """The closings and openings up to `now` that are not written yet."""
    clock, last_at = ledger.clock, ledger.last_at
    if clock.stopped_at is not None:
        return []
    entries: list[Entry] = []
    for known in clock.open_pauses:
        if known.cause is PauseCause.CLOSED_HOURS:
            opening = hours.opening_after(known.started_at) if hours else now
            if opening <= now:
                entries += resume(ledger, ref=known.ref, at=opening, now=now)
    if hours is None:
        return entries
    for closing in hours.closings(last_at):
        if closing.start > now:
            break
        ref = uuid5(_CLOSINGS, closing.start.isoformat())
        closed = pause(ledger, cause=PauseCause.CLOSED_HOURS, ref=ref, at=closing.start, now=now)
        entries += closed
        if closed and closing.end <= now:
            entries += resume(ledger.plus(*closed), ref=ref, at=closing.end, now=now)
    return entries


def share(clock: Clock, percent: int) -> timedelta:
    """That part of the budget, exactly: a hundredth of a whole second is whole microseconds."""
    return clock.budget * percent / 100


def forecast(clock: Clock, amount: timedelta, hours: OpenHours | None, now: datetime) -> datetime | None:
    """When `amount` of the budget is used if nothing else happens; exact, and in the past if it is already.

    None if nobody can know: the clock has stopped, or waits for something other than the opening.
    Expects the hours to be written up to `now`.
    """
    if (crossed := _crossing(clock, amount, now)) is not None:
        return crossed
    running_from = _running_from(clock, hours, now)
    if running_from is None:
        return None
    return _after_running(running_from, amount - arithmetic.used(clock, now), hours)


def next_threshold(
    clock: Clock, hours: OpenHours | None, now: datetime
) -> tuple[int, datetime | None] | None:
    """The first share of the budget that is not used yet, and its `forecast`; None once all is used, or the clock
    has stopped.
    """
    if clock.stopped_at is not None:
        return None
    used = arithmetic.used(clock, now)
    for percent in THRESHOLDS:
        if (left := share(clock, percent) - used) > timedelta():
            running_from = _running_from(clock, hours, now)
            return percent, None if running_from is None else _after_running(running_from, left, hours)
    return None


def due_at(clock: Clock, hours: OpenHours | None, now: datetime) -> datetime | None:
    """When the budget is used up, if nothing else happens; None like `forecast`.

    Once it is overdrawn: as long ago as it is overdrawn by, so that it still orders clocks by time left.
    """
    running_from = _running_from(clock, hours, now)
    if running_from is None:
        return None
    return _after_running(running_from, arithmetic.remaining(clock, now), hours)


def next_tick_at(ledger: Ledger, hours: OpenHours | None, now: datetime) -> datetime | None:
    """When time alone next has something to write: a threshold, a closing or an opening. None for never."""
    if ledger.clock.stopped_at is not None:
        return None
    waiting = (share(ledger.clock, percent) for percent in THRESHOLDS if percent not in ledger.reached)
    crossings = (forecast(ledger.clock, amount, hours, now) for amount in waiting)
    candidates = [at for at in crossings if at is not None]
    if hours is not None:
        candidates.append(hours.change_after(now))
    return min(candidates, default=None)


@dataclass(frozen=True, slots=True)
class Reaction:
    """How long somebody took to turn to a case: to claim it (2 min), to come back to it (3 min).

    It is measured on the case's own clock, so it stands still whenever that does.
    """

    taken: timedelta
    late: bool
    late_at: datetime | None


def reaction(
    clock: Clock,
    *,
    since: datetime,
    until: datetime | None,
    allowed: timedelta,
    now: datetime,
    hours: OpenHours | None = None,
) -> Reaction:
    """The reaction from `since` to `until`, or to `now` while it is awaited.

    `late_at` is when it is or becomes late; None if it came in time, or if nobody can know (see `forecast`).
    """
    before = arithmetic.used(clock, since)
    taken = arithmetic.used(clock, until or now) - before
    late = taken >= allowed
    in_time = until is not None and not late
    return Reaction(taken, late, None if in_time else forecast(clock, before + allowed, hours, now))


def _crossing(clock: Clock, amount: timedelta, now: datetime) -> datetime | None:
    """The first instant by which `amount` was used; None if it was not by `now`."""
    if arithmetic.used(clock, now) < amount:
        return None
    until = arithmetic.reading_time(clock, now)
    at = clock.started_at + amount
    for span in arithmetic.merged(Span(known.started_at, known.ended_at or until) for known in clock.pauses):
        if span.start >= at:
            break
        at += span.end - span.start
    return at


def _running_from(clock: Clock, hours: OpenHours | None, now: datetime) -> datetime | None:
    """`now` for a running clock, the opening for one that waits for nothing else, None for any other."""
    if clock.stopped_at is not None:
        return None
    if any(known.cause is not PauseCause.CLOSED_HOURS for known in clock.open_pauses):
        return None
    reading = max(now, clock.started_at)
    return hours.opening_after(reading) if hours else reading


def _after_running(running_from: datetime, length: timedelta, hours: OpenHours | None) -> datetime:
    """When a clock that runs from that instant on, whenever it is open, has run for `length`.

    That instant is within the hours; so much before it as `length` is below 0.
    """
    if hours is not None:
        for closing in hours.closings(running_from):
            if closing.start - running_from >= length:
                break
            length -= closing.start - running_from
            running_from = closing.end
    return running_from + length
