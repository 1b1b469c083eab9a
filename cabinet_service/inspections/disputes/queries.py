"""Reads of disputes."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select

from cabinet_service.inspections.disputes.models import Dispute
from service_kit.db import ReadSession

_REASONS: Final = """
SELECT inspection_id, array_agg(reason ORDER BY opened_at) FROM disputes
WHERE inspection_id = ANY ($1::uuid[]) GROUP BY inspection_id
"""


async def disputes(session: ReadSession, inspection_id: UUID) -> Sequence[Dispute]:
    """The oldest first."""
    rows = await session.scalars(
        select(Dispute).where(Dispute.inspection_id == inspection_id).order_by(Dispute.opened_at)
    )
    return rows.all()


async def reasons_in(session: ReadSession, ids: Collection[UUID]) -> Mapping[UUID, list[str]]:
    """Why the client did not accept the answer, of each of these inspections in which they did not."""
    return dict(map(tuple, await session.fetch(_REASONS, list(ids))))
