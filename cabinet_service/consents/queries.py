"""Reads of consents."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select

from cabinet_service.consents.documents import IN_FORCE, Document
from cabinet_service.consents.errors import ConsentRequired
from cabinet_service.consents.models import ConsentAct, ConsentRecord
from service_kit.db import ReadSession

_LAST: Final = (
    select(ConsentRecord)
    .where(
        ConsentRecord.account_id == bindparam("account_id"), ConsentRecord.document == bindparam("document")
    )
    .order_by(ConsentRecord.id.desc())
    .limit(1)
)


async def records(session: ReadSession, account_id: UUID) -> Sequence[ConsentRecord]:
    """Everything that the client gave and withdrew, the oldest first."""
    rows = await session.scalars(
        select(ConsentRecord).where(ConsentRecord.account_id == account_id).order_by(ConsentRecord.id)
    )
    return rows.all()


async def last(session: ReadSession, account_id: UUID, document: Document) -> ConsentRecord | None:
    """The record that holds; None if the client never said anything about the document."""
    return await session.scalar(_LAST, {"account_id": account_id, "document": document})


async def require(session: ReadSession, account_id: UUID, document: Document) -> None:
    """Raises ConsentRequired unless the client has agreed to the version that is in force."""
    if not is_in_force(await last(session, account_id, document)):
        raise ConsentRequired(document=document, version=IN_FORCE[document])


def is_in_force(record: ConsentRecord | None) -> bool:
    """Whether it gives what is asked for now."""
    return (
        record is not None and record.act is ConsentAct.GIVEN and record.version >= IN_FORCE[record.document]
    )
