"""Reads of disputes."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select

from bpa_service.cases.disputes.models import Dispute
from service_kit.db import ReadSession

_REASONS: Final = """
SELECT case_id, array_agg(reason ORDER BY opened_at) FROM disputes WHERE case_id = ANY ($1::uuid[])
GROUP BY case_id
"""


async def of_case(session: ReadSession, case_id: UUID) -> Sequence[Dispute]:
    """What the client did not accept, the first time first."""
    opened = select(Dispute).where(Dispute.case_id == case_id).order_by(Dispute.opened_at)
    return (await session.scalars(opened)).all()


async def reasons_in(session: ReadSession, case_ids: Collection[UUID]) -> Mapping[UUID, list[str]]:
    """Why clients did not accept the answer, of each of these cases in which they did not."""
    return dict(map(tuple, await session.fetch(_REASONS, list(case_ids))))
