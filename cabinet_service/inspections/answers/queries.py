"""Reads of answers."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import exists, select

from cabinet_service.inspections.answers.models import Decision
from cabinet_service.inspections.core.models import Inspection
from service_kit.db import ReadSession
from shared_schemas.words import Verdict


async def decisions(session: ReadSession, inspection_id: UUID) -> Sequence[Decision]:
    """All versions, the oldest first."""
    rows = await session.scalars(
        select(Decision).where(Decision.inspection_id == inspection_id).order_by(Decision.version)
    )
    return rows.all()


async def is_answered(session: ReadSession, inspection: Inspection) -> bool:
    """Whether an answer has reached the client; a first word is none."""
    final = exists().where(Decision.inspection_id == inspection.id, ~Decision.preliminary)
    return bool(await session.scalar(select(final)))


async def verdicts_of(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, Verdict]:
    """What the newest version says, of those inspections that have one."""
    versions = await session.execute(
        select(Decision.inspection_id, Decision.body["verdict"].astext)
        .where(Decision.inspection_id.in_(ids))
        .order_by(Decision.version)
    )
    return {inspection_id: Verdict(verdict) for inspection_id, verdict in versions}
