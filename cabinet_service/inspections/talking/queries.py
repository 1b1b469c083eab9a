"""Reads of messages."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select, tuple_

from cabinet_service.inspections.talking.models import Message
from service_kit.db import ReadSession
from service_kit.paging import Page

_IN: Final = """
SELECT inspection_id, array_agg(text ORDER BY posted_at, id) FROM messages
WHERE inspection_id = ANY ($1::uuid[]) GROUP BY inspection_id
"""


async def messages(session: ReadSession, inspection_id: UUID, *, page: Page) -> Sequence[Message]:
    """One more than a page, the oldest first. `page.after` is (posted_at, id)."""
    statement = select(Message).where(Message.inspection_id == inspection_id)
    if page.after is not None:
        statement = statement.where(tuple_(Message.posted_at, Message.id) > page.after)
    rows = await session.scalars(statement.order_by(Message.posted_at, Message.id).limit(page.limit + 1))
    return rows.all()


async def messages_in(session: ReadSession, ids: Collection[UUID]) -> Mapping[UUID, list[str]]:
    """What was said in each of these inspections in which something was, the first word first."""
    return dict(map(tuple, await session.fetch(_IN, list(ids))))
