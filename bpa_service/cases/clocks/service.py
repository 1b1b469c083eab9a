"""A case's clock, and what follows from each line that is written on its ledger.

Whatever is written, the case waits for its client if and only if the clock is paused for that.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from bpa_service.cases.core.acting import Acting, schedule_tick
from bpa_service.cases.core.domain import Act
from bpa_service.cases.core.models import Case
from bpa_service.cases.incidents.models import Incident
from bpa_service.cases.incidents.queries import incidents_since
from bpa_service.sla import queries as sla_queries
from bpa_service.sla import service as sla
from bpa_service.sla.domain import BREACH, Entry, EntryKind
from bpa_service.sla.service import ClockState
from shared_schemas import clock as arithmetic
from shared_schemas.clock import Clock, PauseCause
from shared_schemas.envelope import Event
from shared_schemas.events.bpa_v1 import (
    ClockMovedV1,
    ClockPausedV1,
    ClockResumedV1,
    SlaAtRiskV1,
    SlaBreachedV1,
)

SECOND_EXPERT_AT: Final = 90

# Where cases whose clock stands still begin in the queue: after every case that has a time to be done by.
_PAUSED_FROM: Final = datetime(9000, 1, 1, tzinfo=UTC)


async def start(acting: Acting, case: Case, *, at: datetime) -> Clock:
    """Start the case's first clock, or its next one; during an incident it starts paused."""
    read = await sla.start(acting.session, case.id, at=at, policy=acting.policy.clock, now=acting.now)
    for incident in await incidents_since(acting.session, read.clock.started_at):
        for written in await _write_incident(acting, case, incident, read.clock):
            read = written
    case.clock_number = read.clock.number
    case.needs_second_expert = False
    _follow(acting, case, read)
    schedule_tick(case, read.clock.started_at + acting.policy.claim_window)
    return read.clock


async def pause_for_task(acting: Acting, case: Case, task_id: UUID, *, at: datetime) -> None:
    """Let the clock stand still since the client knows of the task."""
    await _take(acting, case, await _pause(acting, case, PauseCause.CLIENT_INFO, task_id, at))


async def resume_from_task(acting: Acting, case: Case, task_id: UUID, *, at: datetime) -> None:
    """End the pause for a task, if there is one."""
    await _take(acting, case, await _resume(acting, case, task_id, at))


async def follow_incidents(acting: Acting, case: Case, incidents: Sequence[Incident]) -> None:
    """Pause and resume the clock as the incidents say that it has lived through."""
    clock = await sla_queries.clock_of(acting.session, case.id) if incidents else None
    if clock is None:
        return
    for incident in incidents:
        for read in await _write_incident(acting, case, incident, clock):
            await _take(acting, case, read)


async def advance(acting: Acting, case: Case) -> Clock:
    """Write what time alone has brought (thresholds, closings, openings), and place the case in the queue."""
    read = await sla.advance(acting.session, case.id, policy=acting.policy.clock, now=acting.now)
    await _take(acting, case, read)
    return read.clock


async def stop(acting: Acting, case: Case, *, at: datetime) -> Clock:
    """Stop the clock of a case that has ended; thresholds it had reached unnoticed are announced."""
    read = await sla.stop(acting.session, case.id, at=at, policy=acting.policy.clock, now=acting.now)
    await _take(acting, case, read)
    return read.clock


async def let_pass(acting: Acting, case: Case, time: timedelta) -> None:
    """Let the newest clock of a test have begun so much earlier, with all that is on its ledger."""
    clock = await sla.move_back(acting.session, case.id, time)
    await acting.announce(ClockMovedV1(inspection_id=case.id, clock=clock))
    await advance(acting, case)
    schedule_tick(case, acting.now)  # what else time brings: a claim that is late, a client who stays silent


def waits_since(clock: Clock) -> datetime | None:
    """Since when the client is waited for; None if they are not."""
    return min(
        (pause.started_at for pause in clock.open_pauses if pause.cause is PauseCause.CLIENT_INFO),
        default=None,
    )


async def _pause(acting: Acting, case: Case, cause: PauseCause, ref: UUID, at: datetime) -> ClockState:
    policy, now = acting.policy.clock, acting.now
    return await sla.pause(acting.session, case.id, cause=cause, ref=ref, at=at, policy=policy, now=now)


async def _resume(acting: Acting, case: Case, ref: UUID, at: datetime) -> ClockState:
    policy, now = acting.policy.clock, acting.now
    return await sla.resume(acting.session, case.id, ref=ref, at=at, policy=policy, now=now)


async def _write_incident(acting: Acting, case: Case, incident: Incident, clock: Clock) -> list[ClockState]:
    """The clock after each verb that brought the incident onto its ledger; none if it is all there already."""
    ended_at, ref = incident.ended_at, incident.id
    known = next((pause for pause in clock.pauses if pause.ref == ref), None)
    reads: list[ClockState] = []
    if known is None and (ended_at is None or ended_at > clock.started_at):
        reads.append(await _pause(acting, case, PauseCause.PLATFORM_INCIDENT, ref, incident.started_at))
    if ended_at is not None and (reads or (known is not None and known.ended_at is None)):
        reads.append(await _resume(acting, case, ref, ended_at))
    return reads


async def _take(acting: Acting, case: Case, read: ClockState) -> None:
    """Bring the case into line with its clock, and announce what was written. Nobody does that in person."""
    acting = acting.consequence
    if case.ended_at is None:
        waits = waits_since(read.clock) is not None
        if waits != case.standing.waiting:
            await acting.move(case, Act.WAIT_FOR_CLIENT if waits else Act.GO_ON)
    _follow(acting, case, read)
    for entry in read.written:
        await _announce(acting, case, entry, read.clock)


def _follow(acting: Acting, case: Case, read: ClockState) -> None:
    due_at = read.due_at or _PAUSED_FROM + arithmetic.remaining(read.clock, acting.now)
    # Urgent cases come before all others with a whole budget left, and among themselves by time left.
    case.queue_place = due_at - acting.policy.clock.budget if case.urgent else due_at
    schedule_tick(case, read.next_tick_at)
    if (since := waits_since(read.clock)) is not None:
        schedule_tick(case, since + acting.policy.client_patience)


async def _announce(acting: Acting, case: Case, entry: Entry, clock: Clock) -> None:
    event: Event
    match entry.kind:
        case EntryKind.PAUSED:
            event = ClockPausedV1(inspection_id=case.id, clock=clock, state=case.state)
        case EntryKind.RESUMED:
            event = ClockResumedV1(inspection_id=case.id, clock=clock, state=case.state)
        case EntryKind.THRESHOLD:
            await _announce_threshold(acting, case, entry)
            return
        case EntryKind.STARTED | EntryKind.STOPPED:
            return  # the act that starts or stops a clock announces it together with the clock
    await acting.announce(event)
    acting.record(case, f"clock_{entry.kind}", cause=entry.cause, ref=entry.ref)


async def _announce_threshold(acting: Acting, case: Case, entry: Entry) -> None:
    percent, number = entry.percent or 0, case.clock_number
    event: Event
    if percent == BREACH:
        act, hint = "sla_breached", "sla.breached"
        event = SlaBreachedV1(inspection_id=case.id, clock_number=number, breached_at=entry.at)
    else:
        act, hint = "sla_at_risk", f"sla.at_risk_{percent}"
        event = SlaAtRiskV1(inspection_id=case.id, clock_number=number, percent=percent, reached_at=entry.at)
    case.needs_second_expert = case.needs_second_expert or percent >= SECOND_EXPERT_AT
    await acting.announce(event)
    acting.record(case, act, hint=hint, percent=percent, clock_number=number)
