"""Telling clients what happened. The message itself goes out from the worker."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import and_, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts.domain import Contact, ContactKind
from cabinet_service.db.rows import Json, each
from cabinet_service.db.tables import outbox
from cabinet_service.notifications.kinds import NotificationKind, NotificationState
from cabinet_service.notifications.models import Notification
from cabinet_service.notifications.work import SendNotification
from service_kit import pruning
from service_kit.db import ReadSession, Session
from service_kit.forgetting import exported
from service_kit.ids import new_id

KEPT_FOR: Final = timedelta(days=180)


async def tell(
    session: Session,
    *,
    event_id: UUID,
    account_id: UUID,
    kind: NotificationKind,
    inspection_id: UUID,
    number: str,
    info_task_id: UUID | None = None,
    now: datetime,
) -> None:
    """Have a client told once about an event (`Incoming.event_id`), in the transaction that takes it in.

    `info_task_id` names the task that the client is asked for; bpa learns when they were (`handlers`).
    """
    notification_id = await session.scalar(
        insert(Notification)
        .values(
            id=new_id(),
            event_id=event_id,
            account_id=account_id,
            kind=kind,
            inspection_id=inspection_id,
            inspection_number=number,
            info_task_id=info_task_id,
            state=NotificationState.PENDING,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=[Notification.event_id, Notification.account_id])
        .returning(Notification.id)
    )
    if notification_id is not None:
        await outbox.enqueue(session, SendNotification(notification_id=notification_id), now=now)


async def withdraw_info_task(session: Session, info_task_id: UUID, *, now: datetime) -> None:
    """Do not tell about a task that is no longer open, if nobody has been told yet.

    A message that is on its way right now is not waited for.
    """
    unsent = (
        select(Notification.id)
        .where(Notification.info_task_id == info_task_id, Notification.state == NotificationState.PENDING)
        .with_for_update(skip_locked=True)
    )
    await session.execute(
        update(Notification)
        .where(Notification.id.in_(unsent))
        .values(state=NotificationState.WITHDRAWN, settled_at=now)
    )


async def newest(session: ReadSession, account_id: UUID, *, most: int) -> list[Notification]:
    """What the client was told last, and what became of it."""
    of_client = select(Notification).where(Notification.account_id == account_id)
    found = await session.scalars(of_client.order_by(Notification.created_at.desc()).limit(most))
    return list(found)


async def contact_by(session: ReadSession, account_id: UUID, channel: ContactKind) -> Contact | None:
    """The client's contact of this kind that is tried first."""
    contacts = await accounts.contacts_of(session, account_id)
    return next((contact for contact in contacts if contact.kind is channel), None)


async def rows(session: Session, account_id: UUID) -> AsyncGenerator[tuple[str, Json]]:
    """What a client takes along of this: what they were told, when, and over which channel."""
    of_client = select(Notification).where(Notification.account_id == account_id)
    async for told in each(session, of_client.order_by(Notification.created_at)):
        yield "notifications", exported(told)


async def forget_old(session: Session, now: datetime) -> bool:
    """Forget what was told half a year ago; whether there may be more. Nobody looks it up any more by then."""
    over = and_(
        pruning.made_before(Notification.id, now - KEPT_FOR),
        Notification.state != NotificationState.PENDING,
    )
    return await pruning.prune(session, Notification, over)


async def erase(session: Session, account_id: UUID) -> None:
    """Forget what the client was told; what is still to be told is not. One that is on its way is waited for."""
    await session.execute(delete(Notification).where(Notification.account_id == account_id))
