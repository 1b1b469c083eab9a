"""Reads of ordered histories."""

from uuid import UUID

from bpa_service.histories.models import HistoryOrder
from service_kit.db import ReadSession


async def order(session: ReadSession, history_id: UUID) -> HistoryOrder | None:
    """The order, unless it is erased."""
    found = await session.get(HistoryOrder, history_id)
    return None if found is None or found.erased_at is not None else found
