"""Reads of the experts' clock as they last told it."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from cabinet_service.inspections.core.models import ClockMirror
from service_kit.db import ReadSession
from shared_schemas.clock import Clock


async def clock(session: ReadSession, inspection_id: UUID, number: int | None = None) -> Clock | None:
    """The clock with this number, or else the last one; None if there is none."""
    statement = (
        select(ClockMirror.facts)
        .where(ClockMirror.inspection_id == inspection_id)
        .order_by(ClockMirror.number.desc())
        .limit(1)
    )
    if number is not None:
        statement = statement.where(ClockMirror.number == number)
    facts = await session.scalar(statement)
    return None if facts is None else Clock.model_validate(facts)


async def clocks_of(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, Clock]:
    """The last clock, of those inspections that have one."""
    mirrored = await session.execute(
        select(ClockMirror.inspection_id, ClockMirror.facts)
        .where(ClockMirror.inspection_id.in_(ids))
        .order_by(ClockMirror.number)
    )
    return {row.inspection_id: Clock.model_validate(row.facts) for row in mirrored}
