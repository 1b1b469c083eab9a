"""Reads of disputes."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from cabinet_service.inspections.disputes.models import Dispute
from service_kit.db import ReadSession


async def disputes(session: ReadSession, inspection_id: UUID) -> Sequence[Dispute]:
    """The oldest first."""
    rows = await session.scalars(
        select(Dispute).where(Dispute.inspection_id == inspection_id).order_by(Dispute.opened_at)
    )
    return rows.all()
