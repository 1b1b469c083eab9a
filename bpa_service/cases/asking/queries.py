"""Reads of what clients are asked."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from bpa_service.cases.asking.models import InfoTask, TaskState
from bpa_service.cases.core.models import Case
from service_kit.db import ReadSession
from service_kit.http.problems import NotFound

OPEN_TASKS: Final = (
    select(func.count())
    .select_from(InfoTask)
    .where(InfoTask.case_id == Case.id, InfoTask.state == TaskState.OPEN)
    .correlate(Case)
    .scalar_subquery()
)
_SAID: Final = """
SELECT case_id, array_agg(concat_ws(E'\\n', question, answer, decline_note) ORDER BY asked_at, id)
FROM info_tasks WHERE case_id = ANY ($1::uuid[]) GROUP BY case_id
"""


async def open_tasks(session: ReadSession, case: Case) -> Sequence[InfoTask]:
    """What the client has neither done nor declined."""
    rows = await session.scalars(
        select(InfoTask)
        .where(InfoTask.case_id == case.id, InfoTask.state == TaskState.OPEN)
        .order_by(InfoTask.asked_at, InfoTask.id)
    )
    return rows.all()


async def task(session: ReadSession, case: Case, task_id: UUID) -> InfoTask:
    """One of the case. Raises NotFound."""
    found = await session.get(InfoTask, task_id)
    if found is None or found.case_id != case.id:
        raise NotFound
    return found


async def of_case(session: ReadSession, case_id: UUID) -> Sequence[InfoTask]:
    """Everything that was asked, the first question first."""
    asked = select(InfoTask).where(InfoTask.case_id == case_id)
    return (await session.scalars(asked.order_by(InfoTask.asked_at, InfoTask.id))).all()


async def questions_of(session: ReadSession, case_id: UUID) -> Mapping[UUID, str]:
    """What was asked by each info task of the case."""
    return {task.id: task.question for task in await of_case(session, case_id)}


async def said_in(session: ReadSession, case_ids: Collection[UUID]) -> Mapping[UUID, list[str]]:
    """What was asked and answered in each of these cases in which something was, the first question first."""
    return dict(map(tuple, await session.fetch(_SAID, list(case_ids))))
