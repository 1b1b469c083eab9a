"""Reads of what is said."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select, tuple_

from bpa_service.cases.talking.models import Message, Note
from service_kit.db import ReadSession
from service_kit.paging import Page

_MESSAGES: Final = """
SELECT case_id, array_agg(text ORDER BY posted_at, id) FROM messages WHERE case_id = ANY ($1::uuid[])
GROUP BY case_id
"""
_NOTES: Final = """
SELECT case_id, array_agg(text ORDER BY written_at, id) FROM notes WHERE case_id = ANY ($1::uuid[])
GROUP BY case_id
"""


async def messages(session: ReadSession, case_id: UUID, page: Page) -> Sequence[Message]:
    """The words between client and experts, the newest first.

    One more than the page holds, if there is one. The key is (`posted_at`, `id`).
    """
    statement = select(Message).where(Message.case_id == case_id)
    if page.after is not None:
        statement = statement.where(tuple_(Message.posted_at, Message.id) < page.after)
    ordered = statement.order_by(Message.posted_at.desc(), Message.id.desc())
    return (await session.scalars(ordered.limit(page.limit + 1))).all()


async def all_messages(session: ReadSession, case_id: UUID) -> Sequence[Message]:
    """The words between client and experts, the first one first."""
    said = select(Message).where(Message.case_id == case_id).order_by(Message.posted_at, Message.id)
    return (await session.scalars(said)).all()


async def notes(session: ReadSession, case_id: UUID) -> Sequence[Note]:
    """The words among experts, the first one first."""
    written = select(Note).where(Note.case_id == case_id).order_by(Note.written_at, Note.id)
    return (await session.scalars(written)).all()


async def messages_in(session: ReadSession, case_ids: Collection[UUID]) -> Mapping[UUID, list[str]]:
    """What client and experts said in each of these cases in which something was said, the first word first."""
    return dict(map(tuple, await session.fetch(_MESSAGES, list(case_ids))))


async def notes_in(session: ReadSession, case_ids: Collection[UUID]) -> Mapping[UUID, list[str]]:
    """The same of the words among experts."""
    return dict(map(tuple, await session.fetch(_NOTES, list(case_ids))))
