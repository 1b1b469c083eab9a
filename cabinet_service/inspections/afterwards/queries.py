"""Reads of what was said of answers."""

from uuid import UUID

from sqlalchemy import select

from cabinet_service.inspections.afterwards.models import Outcome, Rating
from service_kit.db import ReadSession


async def newest_rating(session: ReadSession, inspection_id: UUID, *, version: int) -> Rating | None:
    """What the client thinks of that version, if they said so."""
    wanted = select(Rating).where(Rating.inspection_id == inspection_id, Rating.decision_version == version)
    return await session.scalar(wanted)


async def outcome(session: ReadSession, inspection_id: UUID) -> Outcome | None:
    """What came of it, or that it was asked for."""
    return await session.scalar(select(Outcome).where(Outcome.inspection_id == inspection_id))
