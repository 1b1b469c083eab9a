"""The client's answers to what the experts ask."""

from uuid import UUID

from cabinet_service.inspections.asking import queries
from cabinet_service.inspections.asking.schemas import Fulfilment, Refusal
from cabinet_service.inspections.core import domain
from cabinet_service.inspections.core.acting import ClientActing
from cabinet_service.inspections.core.domain import Act, Kind, TaskState
from cabinet_service.inspections.core.errors import (
    TASK_ENDED,
    InfoTaskNeedsAnswer,
    InfoTaskNeedsPhoto,
    UnknownEvidence,
)
from cabinet_service.inspections.core.models import InfoTask, Inspection
from cabinet_service.notifications.notices import notices
from cabinet_service.photos import queries as photo_queries
from cabinet_service.photos import service as photos
from shared_schemas.events.cabinet_v1 import InfoTaskDeclinedV1, InfoTaskFulfilledV1


async def fulfil(acting: ClientActing, inspection_id: UUID, task_id: UUID, done: Fulfilment) -> InfoTask:
    """Do what was asked. Photos that were uploaded for the task count, whether or not they are named again.

    Raises a problem of TASK_ENDED, UnknownEvidence, InfoTaskNeedsPhoto or InfoTaskNeedsAnswer.
    """
    inspection, task = await _open_task(acting, inspection_id, task_id)
    named = set(done.evidence_ids)
    if unknown := named - await photo_queries.among(acting.session, inspection.id, named):
        raise UnknownEvidence(evidence_ids=", ".join(sorted(str(one) for one in unknown)))
    evidence_ids = sorted(named | await photo_queries.for_task(acting.session, inspection.id, task.id))
    if not domain.is_done(shot=task.shot, photos=len(evidence_ids), answer=done.answer):
        raise InfoTaskNeedsPhoto(shot=task.shot) if task.shot else InfoTaskNeedsAnswer
    await photos.assign_task(acting.session, evidence_ids, task.id)
    task.evidence_ids = evidence_ids
    task.answer = done.answer
    event = InfoTaskFulfilledV1(
        inspection_id=inspection.id,
        task_id=task.id,
        evidence_ids=tuple(evidence_ids),
        answer=done.answer,
        fulfilled_at=acting.now,
    )
    await _end(acting, inspection, task, TaskState.FULFILLED, Kind.INFO_TASK_FULFILLED)
    await acting.announce(event)
    return task


async def decline(acting: ClientActing, inspection_id: UUID, task_id: UUID, refusal: Refusal) -> InfoTask:
    """Say that one cannot, and why. The experts go on with what they have. Raises a problem of TASK_ENDED."""
    inspection, task = await _open_task(acting, inspection_id, task_id)
    reason, detail = refusal.told()
    task.decline_reason, task.decline_detail = reason, detail
    task.decline_note = refusal.note
    event = InfoTaskDeclinedV1(
        inspection_id=inspection.id,
        task_id=task.id,
        reason=reason,
        note=refusal.note,
        declined_at=acting.now,
        detail=detail,
    )
    await _end(acting, inspection, task, TaskState.DECLINED, Kind.INFO_TASK_DECLINED)
    await acting.announce(event)
    return task


async def _open_task(acting: ClientActing, inspection_id: UUID, task_id: UUID) -> tuple[Inspection, InfoTask]:
    inspection = await acting.on(inspection_id, Act.ANSWER_TASK)
    task = await queries.info_task(acting.session, inspection.id, task_id)
    if task.state is not TaskState.OPEN:
        raise TASK_ENDED[task.state]
    return inspection, task


async def _end(
    acting: ClientActing, inspection: Inspection, task: InfoTask, state: TaskState, kind: Kind
) -> None:
    """Before the end is announced: the sender of notifications locks these before it announces, too."""
    task.state = state
    task.ended_at = acting.now
    await notices.withdraw_task(acting.session, task.id, now=acting.now)
    await acting.record(inspection, kind, info_task_id=task.id)
