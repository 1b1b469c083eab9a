"""What cabinet does about each event of bpa: mirror it as it is, put it on record, tell the client.

The inbox sees to it that each event takes effect once and that those of one inspection come in order. An event
about an inspection that was erased meanwhile is dropped: it must not bring anything back.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import wraps
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from cabinet_service.inspections import domain
from cabinet_service.inspections.domain import OVER, SYSTEM, Actor, Kind, Role, TaskState
from cabinet_service.inspections.models import ClockMirror, Decision, Dispute, InfoTask, Inspection, Message
from cabinet_service.inspections.service import happening
from cabinet_service.notifications import service as notifications
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.photos.jobs import MakePreview, make_preview, settle
from cabinet_service.photos.preview_process import PreviewProcess
from cabinet_service.ports import FileStore
from service_kit.db import Session
from service_kit.inbox import Incoming
from shared_schemas.clock import Clock
from shared_schemas.envelope import Event
from shared_schemas.events import bpa_v1 as bpa
from shared_schemas.words import InspectionState


class UnknownInspection(Exception):
    """bpa speaks of an inspection that is not here: this database lost something."""


E = TypeVar("E", bound=Event)


def _unless_erased(
    effect: Callable[[Session, Inspection, E, Incoming], Awaitable[None]],
) -> Callable[[Session, E, Incoming], Awaitable[None]]:
    """The handler that locks the inspection of the event for `effect`, or drops the event."""

    @wraps(effect)
    async def on_event(session: Session, fact: E, incoming: Incoming) -> None:
        inspection = await _locked(session, fact.inspection_id)
        if inspection.erased_at is None:
            await effect(session, inspection, fact, incoming)

    return on_event


@_unless_erased
async def on_case_queued(
    session: Session, inspection: Inspection, fact: bpa.CaseQueuedV1, incoming: Incoming
) -> None:
    await _mirror_clock(session, inspection, fact.clock)
    if fact.state is InspectionState.DISPUTED:
        await _reopen_dispute(session, inspection)
    await _mirror_state(session, inspection, fact.state, at=incoming.occurred_at)
    await _record(session, inspection, Kind.QUEUED, SYSTEM, incoming.occurred_at, incoming, state=fact.state)


@_unless_erased
async def on_case_claimed(
    session: Session, inspection: Inspection, fact: bpa.CaseClaimedV1, incoming: Incoming
) -> None:
    inspection.expert_id = fact.expert.expert_id
    inspection.expert_name = fact.expert.display_name
    await _mirror_state(session, inspection, fact.state, at=fact.claimed_at)
    await _record(session, inspection, Kind.CLAIMED, _expert(fact.expert), fact.claimed_at, incoming)


@_unless_erased
async def on_case_released(
    session: Session, inspection: Inspection, fact: bpa.CaseReleasedV1, incoming: Incoming
) -> None:
    inspection.expert_id = None
    inspection.expert_name = None
    await _mirror_state(session, inspection, fact.state, at=fact.released_at)
    await _record(session, inspection, Kind.RELEASED, SYSTEM, fact.released_at, incoming, cause=fact.cause)


@_unless_erased
async def on_case_message_posted(
    session: Session, inspection: Inspection, fact: bpa.CaseMessagePostedV1, incoming: Incoming
) -> None:
    session.add(
        Message(
            id=fact.message_id,
            inspection_id=inspection.id,
            author_role=Role.EXPERT,
            author_id=fact.author.expert_id,
            author_name=fact.author.display_name,
            text=fact.text,
            posted_at=fact.posted_at,
        )
    )
    author = _expert(fact.author)
    await _record(
        session,
        inspection,
        Kind.MESSAGE_POSTED,
        author,
        fact.posted_at,
        incoming,
        message_id=fact.message_id,
    )
    await _tell(session, inspection, NotificationKind.EXPERT_MESSAGE, incoming)


@_unless_erased
async def on_case_unprocessable(
    session: Session, inspection: Inspection, fact: bpa.CaseUnprocessableV1, incoming: Incoming
) -> None:
    await _mirror_clock(session, inspection, fact.clock)
    was_over = inspection.state in OVER
    await _mirror_state(session, inspection, fact.state, at=fact.ended_at)
    if not was_over:
        inspection.ended_reason = fact.reason
        inspection.ended_note = fact.note
    expired = fact.state is InspectionState.EXPIRED
    kind = Kind.EXPIRED if expired else Kind.UNPROCESSABLE
    await _record(session, inspection, kind, SYSTEM, fact.ended_at, incoming, reason=fact.reason)
    told_as = NotificationKind.EXPIRED if expired else NotificationKind.UNPROCESSABLE
    await _tell(session, inspection, told_as, incoming)


@_unless_erased
async def on_second_opinion_requested(
    session: Session, inspection: Inspection, fact: bpa.SecondOpinionRequestedV1, incoming: Incoming
) -> None:
    await _mirror_state(session, inspection, fact.state, at=fact.requested_at)
    await _record(session, inspection, Kind.SECOND_OPINION_REQUESTED, SYSTEM, fact.requested_at, incoming)


@_unless_erased
async def on_second_opinion_given(
    session: Session, inspection: Inspection, fact: bpa.SecondOpinionGivenV1, incoming: Incoming
) -> None:
    await _mirror_state(session, inspection, fact.state, at=fact.given_at)
    await _record(session, inspection, Kind.SECOND_OPINION_GIVEN, SYSTEM, fact.given_at, incoming)


@_unless_erased
async def on_info_task_created(
    session: Session, inspection: Inspection, fact: bpa.InfoTaskCreatedV1, incoming: Incoming
) -> None:
    # Asked while the client's own end was on its way: kept for the record, but nobody has to do anything.
    too_late = inspection.state in OVER
    session.add(
        InfoTask(
            id=fact.task_id,
            inspection_id=inspection.id,
            shot=fact.shot,
            question=fact.question,
            place=fact.place.model_dump(mode="json") if fact.place else None,
            blocking=fact.blocking,
            asked_by_id=fact.asked_by.expert_id,
            asked_by_name=fact.asked_by.display_name,
            created_at=fact.created_at,
            state=TaskState.WITHDRAWN if too_late else TaskState.OPEN,
            ended_at=incoming.now if too_late else None,
            evidence_ids=[],
        )
    )
    await _record(
        session,
        inspection,
        Kind.INFO_TASK_CREATED,
        _expert(fact.asked_by),
        fact.created_at,
        incoming,
        info_task_id=fact.task_id,
        blocking=fact.blocking,
    )
    if not too_late:
        await _tell(session, inspection, NotificationKind.INFO_TASK, incoming, info_task_id=fact.task_id)


@_unless_erased
async def on_info_task_withdrawn(
    session: Session, inspection: Inspection, fact: bpa.InfoTaskWithdrawnV1, incoming: Incoming
) -> None:
    # What the client has done in the meantime stays done.
    withdrawn = await session.scalar(
        update(InfoTask)
        .where(InfoTask.id == fact.task_id, InfoTask.state == TaskState.OPEN)
        .values(state=TaskState.WITHDRAWN, ended_at=fact.withdrawn_at)
        .returning(InfoTask.id)
    )
    if withdrawn is None:
        return
    await notifications.withdraw_info_task(session, fact.task_id, now=incoming.now)
    await _record(
        session,
        inspection,
        Kind.INFO_TASK_WITHDRAWN,
        SYSTEM,
        fact.withdrawn_at,
        incoming,
        info_task_id=fact.task_id,
    )


@_unless_erased
async def on_clock_paused(
    session: Session, inspection: Inspection, fact: bpa.ClockPausedV1, incoming: Incoming
) -> None:
    await _mirror_clock(session, inspection, fact.clock)
    begun = max(fact.clock.open_pauses, key=lambda pause: pause.started_at, default=None)
    at = begun.started_at if begun else incoming.occurred_at
    await _mirror_state(session, inspection, fact.state, at=at)
    cause = begun.cause if begun else None
    await _record(session, inspection, Kind.CLOCK_PAUSED, SYSTEM, at, incoming, cause=cause)


@_unless_erased
async def on_clock_resumed(
    session: Session, inspection: Inspection, fact: bpa.ClockResumedV1, incoming: Incoming
) -> None:
    await _mirror_clock(session, inspection, fact.clock)
    at = max((pause.ended_at for pause in fact.clock.pauses if pause.ended_at), default=incoming.occurred_at)
    await _mirror_state(session, inspection, fact.state, at=at)
    await _record(session, inspection, Kind.CLOCK_RESUMED, SYSTEM, at, incoming, state=fact.state)


@_unless_erased
async def on_sla_at_risk(
    session: Session, inspection: Inspection, fact: bpa.SlaAtRiskV1, incoming: Incoming
) -> None:
    await _record(
        session, inspection, Kind.SLA_AT_RISK, SYSTEM, fact.reached_at, incoming, percent=fact.percent
    )


@_unless_erased
async def on_sla_breached(
    session: Session, inspection: Inspection, fact: bpa.SlaBreachedV1, incoming: Incoming
) -> None:
    await _record(session, inspection, Kind.SLA_BREACHED, SYSTEM, fact.breached_at, incoming)
    if inspection.state not in OVER:
        await _tell(session, inspection, NotificationKind.LATE, incoming)


@_unless_erased
async def on_decision_preliminary(
    session: Session, inspection: Inspection, fact: bpa.DecisionPreliminaryV1, incoming: Incoming
) -> None:
    await _mirror_decision(session, inspection, fact.decision, Kind.DECISION_PRELIMINARY, incoming)
    await _tell(session, inspection, NotificationKind.PRELIMINARY_DECISION, incoming)


@_unless_erased
async def on_decision_issued(
    session: Session, inspection: Inspection, fact: bpa.DecisionIssuedV1, incoming: Incoming
) -> None:
    await _mirror_clock(session, inspection, fact.clock)
    await _mirror_state(session, inspection, InspectionState.ANSWERED, at=fact.decision.decided_at)
    await _mirror_decision(session, inspection, fact.decision, Kind.DECISION_ISSUED, incoming)
    await _tell(session, inspection, NotificationKind.DECISION, incoming)


@_unless_erased
async def on_decision_amended(
    session: Session, inspection: Inspection, fact: bpa.DecisionAmendedV1, incoming: Incoming
) -> None:
    await _mirror_clock(session, inspection, fact.clock)
    await _mirror_state(session, inspection, InspectionState.ANSWERED, at=fact.decision.decided_at)
    await session.execute(
        update(Dispute)
        .where(Dispute.inspection_id == inspection.id, Dispute.settled_at.is_(None))
        .values(settled_at=fact.decision.decided_at)
    )
    await _mirror_decision(session, inspection, fact.decision, Kind.DECISION_AMENDED, incoming)
    await _tell(session, inspection, NotificationKind.DECISION_AMENDED, incoming)


async def on_make_preview(
    session: Session, work: MakePreview, incoming: Incoming, *, files: FileStore, previews: PreviewProcess
) -> None:
    """Not an event of bpa but the worker's own: it is here because the inspection changes by it."""
    tried = await make_preview(session, work.evidence_id, files=files, previews=previews)
    if tried is None:
        return
    # In this order, as whoever brings a photo locks them.
    inspection = await _locked(session, tried.inspection_id)
    if await settle(session, tried):
        happening.changed(session, inspection, "preview_made", now=incoming.now)


async def _locked(session: Session, inspection_id: UUID) -> Inspection:
    """The inspection of an event, whoever's it is."""
    inspection = await session.scalar(
        select(Inspection).where(Inspection.id == inspection_id).with_for_update()
    )
    if inspection is None:
        raise UnknownInspection(str(inspection_id))
    return inspection


async def _mirror_state(
    session: Session, inspection: Inspection, reported: InspectionState, *, at: datetime
) -> None:
    await happening.move(session, inspection, domain.after_report(inspection.state, reported), at=at)


async def _mirror_clock(session: Session, inspection: Inspection, clock: Clock) -> None:
    facts = clock.model_dump(mode="json")
    await session.execute(
        insert(ClockMirror)
        .values(inspection_id=inspection.id, number=clock.number, facts=facts)
        .on_conflict_do_update(
            index_elements=[ClockMirror.inspection_id, ClockMirror.number], set_={"facts": facts}
        )
    )


async def _mirror_decision(
    session: Session, inspection: Inspection, decision: bpa.DecisionView, kind: Kind, incoming: Incoming
) -> None:
    session.add(
        Decision(
            inspection_id=inspection.id,
            version=decision.version,
            preliminary=kind is Kind.DECISION_PRELIMINARY,
            body=decision.model_dump(mode="json"),
            decided_at=decision.decided_at,
        )
    )
    await _record(
        session,
        inspection,
        kind,
        _expert(decision.expert),
        decision.decided_at,
        incoming,
        version=decision.version,
        verdict=decision.verdict,
    )


async def _reopen_dispute(session: Session, inspection: Inspection) -> None:
    """An amendment that crossed the dispute on its way looked like its answer, but was none."""
    newest = (
        select(Dispute.id)
        .where(Dispute.inspection_id == inspection.id)
        .order_by(Dispute.opened_at.desc())
        .limit(1)
    )
    await session.execute(
        update(Dispute).where(Dispute.id == newest.scalar_subquery()).values(settled_at=None)
    )


async def _record(
    session: Session,
    inspection: Inspection,
    kind: Kind,
    actor: Actor,
    at: datetime,
    incoming: Incoming,
    **data: object,
) -> None:
    await happening.record(session, inspection, kind, actor, at=at, now=incoming.now, **data)


async def _tell(
    session: Session,
    inspection: Inspection,
    kind: NotificationKind,
    incoming: Incoming,
    *,
    info_task_id: UUID | None = None,
) -> None:
    """Who cancelled has said that they want to hear no more of it."""
    if inspection.state is InspectionState.CANCELLED:
        return
    await notifications.tell(
        session,
        event_id=incoming.event_id,
        account_id=inspection.account_id,
        kind=kind,
        inspection_id=inspection.id,
        number=inspection.number,
        info_task_id=info_task_id,
        now=incoming.now,
    )


def _expert(expert: bpa.ExpertRef) -> Actor:
    return Actor(Role.EXPERT, expert.expert_id, expert.display_name)
