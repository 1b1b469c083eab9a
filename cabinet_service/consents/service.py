"""Giving consent, and withdrawing it."""

from collections.abc import AsyncGenerator
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts.domain import Language
from cabinet_service.consents import documents, queries
from cabinet_service.consents.documents import IN_FORCE, Document
from cabinet_service.consents.errors import ConsentNotGiven, ConsentOutdated
from cabinet_service.consents.models import ConsentAct, ConsentRecord
from cabinet_service.db.rows import Json, each
from service_kit.db import Session
from service_kit.forgetting import exported, forget
from service_kit.ids import new_id


async def give(
    session: Session,
    account_id: UUID,
    document: Document,
    version: int,
    *,
    language: Language,
    network: str,
    now: datetime,
) -> ConsentRecord:
    """Record that the client agreed to these words. Raises ConsentOutdated for any but those in force."""
    if version != IN_FORCE[document]:
        raise ConsentOutdated(document=document, version=IN_FORCE[document])
    await accounts.lock(session, account_id)
    held = await queries.last(session, account_id, document)
    if held is not None and queries.is_in_force(held):
        return held
    return _record(session, ConsentAct.GIVEN, account_id, document, version, language, network, now)


async def withdraw(
    session: Session, account_id: UUID, document: Document, *, network: str, now: datetime
) -> ConsentRecord:
    """Take back what was given. What was sent already goes on. Raises ConsentNotGiven."""
    await accounts.lock(session, account_id)
    held = await queries.last(session, account_id, document)
    if held is None or held.act is ConsentAct.WITHDRAWN:
        raise ConsentNotGiven(document=document)
    # About the words that were agreed to, whichever are in force by now.
    return _record(
        session,
        ConsentAct.WITHDRAWN,
        account_id,
        document,
        held.version,
        "en" if held.language == "en" else "ru",
        network,
        now,
    )


def _record(
    session: Session,
    act: ConsentAct,
    account_id: UUID,
    document: Document,
    version: int,
    language: Language,
    network: str,
    now: datetime,
) -> ConsentRecord:
    record = ConsentRecord(
        id=new_id(),
        account_id=account_id,
        document=document,
        version=version,
        act=act,
        language=language,
        text_sha256=documents.wording(document, version, language).sha256,
        network=network,
        recorded_at=now,
    )
    session.add(record)
    return record


async def rows(session: Session, account_id: UUID) -> AsyncGenerator[tuple[str, Json]]:
    """What a client takes along of this: what they gave and withdrew, and to which words."""
    of_client = select(ConsentRecord).where(ConsentRecord.account_id == account_id)
    async for record in each(session, of_client.order_by(ConsentRecord.id)):
        yield "consents", exported(record)


async def erase(session: Session, account_id: UUID) -> None:
    """Forget from where the client gave and withdrew. That they did, and to which words, stays as proof."""
    for record in await session.scalars(select(ConsentRecord).where(ConsentRecord.account_id == account_id)):
        forget(record)
