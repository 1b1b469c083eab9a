"""Asking the client for something, and what becomes of it."""

from uuid import UUID

from bpa_service.cases.asking import queries
from bpa_service.cases.asking.models import InfoTask, TaskState
from bpa_service.cases.asking.schemas import InfoTaskIn
from bpa_service.cases.clocks import service as clocks
from bpa_service.cases.core import errors
from bpa_service.cases.core.acting import Acting, ExpertActing, ref
from bpa_service.cases.core.domain import Act
from bpa_service.cases.core.models import Case
from bpa_service.cases.core.places import check_places
from service_kit.ids import new_id
from shared_schemas.events.bpa_v1 import InfoTaskCreatedV1, InfoTaskWithdrawnV1


async def ask(acting: ExpertActing, case_id: UUID, *, ask: InfoTaskIn) -> InfoTask:
    """Ask the client. A blocking task pauses the clock once the client was told of it, not before.

    Raises UnknownEvidence for a place on a photo that is not the case's.
    """
    case = await acting.on(case_id, Act.ASK)
    await check_places(acting.session, case, [ask.place] if ask.place else [])
    place = ask.place.place() if ask.place else None
    task = InfoTask(
        id=new_id(),
        case_id=case.id,
        state=TaskState.OPEN,
        shot=ask.shot,
        question=ask.question,
        place=place.model_dump(mode="json") if place else None,
        blocking=ask.blocking,
        asked_by=acting.by.id,
        asked_at=acting.now,
        evidence_ids=[],
    )
    acting.session.add(task)
    acting.record(case, "info_task_created", info_task_id=task.id, blocking=ask.blocking, shot=ask.shot)
    created = InfoTaskCreatedV1(
        inspection_id=case.id,
        task_id=task.id,
        shot=ask.shot,
        question=ask.question,
        place=place,
        blocking=ask.blocking,
        asked_by=ref(acting.by),
        created_at=acting.now,
    )
    await acting.announce(created)
    return task


async def withdraw(acting: ExpertActing, case_id: UUID, task_id: UUID) -> None:
    """No longer ask for it; if the clock stood still for it, it goes on. Raises InfoTaskOver."""
    case = await acting.on(case_id, Act.WITHDRAW_TASK)
    task = await queries.task(acting.session, case, task_id)
    if task.state is not TaskState.OPEN:
        raise errors.InfoTaskOver(state=task.state)
    await _withdraw(acting, case, task)
    await clocks.resume_from_task(acting, case, task.id, at=acting.now)


async def withdraw_all(acting: Acting, case: Case) -> None:
    """No longer ask for anything: the case has ended."""
    for task in await queries.open_tasks(acting.session, case):
        await _withdraw(acting.consequence, case, task)


async def _withdraw(acting: Acting, case: Case, task: InfoTask) -> None:
    task.state, task.ended_at = TaskState.WITHDRAWN, acting.now
    acting.record(case, "info_task_withdrawn", info_task_id=task.id)
    withdrawn = InfoTaskWithdrawnV1(inspection_id=case.id, task_id=task.id, withdrawn_at=acting.now)
    await acting.announce(withdrawn)
