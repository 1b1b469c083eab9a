"""Reads of links to cars. Whoever calls has made sure that the inspection is theirs to see."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from cabinet_service.inspections.core.models import TimelineEntry
from cabinet_service.inspections.yard.models import YardLink
from service_kit.db import ReadSession
from service_kit.http.problems import NotFound

MOST_LISTED: Final = 50
MOST_USES: Final = 500


async def links(session: ReadSession, inspection_id: UUID) -> Sequence[YardLink]:
    """The links to the car of an inspection, the youngest first."""
    rows = await session.scalars(
        select(YardLink)
        .where(YardLink.inspection_id == inspection_id)
        .order_by(YardLink.created_at.desc(), YardLink.id.desc())
        .limit(MOST_LISTED)
    )
    return rows.all()


async def uses(session: ReadSession, inspection_id: UUID) -> Mapping[str, list[TimelineEntry]]:
    """What was done by each link, the newest first: what the timeline tells with its id."""
    rows = await session.scalars(
        select(TimelineEntry)
        .where(TimelineEntry.inspection_id == inspection_id, TimelineEntry.data.has_key("link_id"))
        .order_by(TimelineEntry.at.desc(), TimelineEntry.id.desc())
        .limit(MOST_USES)
    )
    found: dict[str, list[TimelineEntry]] = {}
    for row in rows:
        found.setdefault(row.data["link_id"], []).append(row)
    return found


async def count_live(session: ReadSession, inspection_id: UUID, *, now: datetime) -> int:
    """How many links to this car work."""
    live = select(func.count()).where(
        YardLink.inspection_id == inspection_id, YardLink.revoked_at.is_(None), YardLink.expires_at > now
    )
    return await session.scalar(live) or 0


async def with_live_links(
    session: ReadSession, inspection_ids: Collection[UUID], *, now: datetime
) -> Collection[UUID]:
    """Those of these inspections to whose car a link works."""
    rows = await session.scalars(
        select(YardLink.inspection_id)
        .where(YardLink.inspection_id.in_(inspection_ids))
        .where(YardLink.revoked_at.is_(None), YardLink.expires_at > now)
        .distinct()
    )
    return set(rows)


async def by_token(session: ReadSession, token_sha256: bytes) -> YardLink | None:
    """The link of that token, whatever became of it."""
    return await session.scalar(select(YardLink).where(YardLink.token_sha256 == token_sha256))


async def one(session: ReadSession, link_id: UUID, *, inspection_id: UUID) -> YardLink:
    """Raises NotFound."""
    found = await session.get(YardLink, link_id)
    if found is None or found.inspection_id != inspection_id:
        raise NotFound
    return found
