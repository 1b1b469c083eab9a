"""Reads of badges."""

from uuid import UUID

from sqlalchemy import select

from cabinet_service.reports.badges.models import ReportBadge
from service_kit.db import ReadSession


async def standing(session: ReadSession, inspection_id: UUID) -> ReportBadge | None:
    """The badge of an inspection that was not ended, whether its time is over or not."""
    found = select(ReportBadge).where(
        ReportBadge.inspection_id == inspection_id, ReportBadge.revoked_at.is_(None)
    )
    return await session.scalar(found)


async def by_token(session: ReadSession, token_sha256: bytes) -> ReportBadge | None:
    """The badge of that token, whatever became of it."""
    return await session.scalar(select(ReportBadge).where(ReportBadge.token_sha256 == token_sha256))
