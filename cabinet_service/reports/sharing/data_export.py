"""What clients get of the links that they gave out, when they take their data along."""

from collections.abc import AsyncGenerator
from uuid import UUID

from sqlalchemy import Select, select

from cabinet_service.db.rows import Json, each
from cabinet_service.reports.sharing.models import ReportShare
from service_kit.db import Session
from service_kit.forgetting import exported


async def rows(session: Session, *, of: Select[UUID]) -> AsyncGenerator[tuple[str, Json]]:
    """The links to the reports of these inspections."""
    given = select(ReportShare).where(ReportShare.inspection_id.in_(of.scalar_subquery()))
    async for share in each(session, given.order_by(ReportShare.created_at)):
        yield "shares", exported(share)
