"""Answering what the experts ask."""

from datetime import datetime
from uuid import UUID

from cabinet_service.accounts.domain import Client
from cabinet_service.db.tables import outbox
from cabinet_service.inspections import domain, queries
from cabinet_service.inspections.domain import Act, Kind, TaskState
from cabinet_service.inspections.errors import (
    TASK_ENDED,
    InfoTaskNeedsAnswer,
    InfoTaskNeedsPhoto,
    UnknownEvidence,
)
from cabinet_service.inspections.models import InfoTask, Inspection
from cabinet_service.inspections.schemas import Fulfilment, Refusal
from cabinet_service.inspections.service import happening
from cabinet_service.notifications import service as notifications
from cabinet_service.photos import queries as photo_queries
from cabinet_service.photos import service as photos
from service_kit.db import Session
from shared_schemas.events.cabinet_v1 import InfoTaskDeclinedV1, InfoTaskFulfilledV1


async def fulfil(
    session: Session,
    inspection_id: UUID,
    task_id: UUID,
    fulfilment: Fulfilment,
    *,
    client: Client,
    now: datetime,
) -> InfoTask:
    """Do what was asked. Photos that were uploaded for the task count, whether or not they are named again.

    Raises a problem of TASK_ENDED, UnknownEvidence, InfoTaskNeedsPhoto or InfoTaskNeedsAnswer.
    """
    inspection, task = await _open_task(session, inspection_id, task_id, client=client)
    named = set(fulfilment.evidence_ids)
    if unknown := named - await photo_queries.among(session, inspection.id, named):
        raise UnknownEvidence(evidence_ids=", ".join(sorted(str(one) for one in unknown)))
    evidence_ids = sorted(named | await photo_queries.for_task(session, inspection.id, task.id))
    if not domain.is_done(shot=task.shot, photos=len(evidence_ids), answer=fulfilment.answer):
        raise InfoTaskNeedsPhoto(shot=task.shot) if task.shot else InfoTaskNeedsAnswer
    await photos.assign_task(session, evidence_ids, task.id)
    task.evidence_ids = evidence_ids
    task.answer = fulfilment.answer
    event = InfoTaskFulfilledV1(
        inspection_id=inspection.id,
        task_id=task.id,
        evidence_ids=tuple(evidence_ids),
        answer=fulfilment.answer,
        fulfilled_at=now,
    )
    await outbox.add(session, event, now=now)
    await _end(session, inspection, task, TaskState.FULFILLED, Kind.INFO_TASK_FULFILLED, client, now)
    return task


async def decline(
    session: Session,
    inspection_id: UUID,
    task_id: UUID,
    refusal: Refusal,
    *,
    client: Client,
    now: datetime,
) -> InfoTask:
    """Say that one cannot, and why. The experts go on with what they have. Raises a problem of TASK_ENDED."""
    inspection, task = await _open_task(session, inspection_id, task_id, client=client)
    task.decline_reason = refusal.reason
    task.decline_note = refusal.note
    event = InfoTaskDeclinedV1(
        inspection_id=inspection.id,
        task_id=task.id,
        reason=refusal.reason,
        note=refusal.note,
        declined_at=now,
    )
    await outbox.add(session, event, now=now)
    await _end(session, inspection, task, TaskState.DECLINED, Kind.INFO_TASK_DECLINED, client, now)
    return task


async def _open_task(
    session: Session, inspection_id: UUID, task_id: UUID, *, client: Client
) -> tuple[Inspection, InfoTask]:
    inspection = await happening.begin(session, inspection_id, Act.ANSWER_TASK, client=client)
    task = await queries.info_task(session, inspection.id, task_id)
    if task.state is not TaskState.OPEN:
        raise TASK_ENDED[task.state]
    return inspection, task


async def _end(
    session: Session,
    inspection: Inspection,
    task: InfoTask,
    state: TaskState,
    kind: Kind,
    client: Client,
    now: datetime,
) -> None:
    task.state = state
    task.ended_at = now
    await notifications.withdraw_info_task(session, task.id, now=now)
    await happening.record(
        session, inspection, kind, happening.by_client(client), at=now, now=now, info_task_id=task.id
    )
