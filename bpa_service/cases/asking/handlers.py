"""What became of a question, as the client's side tells it."""

from datetime import datetime

from bpa_service.cases.asking import queries
from bpa_service.cases.asking.models import InfoTask, TaskState
from bpa_service.cases.clocks import service as clocks
from bpa_service.cases.core.acting import Acting, client_of
from bpa_service.cases.core.domain import OPEN
from bpa_service.cases.core.models import Case
from shared_schemas.events.cabinet_v1 import InfoTaskDeclinedV1, InfoTaskFulfilledV1, InfoTaskNotifiedV1


async def record_notification(acting: Acting, fact: InfoTaskNotifiedV1) -> None:
    """The client knows of a task. If it blocks and is still open, the clock stands still since then."""
    case = await acting.lock(fact.inspection_id)
    task = await queries.task(acting.session, case, fact.task_id)
    task.notified_at, task.channel = fact.notified_at, fact.channel
    acting.record(case, "client_notified", info_task_id=task.id, channel=fact.channel)
    if task.blocking and task.state is TaskState.OPEN and case.state in OPEN:
        await clocks.pause_for_task(acting, case, task.id, at=fact.notified_at)


async def record_fulfilment(acting: Acting, fact: InfoTaskFulfilledV1) -> None:
    """The client did what was asked. A task that is over already stays as it ended."""
    case = await acting.lock(fact.inspection_id)
    task = await queries.task(acting.session, case, fact.task_id)
    in_time = task.state is TaskState.OPEN
    if in_time:
        task.state, task.ended_at = TaskState.FULFILLED, fact.fulfilled_at
    task.evidence_ids, task.answer = list(fact.evidence_ids), fact.answer
    await _client_replied(acting, case, task, "info_task_fulfilled", fact.fulfilled_at, in_time=in_time)


async def record_refusal(acting: Acting, fact: InfoTaskDeclinedV1) -> None:
    """The client cannot do what was asked. A task that is over already stays as it ended."""
    case = await acting.lock(fact.inspection_id)
    task = await queries.task(acting.session, case, fact.task_id)
    in_time = task.state is TaskState.OPEN
    if in_time:
        task.state, task.ended_at = TaskState.DECLINED, fact.declined_at
    task.decline_reason, task.decline_detail, task.decline_note = fact.reason, fact.detail, fact.note
    await _client_replied(acting, case, task, "info_task_declined", fact.declined_at, in_time=in_time)


async def _client_replied(
    acting: Acting, case: Case, task: InfoTask, act: str, at: datetime, *, in_time: bool
) -> None:
    acting.record(case, act, by=client_of(case), info_task_id=task.id, in_time=in_time)
    if case.state in OPEN:
        await clocks.resume_from_task(acting, case, task.id, at=at)
