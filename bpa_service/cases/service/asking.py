"""Asking the client for something, and what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from bpa_service.cases import errors
from bpa_service.cases.domain import OPEN, Act
from bpa_service.cases.models import Case, InfoTask, TaskState
from bpa_service.cases.policy import Policy
from bpa_service.cases.service import acting, clocks
from bpa_service.db.tables import outbox
from bpa_service.evidence import queries as evidence
from bpa_service.experts.domain import Expert
from service_kit.db import Session
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from shared_schemas.events.bpa_v1 import InfoTaskCreatedV1, InfoTaskWithdrawnV1
from shared_schemas.events.cabinet_v1 import InfoTaskDeclinedV1, InfoTaskFulfilledV1, InfoTaskNotifiedV1
from shared_schemas.evidence import PlaceOnEvidence
from shared_schemas.words import Shot


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A photo of `shot`, an answer to `question`, or both; `place` is where on an earlier photo it is about."""

    shot: Shot | None
    question: str
    place: PlaceOnEvidence | None
    blocking: bool


async def ask(
    session: Session,
    case_id: UUID,
    *,
    ask: Ask,
    by: Expert,
    seen: int | None,
    policy: Policy,
    now: datetime,
) -> InfoTask:
    """Ask the client. A blocking task pauses the clock once the client was told of it, not before.

    Raises UnknownEvidence for a place on a photo that is not the case's.
    """
    case = await acting.begin(session, case_id, Act.ASK, by=by, seen=seen, policy=policy, now=now)
    await check_places(session, case, [ask.place] if ask.place else [])
    task = InfoTask(
        id=new_id(),
        case_id=case.id,
        state=TaskState.OPEN,
        shot=ask.shot,
        question=ask.question,
        place=ask.place.model_dump(mode="json") if ask.place else None,
        blocking=ask.blocking,
        asked_by=by.id,
        asked_at=now,
        evidence_ids=[],
    )
    session.add(task)
    details = {"info_task_id": task.id, "blocking": ask.blocking, "shot": ask.shot}
    await acting.leave_traces(session, case, "info_task_created", by=by, now=now, details=details)
    created = InfoTaskCreatedV1(
        inspection_id=case.id,
        task_id=task.id,
        shot=ask.shot,
        question=ask.question,
        place=ask.place,
        blocking=ask.blocking,
        asked_by=acting.ref(by),
        created_at=now,
    )
    await outbox.add(session, created, now=now)
    return task


async def withdraw(
    session: Session,
    case_id: UUID,
    task_id: UUID,
    *,
    by: Expert,
    seen: int | None,
    policy: Policy,
    now: datetime,
) -> None:
    """No longer ask for it; if the clock stood still for it, it goes on. Raises InfoTaskOver."""
    case = await acting.begin(session, case_id, Act.WITHDRAW_TASK, by=by, seen=seen, policy=policy, now=now)
    task = await _task(session, case, task_id)
    if task.state is not TaskState.OPEN:
        raise errors.InfoTaskOver(state=task.state)
    await _withdraw(session, case, task, by, now)
    await clocks.resume_from_task(session, case, task.id, at=now, policy=policy, now=now)


async def withdraw_all(session: Session, case: Case, *, now: datetime) -> None:
    """No longer ask for anything: the case has ended."""
    for task in await open_tasks(session, case):
        await _withdraw(session, case, task, None, now)


async def open_tasks(session: Session, case: Case) -> Sequence[InfoTask]:
    rows = await session.scalars(
        select(InfoTask)
        .where(InfoTask.case_id == case.id, InfoTask.state == TaskState.OPEN)
        .order_by(InfoTask.asked_at, InfoTask.id)
    )
    return rows.all()


async def record_notification(
    session: Session, fact: InfoTaskNotifiedV1, *, policy: Policy, now: datetime
) -> None:
    """The client knows of a task. If it blocks and is still open, the clock stands still since then."""
    case = await acting.lock(session, fact.inspection_id, policy=policy, now=now)
    task = await _task(session, case, fact.task_id)
    task.notified_at, task.channel = fact.notified_at, fact.channel
    details = {"info_task_id": task.id, "channel": fact.channel}
    await acting.leave_traces(session, case, "client_notified", by=None, now=now, details=details)
    if task.blocking and task.state is TaskState.OPEN and case.state in OPEN:
        await clocks.pause_for_task(session, case, task.id, at=fact.notified_at, policy=policy, now=now)


async def record_fulfilment(
    session: Session, fact: InfoTaskFulfilledV1, *, policy: Policy, now: datetime
) -> None:
    """The client did what was asked. A task that is over already stays as it ended."""
    case = await acting.lock(session, fact.inspection_id, policy=policy, now=now)
    task = await _task(session, case, fact.task_id)
    in_time = task.state is TaskState.OPEN
    if in_time:
        task.state, task.ended_at = TaskState.FULFILLED, fact.fulfilled_at
    task.evidence_ids, task.answer = list(fact.evidence_ids), fact.answer
    await _client_replied(
        session, case, task, "info_task_fulfilled", fact.fulfilled_at, in_time=in_time, policy=policy, now=now
    )


async def record_refusal(
    session: Session, fact: InfoTaskDeclinedV1, *, policy: Policy, now: datetime
) -> None:
    """The client cannot do what was asked. A task that is over already stays as it ended."""
    case = await acting.lock(session, fact.inspection_id, policy=policy, now=now)
    task = await _task(session, case, fact.task_id)
    in_time = task.state is TaskState.OPEN
    if in_time:
        task.state, task.ended_at = TaskState.DECLINED, fact.declined_at
    task.decline_reason, task.decline_note = fact.reason, fact.note
    await _client_replied(
        session, case, task, "info_task_declined", fact.declined_at, in_time=in_time, policy=policy, now=now
    )


async def check_places(session: Session, case: Case, places: Sequence[PlaceOnEvidence]) -> None:
    """Raises UnknownEvidence unless every place is on a photo of the case."""
    foreign = await evidence.foreign_to(session, case.id, {place.evidence_id for place in places})
    if foreign:
        raise errors.UnknownEvidence(evidence_ids=[str(evidence_id) for evidence_id in sorted(foreign)])


async def _client_replied(
    session: Session,
    case: Case,
    task: InfoTask,
    act: str,
    at: datetime,
    *,
    in_time: bool,
    policy: Policy,
    now: datetime,
) -> None:
    details = {"info_task_id": task.id, "in_time": in_time}
    client = acting.client_of(case)
    await acting.leave_traces(session, case, act, by=client, now=now, details=details)
    if case.state in OPEN:
        await clocks.resume_from_task(session, case, task.id, at=at, policy=policy, now=now)


async def _withdraw(session: Session, case: Case, task: InfoTask, by: Expert | None, now: datetime) -> None:
    task.state, task.ended_at = TaskState.WITHDRAWN, now
    details = {"info_task_id": task.id}
    await acting.leave_traces(session, case, "info_task_withdrawn", by=by, now=now, details=details)
    withdrawn = InfoTaskWithdrawnV1(inspection_id=case.id, task_id=task.id, withdrawn_at=now)
    await outbox.add(session, withdrawn, now=now)


async def _task(session: Session, case: Case, task_id: UUID) -> InfoTask:
    task = await session.get(InfoTask, task_id)
    if task is None or task.case_id != case.id:
        raise NotFound
    return task
