"""What clients get of the badges that they made, when they take their data along."""

from collections.abc import AsyncGenerator
from uuid import UUID

from sqlalchemy import Select, select

from cabinet_service.db.rows import Json, each
from cabinet_service.reports.badges.models import ReportBadge
from service_kit.db import Session
from service_kit.forgetting import exported


async def rows(session: Session, *, of: Select[UUID]) -> AsyncGenerator[tuple[str, Json]]:
    """The badges of these inspections."""
    made = select(ReportBadge).where(ReportBadge.inspection_id.in_(of.scalar_subquery()))
    async for badge in each(session, made.order_by(ReportBadge.created_at)):
        yield "badges", exported(badge)
