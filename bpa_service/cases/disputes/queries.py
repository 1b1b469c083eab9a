"""Reads of disputes."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from bpa_service.cases.disputes.models import Dispute
from service_kit.db import ReadSession


async def of_case(session: ReadSession, case_id: UUID) -> Sequence[Dispute]:
    """What the client did not accept, the first time first."""
    opened = select(Dispute).where(Dispute.case_id == case_id).order_by(Dispute.opened_at)
    return (await session.scalars(opened)).all()
