"""Keeping questions. Of what somebody does on two devices the last counts, each view by itself.

One's own are nobody else's business and leave no trace; what is shared is audited.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from bpa_service.experts import queries as experts
from bpa_service.experts.domain import Expert, Role
from bpa_service.search.errors import OthersView, TooManyViews
from bpa_service.search.schemas import SearchViewIn
from bpa_service.search.views.models import SearchView
from service_kit import audit
from service_kit.db import Session
from service_kit.http.problems import NotFound

MOST_VIEWS: Final = 50
KEEPERS: Final = frozenset({Role.SHIFT_LEAD, Role.BPA_ADMIN})
"""They may change and drop what others share."""


def may_change(view: SearchView, by: Expert) -> bool:
    return view.expert_id == by.id or by.role in KEEPERS


async def keep(session: Session, view: SearchViewIn, *, owner: UUID, by: Expert, now: datetime) -> None:
    """Keep a question in place of the owner's of its name. That of somebody else stays shared.

    Raises NotFound, OthersView or TooManyViews.
    """
    kept = await _kept(session, owner, view.name, by)
    if kept is None and owner != by.id:
        raise NotFound
    if kept is None:
        count = select(func.count()).select_from(SearchView).where(SearchView.expert_id == owner)
        if (await session.scalar(count) or 0) >= MOST_VIEWS:
            raise TooManyViews(most=MOST_VIEWS)
    is_shared = view.shared or owner != by.id
    values = {"query": view.query.model_dump(mode="json"), "shared": is_shared, "saved_at": now}
    # Another device of theirs may keep the same name at this moment.
    statement = insert(SearchView).values(expert_id=owner, name=view.name, **values)
    await session.execute(statement.on_conflict_do_update(index_elements=["expert_id", "name"], set_=values))
    if is_shared:
        _leave_trace(session, "search_view_shared", owner, by=by, now=now)
    elif kept is not None and kept.shared:
        _leave_trace(session, "search_view_unshared", owner, by=by, now=now)


async def drop(session: Session, name: str, *, owner: UUID, by: Expert, now: datetime) -> None:
    """Keep it no longer. What is kept no longer already stays so. Raises OthersView."""
    kept = await _kept(session, owner, name, by)
    if kept is not None:
        session.delete(kept)
        if kept.shared:
            _leave_trace(session, "search_view_dropped", owner, by=by, now=now)


async def _kept(session: Session, owner: UUID, name: str, by: Expert) -> SearchView | None:
    """The view, if there is one that they may see, which they may change. Raises OthersView."""
    mine = select(SearchView).where(SearchView.expert_id == owner, SearchView.name == name)
    kept = await session.scalar(mine)
    if kept is not None and not may_change(kept, by):
        raise OthersView(owner=(await experts.names(session, {owner}))[owner])
    return kept


def _leave_trace(session: Session, act: str, owner: UUID, *, by: Expert, now: datetime) -> None:
    # Not its name: what people write does not belong on the audit log.
    audit.record(session, act, by=by, now=now, details={"owner": owner})
