"""Writing on the ledgers. The caller holds the lock of the case, so that its verbs come one after the other."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from bpa_service.sla import domain, queries
from bpa_service.sla.domain import ClockPolicy, Entry, Ledger
from bpa_service.sla.models import ClockEntry
from service_kit.db import Session
from shared_schemas.clock import Clock, PauseCause


class NoClock(LookupError):
    """The case has no clock: `start` comes first."""


class ClockStillRuns(ValueError):
    """The case gets a clock of its own for a dispute only after the one before was stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockState:
    """A case's clock after a verb.

    `due_at` is when the budget is used up if nothing else happens (while the case waits for a client or an
    incident: None); `next_tick_at` is when `advance` will have something to write. Both are for the case's row.
    `written` is what this call added: nothing, if there was nothing to do; closings, openings and thresholds
    that had passed unnoticed, beside what was asked for.
    """

    clock: Clock
    due_at: datetime | None
    next_tick_at: datetime | None
    written: tuple[Entry, ...]


async def start(
    session: Session, case_id: UUID, *, at: datetime, policy: ClockPolicy, now: datetime
) -> ClockState:
    """Start the case's clock, or its next one. Raises ClockStillRuns."""
    before = await queries.ledger_of(session, case_id)
    if before is not None and before.clock.stopped_at is None:
        raise ClockStillRuns(case_id)
    number = 1 if before is None else before.clock.number + 1
    started = domain.start(policy.budget, at=at, now=now)
    ledger = Ledger.of(number, [started])
    written = [started, *domain.due_hours(ledger, policy.hours, now)]
    return _write(session, case_id, Ledger.of(number, written), written, policy, now)


async def pause(
    session: Session,
    case_id: UUID,
    *,
    cause: PauseCause,
    ref: UUID,
    at: datetime,
    policy: ClockPolicy,
    now: datetime,
) -> ClockState:
    """Let the clock stand still since `at`, or since the last instant on its ledger if that is later.

    Does nothing to a stopped clock, or if `ref` has paused it before. Raises NoClock.
    """
    ledger, hours = await _up_to_date(session, case_id, policy, now)
    paused = domain.pause(ledger, cause=cause, ref=ref, at=at, now=now)
    return _write(session, case_id, ledger.plus(*paused), [*hours, *paused], policy, now)


async def resume(
    session: Session, case_id: UUID, *, ref: UUID, at: datetime, policy: ClockPolicy, now: datetime
) -> ClockState:
    """End the pause of `ref` at `at`. Does nothing if there is none, or it has ended. Raises NoClock."""
    ledger, hours = await _up_to_date(session, case_id, policy, now)
    resumed = domain.resume(ledger, ref=ref, at=at, now=now)
    return _write(session, case_id, ledger.plus(*resumed), [*hours, *resumed], policy, now)


async def stop(
    session: Session, case_id: UUID, *, at: datetime, policy: ClockPolicy, now: datetime
) -> ClockState:
    """Stop the clock for good, and write the thresholds that it had reached by then. Raises NoClock."""
    ledger, hours = await _up_to_date(session, case_id, policy, now)
    stopped = domain.stop(ledger, at=at, now=now)
    return _write(session, case_id, ledger.plus(*stopped), [*hours, *stopped], policy, now)


async def advance(session: Session, case_id: UUID, *, policy: ClockPolicy, now: datetime) -> ClockState:
    """Write what time alone has brought: closings, openings and thresholds. Raises NoClock."""
    ledger, hours = await _up_to_date(session, case_id, policy, now)
    reached = domain.due_thresholds(ledger, now)
    return _write(session, case_id, ledger.plus(*reached), [*hours, *reached], policy, now)


async def move_back(session: Session, case_id: UUID, time: timedelta) -> Clock:
    """Let all that is on the newest ledger of a test have happened so much earlier. Raises NoClock."""
    clock = await queries.clock_of(session, case_id)
    if clock is None:
        raise NoClock(case_id)
    lines = update(ClockEntry).where(ClockEntry.case_id == case_id, ClockEntry.clock_number == clock.number)
    await session.execute(lines.values(at=ClockEntry.at - time, recorded_at=ClockEntry.recorded_at - time))
    moved = await queries.clock_of(session, case_id)
    if moved is None:
        raise NoClock(case_id)
    return moved


async def _up_to_date(
    session: Session, case_id: UUID, policy: ClockPolicy, now: datetime
) -> tuple[Ledger, list[Entry]]:
    """The ledger with the hours up to `now`, and which lines that added to what is stored."""
    ledger = await queries.ledger_of(session, case_id)
    if ledger is None:
        raise NoClock(case_id)
    hours = domain.due_hours(ledger, policy.hours, now)
    return ledger.plus(*hours), hours


def _write(
    session: Session,
    case_id: UUID,
    ledger: Ledger,
    written: Iterable[Entry],
    policy: ClockPolicy,
    now: datetime,
) -> ClockState:
    entries = tuple(written)
    session.add_all(
        ClockEntry.of(entry, case_id=case_id, clock_number=ledger.clock.number, recorded_at=now)
        for entry in entries
    )
    return ClockState(
        clock=ledger.clock,
        due_at=domain.due_at(ledger.clock, policy.hours, now),
        next_tick_at=domain.next_tick_at(ledger, policy.hours, now),
        written=entries,
    )
