"""Reads of what the experts ask."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from cabinet_service.inspections.core.domain import TaskState
from cabinet_service.inspections.core.models import InfoTask
from service_kit.db import ReadSession
from service_kit.http.problems import NotFound

_SAID: Final = """
SELECT inspection_id, array_agg(concat_ws(E'\\n', question, answer, decline_note) ORDER BY created_at, id)
FROM info_tasks WHERE inspection_id = ANY ($1::uuid[]) GROUP BY inspection_id
"""


async def info_tasks(session: ReadSession, inspection_id: UUID) -> Sequence[InfoTask]:
    """In the order in which they were asked."""
    rows = await session.scalars(
        select(InfoTask)
        .where(InfoTask.inspection_id == inspection_id)
        .order_by(InfoTask.created_at, InfoTask.id)
    )
    return rows.all()


async def info_task(session: ReadSession, inspection_id: UUID, task_id: UUID) -> InfoTask:
    """Raises NotFound."""
    task = await session.get(InfoTask, task_id)
    if task is None or task.inspection_id != inspection_id:
        raise NotFound
    return task


async def by_id(session: ReadSession, task_id: UUID) -> InfoTask | None:
    """Whoever's it is: who acts on it has its inspection first."""
    return await session.get(InfoTask, task_id)


async def open_of(session: ReadSession, ids: Collection[UUID]) -> Sequence[InfoTask]:
    """What is open of these inspections, the oldest question first."""
    rows = await session.scalars(
        select(InfoTask)
        .where(InfoTask.inspection_id.in_(ids), InfoTask.state == TaskState.OPEN)
        .order_by(InfoTask.created_at, InfoTask.id)
    )
    return rows.all()


async def open_tasks_of(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, int]:
    """How many questions are open, of those inspections that have one."""
    counted = await session.execute(
        select(InfoTask.inspection_id, func.count())
        .where(InfoTask.inspection_id.in_(ids), InfoTask.state == TaskState.OPEN)
        .group_by(InfoTask.inspection_id)
    )
    return {row[0]: row[1] for row in counted}


async def said_in(session: ReadSession, ids: Collection[UUID]) -> Mapping[UUID, list[str]]:
    """What was asked and answered in each of these inspections in which something was."""
    return dict(map(tuple, await session.fetch(_SAID, list(ids))))
