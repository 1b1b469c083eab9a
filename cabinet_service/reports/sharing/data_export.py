"""What clients get of the links that they gave out, when they take their data along."""

from collections.abc import AsyncGenerator
from uuid import UUID

from sqlalchemy import Select, or_, select

from cabinet_service.db.rows import Json, each
from cabinet_service.reports.sharing.models import ReportShare
from service_kit.db import Session
from service_kit.forgetting import exported


async def rows(
    session: Session, *, of: Select[UUID], histories: Select[UUID]
) -> AsyncGenerator[tuple[str, Json]]:
    """The links to the reports of these inspections and ordered histories."""
    own = or_(
        ReportShare.inspection_id.in_(of.scalar_subquery()),
        ReportShare.history_id.in_(histories.scalar_subquery()),
    )
    given = select(ReportShare).where(own)
    async for share in each(session, given.order_by(ReportShare.created_at)):
        yield "shares", exported(share)
