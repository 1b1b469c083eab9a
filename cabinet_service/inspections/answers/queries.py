"""Reads of answers."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import exists, func, select

from cabinet_service.inspections.answers.models import Decision
from cabinet_service.inspections.core.models import Inspection
from service_kit.db import ReadSession
from shared_schemas.events.bpa_v1 import DecisionView
from shared_schemas.words import Verdict

_NEWEST: Final = """
SELECT DISTINCT ON (inspection_id) inspection_id, body FROM decisions
WHERE inspection_id = ANY ($1::uuid[]) AND NOT preliminary ORDER BY inspection_id, version DESC
"""


class Given(NamedTuple):
    """That there is a version of the answer, whether its report is here by now or not."""

    version: int
    decided_at: datetime


async def decisions(session: ReadSession, inspection_id: UUID) -> Sequence[Decision]:
    """All versions, the oldest first."""
    rows = await session.scalars(
        select(Decision).where(Decision.inspection_id == inspection_id).order_by(Decision.version)
    )
    return rows.all()


async def given(session: ReadSession, inspection_id: UUID) -> Sequence[Given]:
    """The versions that have reached the client, the oldest first; a first word is none."""
    rows = await session.execute(
        select(Decision.version, Decision.decided_at)
        .where(Decision.inspection_id == inspection_id, ~Decision.preliminary)
        .order_by(Decision.version)
    )
    return [Given(version, decided_at) for version, decided_at in rows]


async def is_answered(session: ReadSession, inspection: Inspection) -> bool:
    """Whether an answer has reached the client; a first word is none."""
    final = exists().where(Decision.inspection_id == inspection.id, ~Decision.preliminary)
    return bool(await session.scalar(select(final)))


async def versions_of(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, int]:
    """The newest version that reached the client, of those inspections that have one; a first word is none."""
    rows = await session.execute(
        select(Decision.inspection_id, func.max(Decision.version))
        .where(Decision.inspection_id.in_(ids), ~Decision.preliminary)
        .group_by(Decision.inspection_id)
    )
    return {row[0]: row[1] for row in rows}


async def verdicts_of(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, Verdict]:
    """What the newest version says, of those inspections that have one."""
    versions = await session.execute(
        select(Decision.inspection_id, Decision.body["verdict"].astext)
        .where(Decision.inspection_id.in_(ids))
        .order_by(Decision.version)
    )
    return {inspection_id: Verdict(verdict) for inspection_id, verdict in versions}


async def newest_of(session: ReadSession, ids: Collection[UUID]) -> Mapping[UUID, DecisionView]:
    """The answer that counts, of those inspections that have one; a first word is none."""
    rows = await session.fetch(_NEWEST, list(ids))
    return {row["inspection_id"]: DecisionView.model_validate(row["body"]) for row in rows}
