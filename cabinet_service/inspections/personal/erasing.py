"""Erasing inspections: what is personal goes, from the rows and from the log; that they were there stays."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from cabinet_service.accounts.domain import Client, Membership, Role
from cabinet_service.db.models import Base
from cabinet_service.db.tables import TABLES
from cabinet_service.inspections.core.acting import Acting, ClientActing
from cabinet_service.inspections.core.domain import ACTS, Act
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.ending import service as ending
from cabinet_service.photos import service as photos
from cabinet_service.ports import FileStore
from cabinet_service.webhooks import service as webhooks
from service_kit.db import ReadSession, Session
from service_kit.forgetting import forget, forget_names, forget_rows
from shared_schemas.events.cabinet_v1 import InspectionErasedV1


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


async def oldest_test(session: ReadSession, *, before: datetime) -> Inspection | None:
    """The oldest test that was begun before then, and is not erased yet."""
    return await session.scalar(
        select(Inspection)
        .where(Inspection.is_test, Inspection.erased_at.is_(None), Inspection.created_at < before)
        .order_by(Inspection.created_at)
        .limit(1)
    )


async def erase(acting: Acting, inspection_id: UUID, *, files: FileStore) -> bool:
    """Erase an inspection; one that still runs is cancelled first. Done again it changes nothing.

    Returns whether the experts' side knows of it: it is told, and confirms once it has erased it too.
    """
    session, now = acting.session, acting.now
    inspection = await acting.lock(inspection_id)
    is_known = inspection.submitted_at is not None
    if inspection.erased_at is not None:
        return is_known
    if inspection.state in ACTS[Act.CANCEL]:
        client = Client(inspection.account_id, None, "ru", _memberships(inspection))
        await ending.cancel(ClientActing(session=session, now=now, client=client), inspection.id, None)
    await photos.erase(session, inspection.id, files=files, now=now)
    await webhooks.forget_inspection(session, inspection.id)
    forget(inspection)
    inspection.version += 1
    inspection.updated_at = inspection.erased_at = now
    await forget_rows(session, Base, "inspection_id", inspection.id, client_id=inspection.account_id)
    if is_known:
        await acting.announce(InspectionErasedV1(inspection_id=inspection.id, erased_at=now))
    await TABLES.redaction.redact(session, inspection.id)
    return is_known


def _memberships(inspection: Inspection) -> tuple[Membership, ...]:
    """In whose name it was ordered, it is cancelled."""
    if inspection.company_id is None:
        return ()
    return (Membership(inspection.company_id, inspection.branch_id, Role.PARTNER_AGENT),)


async def forget_name(session: Session, account_id: UUID, *, company_ids: Collection[UUID]) -> None:
    """Leave no name of the person in the inspections of these companies, which keep everything else."""
    of_companies = select(Inspection.id).where(Inspection.company_id.in_(company_ids)).scalar_subquery()
    await forget_names(session, Base, "inspection_id", of_companies, client_id=account_id)
