"""A case's clock, and what follows from each line that is written on its ledger.

Whatever is written, the case waits for its client if and only if the clock is paused for that.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select

from bpa_service.cases.domain import Act
from bpa_service.cases.models import Case, Incident
from bpa_service.cases.policy import Policy
from bpa_service.cases.service import acting
from bpa_service.db.tables import outbox
from bpa_service.sla import queries as sla_queries
from bpa_service.sla import service as sla
from bpa_service.sla.domain import BREACH, Entry, EntryKind
from bpa_service.sla.service import ClockState
from service_kit.db import Session
from shared_schemas import clock as arithmetic
from shared_schemas.clock import Clock, PauseCause
from shared_schemas.envelope import Event
from shared_schemas.events.bpa_v1 import ClockPausedV1, ClockResumedV1, SlaAtRiskV1, SlaBreachedV1

SECOND_EXPERT_AT: Final = 90
# An incident is declared either before a case reads the incidents or after it is there to be found.
INCIDENTS_LOCK: Final = 7_215_101
# Where cases whose clock stands still begin in the queue: after every case that has a time to be done by.
_PAUSED_FROM: Final = datetime(9000, 1, 1, tzinfo=UTC)


async def start(session: Session, case: Case, *, at: datetime, policy: Policy, now: datetime) -> Clock:
    """Start the case's first clock, or its next one; during an incident it starts paused."""
    read = await sla.start(session, case.id, at=at, policy=policy.clock, now=now)
    for incident in await incidents_since(session, read.clock.started_at):
        for written in await _write_incident(session, case, incident, read.clock, policy, now):
            read = written
    case.clock_number = read.clock.number
    case.needs_second_expert = False
    _follow(case, read, policy, now)
    acting.wake_by(case, read.clock.started_at + policy.claim_window)
    return read.clock


async def pause_for_task(
    session: Session, case: Case, task_id: UUID, *, at: datetime, policy: Policy, now: datetime
) -> None:
    """Let the clock stand still since the client knows of the task."""
    read = await sla.pause(
        session,
        case.id,
        cause=PauseCause.CLIENT_INFO,
        ref=task_id,
        at=at,
        policy=policy.clock,
        now=now,
    )
    await _take(session, case, read, policy, now)


async def resume_from_task(
    session: Session, case: Case, task_id: UUID, *, at: datetime, policy: Policy, now: datetime
) -> None:
    """End the pause for a task, if there is one."""
    read = await sla.resume(session, case.id, ref=task_id, at=at, policy=policy.clock, now=now)
    await _take(session, case, read, policy, now)


async def follow_incidents(
    session: Session, case: Case, incidents: Sequence[Incident], *, policy: Policy, now: datetime
) -> None:
    """Pause and resume the clock as the incidents say that it has lived through."""
    clock = await sla_queries.clock_of(session, case.id) if incidents else None
    if clock is None:
        return
    for incident in incidents:
        for read in await _write_incident(session, case, incident, clock, policy, now):
            await _take(session, case, read, policy, now)


async def advance(session: Session, case: Case, *, policy: Policy, now: datetime) -> Clock:
    """Write what time alone has brought: thresholds, closings and openings."""
    read = await sla.advance(session, case.id, policy=policy.clock, now=now)
    await _take(session, case, read, policy, now)
    return read.clock


async def place_anew(session: Session, case: Case, *, policy: Policy, now: datetime) -> None:
    """Put the case where it belongs in the queue after its urgency has changed."""
    await _take(session, case, await sla.advance(session, case.id, policy=policy.clock, now=now), policy, now)


async def stop(session: Session, case: Case, *, at: datetime, policy: Policy, now: datetime) -> Clock:
    """Stop the clock of a case that has ended; thresholds it had reached unnoticed are announced."""
    read = await sla.stop(session, case.id, at=at, policy=policy.clock, now=now)
    await _take(session, case, read, policy, now)
    return read.clock


async def incidents_since(session: Session, since: datetime) -> Sequence[Incident]:
    """The incidents that lasted into the time after `since`."""
    lasting = or_(Incident.ended_at.is_(None), Incident.ended_at > since)
    return (await session.scalars(select(Incident).where(lasting).order_by(Incident.started_at))).all()


def waits_since(clock: Clock) -> datetime | None:
    """Since when the client is waited for; None if they are not."""
    return min(
        (pause.started_at for pause in clock.open_pauses if pause.cause is PauseCause.CLIENT_INFO),
        default=None,
    )


async def _write_incident(
    session: Session, case: Case, incident: Incident, clock: Clock, policy: Policy, now: datetime
) -> list[ClockState]:
    """The clock after each verb that brought the incident onto its ledger; none if it is all there already."""
    ended_at, ref = incident.ended_at, incident.id
    known = next((pause for pause in clock.pauses if pause.ref == ref), None)
    reads: list[ClockState] = []
    if known is None and (ended_at is None or ended_at > clock.started_at):
        paused = await sla.pause(
            session,
            case.id,
            cause=PauseCause.PLATFORM_INCIDENT,
            ref=ref,
            at=incident.started_at,
            policy=policy.clock,
            now=now,
        )
        reads.append(paused)
    if ended_at is not None and (reads or (known is not None and known.ended_at is None)):
        reads.append(await sla.resume(session, case.id, ref=ref, at=ended_at, policy=policy.clock, now=now))
    return reads


async def _take(session: Session, case: Case, read: ClockState, policy: Policy, now: datetime) -> None:
    """Bring the case into line with its clock, and announce what was written."""
    if case.ended_at is None:
        waits = waits_since(read.clock) is not None
        if waits != case.standing.waiting:
            act = Act.WAIT_FOR_CLIENT if waits else Act.GO_ON
            await acting.move(session, case, act, by=None, policy=policy, now=now)
    _follow(case, read, policy, now)
    for entry in read.written:
        await _announce(session, case, entry, read.clock, now)


def _follow(case: Case, read: ClockState, policy: Policy, now: datetime) -> None:
    due_at = read.due_at or _PAUSED_FROM + arithmetic.remaining(read.clock, now)
    # Urgent cases come before all others with a whole budget left, and among themselves by time left.
    case.queue_place = due_at - policy.clock.budget if case.urgent else due_at
    acting.wake_by(case, read.next_tick_at)
    if (since := waits_since(read.clock)) is not None:
        acting.wake_by(case, since + policy.client_patience)


async def _announce(session: Session, case: Case, entry: Entry, clock: Clock, now: datetime) -> None:
    event: Event
    match entry.kind:
        case EntryKind.PAUSED:
            event = ClockPausedV1(inspection_id=case.id, clock=clock, state=case.state)
        case EntryKind.RESUMED:
            event = ClockResumedV1(inspection_id=case.id, clock=clock, state=case.state)
        case EntryKind.THRESHOLD:
            await _announce_threshold(session, case, entry, now)
            return
        case EntryKind.STARTED | EntryKind.STOPPED:
            return  # the act that starts or stops a clock announces it together with the clock
    await outbox.add(session, event, now=now)
    details = {"cause": entry.cause, "ref": entry.ref}
    await acting.leave_traces(session, case, f"clock_{entry.kind}", by=None, now=now, details=details)


async def _announce_threshold(session: Session, case: Case, entry: Entry, now: datetime) -> None:
    percent, number = entry.percent or 0, case.clock_number
    event: Event
    if percent == BREACH:
        act, hint = "sla_breached", "sla.breached"
        event = SlaBreachedV1(inspection_id=case.id, clock_number=number, breached_at=entry.at)
    else:
        act, hint = "sla_at_risk", f"sla.at_risk_{percent}"
        event = SlaAtRiskV1(inspection_id=case.id, clock_number=number, percent=percent, reached_at=entry.at)
    case.needs_second_expert = case.needs_second_expert or percent >= SECOND_EXPERT_AT
    await outbox.add(session, event, now=now)
    details = {"percent": percent, "clock_number": number}
    await acting.leave_traces(session, case, act, by=None, now=now, details=details, hint=hint)
