"""What clients were told, for them and for support, and how long that is kept."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import and_, delete, exists, select

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts.domain import Contact, ContactKind
from cabinet_service.db.rows import Json, each
from cabinet_service.notifications import people
from cabinet_service.notifications.models import Address, Choice, Delivery, Notification
from cabinet_service.notifications.notices import notices
from service_kit import live, pruning
from service_kit.db import ReadSession, Session
from service_kit.forgetting import exported
from service_kit.notifying import rules
from service_kit.notifying.notices import SEEN
from service_kit.notifying.rules import DeliveryState

KEPT_FOR: Final = timedelta(days=180)
IN_THE_APP: Final = "app"


async def see(session: Session, account_id: UUID, subject_id: UUID | None, *, now: datetime) -> None:
    """The client has seen what they were told, in the app. A question that no channel took yet is known now."""
    seen = await notices.see(session, account_id, subject_id=subject_id, now=now)
    if seen:
        live.announce(session, audience=f"account:{account_id}", kind=SEEN, subject_id=account_id)
    was_told = exists().where(Delivery.notification_id == Notification.id, Delivery.state.in_(rules.REACHED))
    questions = select(Notification).where(
        Notification.id.in_(seen), Notification.task_id.is_not(None), ~was_told
    )
    for one in (await session.scalars(questions)).all():
        await people.announce(session, one, IN_THE_APP, now)


async def contact_by(session: ReadSession, account_id: UUID, channel: ContactKind) -> Contact | None:
    """The client's contact of this kind that is tried first."""
    contacts = await accounts.contacts_of(session, account_id)
    return next((contact for contact in contacts if contact.kind is channel), None)


async def rows(session: Session, account_id: UUID) -> AsyncGenerator[tuple[str, Json]]:
    """What a client takes along of this: what they were told, when, and over which channel."""
    of_client = select(Notification).where(Notification.person_id == account_id)
    async for told in each(session, of_client.order_by(Notification.created_at)):
        yield "notifications", exported(told)
    for table in (Delivery, Address, Choice):
        of_table = select(table).where(table.person_id == account_id).order_by(*table.__table__.primary_key)
        async for row in each(session, of_table):
            yield table.__tablename__, exported(row)


async def forget_old(session: Session, now: datetime) -> bool:
    """Forget what was told half a year ago; whether there may be more. Nobody looks it up any more by then."""
    waits = exists().where(
        Delivery.notification_id == Notification.id, Delivery.state == DeliveryState.QUEUED
    )
    over = and_(pruning.made_before(Notification.id, now - KEPT_FOR), ~waits)
    return await pruning.prune(session, Notification, over)


async def erase_about(session: Session, account_id: UUID, subject_id: UUID) -> None:
    """The same of one order of the client's."""
    about = (Notification.person_id == account_id, Notification.subject_id == subject_id)
    await notices.lock(session, *about)
    await session.execute(delete(Notification).where(*about))


async def erase(session: Session, account_id: UUID) -> None:
    """Forget what the client was told; what is still to be told is not. What is on its way is not waited for."""
    await notices.lock(session, Notification.person_id == account_id)
    for table in (Delivery, Notification, Address, Choice):
        await session.execute(delete(table).where(table.person_id == account_id))
