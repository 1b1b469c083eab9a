"""Reads of the questions that experts keep."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select

from bpa_service.search.views.models import SearchView
from service_kit.db import ReadSession


async def seen_by(session: ReadSession, expert_id: UUID) -> Sequence[SearchView]:
    """Somebody's own, by name, then those that others share."""
    seen = select(SearchView).where(or_(SearchView.expert_id == expert_id, SearchView.shared))
    in_order = seen.order_by(SearchView.expert_id != expert_id, SearchView.name, SearchView.expert_id)
    return (await session.scalars(in_order)).all()
