"""Erasing inspections: what is personal goes, from the rows and from the log; that they were there stays."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Update, select, update

from cabinet_service.accounts.domain import Client
from cabinet_service.db.tables import outbox, redaction
from cabinet_service.inspections.domain import ACTS, Act, Role
from cabinet_service.inspections.models import (
    Decision,
    Dispute,
    InfoTask,
    Inspection,
    Message,
    TimelineEntry,
)
from cabinet_service.inspections.service import endings
from cabinet_service.photos import service as photos
from cabinet_service.ports import FileStore
from service_kit.db import ReadSession, Session
from shared_schemas.events.bpa_v1 import DecisionView
from shared_schemas.events.cabinet_v1 import InspectionErasedV1
from shared_schemas.personal import ERASED, redact


async def own_and_left(session: ReadSession, account_id: UUID) -> list[UUID]:
    """What the client ordered in their own name, and is not erased yet."""
    rows = await session.scalars(
        select(Inspection.id).where(
            Inspection.account_id == account_id,
            Inspection.company_id.is_(None),
            Inspection.erased_at.is_(None),
        )
    )
    return list(rows)


async def erase(session: Session, inspection_id: UUID, *, files: FileStore, now: datetime) -> bool:
    """Erase an inspection; one that still runs is cancelled first. Done again it changes nothing.

    Returns whether the experts' side knows of it: it is told, and confirms once it has erased it too.
    """
    inspection = await session.get_one(
        Inspection, inspection_id, with_for_update=True, populate_existing=True
    )
    is_known = inspection.submitted_at is not None
    if inspection.erased_at is not None:
        return is_known
    if inspection.state in ACTS[Act.CANCEL]:
        client = Client(inspection.account_id, None, "ru", ())
        await endings.cancel(session, inspection.id, None, client=client, now=now)
    await photos.erase(session, inspection.id, files=files, now=now)
    _forget_words(inspection)
    inspection.version += 1
    inspection.updated_at = inspection.erased_at = now
    await session.flush()
    for statement in _words_of(inspection.id):
        await session.execute(statement.execution_options(synchronize_session=False))
    await _redact_decisions(session, inspection.id)
    if is_known:
        await outbox.add(session, InspectionErasedV1(inspection_id=inspection.id, erased_at=now), now=now)
    await redaction.redact(session, inspection.id)
    return is_known


def _forget_words(inspection: Inspection) -> None:
    inspection.identifier_typed = inspection.identifier = None
    inspection.plate_typed = inspection.plate = None
    inspection.make = inspection.model = None
    inspection.year = inspection.mileage_km = None
    inspection.advert_url = inspection.worry = None
    inspection.ended_reason = inspection.ended_note = None


def _words_of(inspection_id: UUID) -> tuple[Update, ...]:
    """Statements that forget what client and experts wrote, and what the client is called."""

    def of(table: type[InfoTask | Message | Dispute | TimelineEntry], **values: Any) -> Update:
        return update(table).where(table.inspection_id == inspection_id).values(values)

    return (
        of(InfoTask, question=ERASED, place=None, answer=None, decline_note=None),
        of(Message, text=ERASED),
        of(Message, author_name=None).where(Message.author_role == Role.CLIENT),
        of(Dispute, reason=ERASED),
        of(TimelineEntry, actor_name=None).where(TimelineEntry.actor_role == Role.CLIENT),
        of(TimelineEntry, data=TimelineEntry.data.op("-")("reason")),
    )


async def _redact_decisions(session: Session, inspection_id: UUID) -> None:
    rows = await session.scalars(select(Decision).where(Decision.inspection_id == inspection_id))
    for row in rows.all():
        row.body = redact(DecisionView.model_validate(row.body)).model_dump(mode="json")


async def forget_name(session: Session, account_id: UUID, *, company_ids: Collection[UUID]) -> None:
    """Leave no name of the person in the inspections of these companies, which keep everything else."""
    of_companies = select(Inspection.id).where(Inspection.company_id.in_(company_ids)).scalar_subquery()
    for table, author in ((Message, Message.author_id), (TimelineEntry, TimelineEntry.actor_id)):
        name = "author_name" if table is Message else "actor_name"
        await session.execute(
            update(table)
            .where(table.inspection_id.in_(of_companies), author == account_id)
            .values({name: None})
            .execution_options(synchronize_session=False)
        )
