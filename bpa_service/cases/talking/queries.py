"""Reads of what is said."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, tuple_

from bpa_service.cases.talking.models import Message, Note
from service_kit.db import ReadSession
from service_kit.paging import Page


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
