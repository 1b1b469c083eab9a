"""What the experts ask, and ask no more."""

from sqlalchemy import update

from cabinet_service.inspections.core.acting import Mirroring, expert
from cabinet_service.inspections.core.domain import OVER, Kind, TaskState
from cabinet_service.inspections.core.models import InfoTask, Inspection
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.notifications.notices import notices
from shared_schemas.events.bpa_v1 import InfoTaskCreatedV1, InfoTaskWithdrawnV1


async def record_task(acting: Mirroring, inspection: Inspection, fact: InfoTaskCreatedV1) -> None:
    # Asked while the client's own end was on its way: kept for the record, but nobody has to do anything.
    too_late = inspection.state in OVER
    task = InfoTask(
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
        ended_at=acting.now if too_late else None,
        evidence_ids=[],
    )
    acting.session.add(task)
    by, at = expert(fact.asked_by), fact.created_at
    await acting.record(
        inspection, Kind.INFO_TASK_CREATED, by=by, at=at, info_task_id=task.id, blocking=task.blocking
    )
    if not too_late:
        await acting.tell(inspection, NotificationKind.INFO_TASK, info_task_id=task.id)


async def record_withdrawal(acting: Mirroring, inspection: Inspection, fact: InfoTaskWithdrawnV1) -> None:
    # What the client has done in the meantime stays done.
    withdrawn = await acting.session.scalar(
        update(InfoTask)
        .where(InfoTask.id == fact.task_id, InfoTask.state == TaskState.OPEN)
        .values(state=TaskState.WITHDRAWN, ended_at=fact.withdrawn_at)
        .returning(InfoTask.id)
    )
    if withdrawn is None:
        return
    await notices.withdraw_task(acting.session, fact.task_id, now=acting.now)
    await acting.record(inspection, Kind.INFO_TASK_WITHDRAWN, at=fact.withdrawn_at, info_task_id=fact.task_id)
