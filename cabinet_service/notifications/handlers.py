"""The worker's part: sending."""

from datetime import datetime

import structlog
from sqlalchemy import func, select

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts.domain import ContactKind, code_of
from cabinet_service.accounts.work import SendSignInCode
from cabinet_service.db.tables import outbox
from cabinet_service.notifications import channels, service, texts
from cabinet_service.notifications.kinds import NotificationState
from cabinet_service.notifications.models import Notification
from cabinet_service.notifications.work import SendNotification, SendTestMessage
from cabinet_service.ports import Ports
from service_kit import locks
from service_kit.db import Session
from service_kit.inbox import Incoming
from shared_schemas.events.cabinet_v1 import InfoTaskNotifiedV1

log = structlog.get_logger(__name__)


async def on_send_sign_in_code(
    session: Session, work: SendSignInCode, incoming: Incoming, *, ports: Ports
) -> None:
    """Work out the code again and send it, unless it is of no use any more."""
    contact = await accounts.contact_of_challenge(session, work.challenge_id, now=incoming.now)
    if contact is None:
        log.info("sign_in_code_outdated", challenge_id=str(work.challenge_id))
        return
    wording = texts.sign_in_code(
        code_of(work.challenge_id, ports.secrets),
        work.language,
        valid_for=ports.settings.sign_in_code_length,
    )
    if await channels.reach(ports, [contact], wording, message_id=work.challenge_id) is None:
        log.warning("sign_in_code_undeliverable", challenge_id=str(work.challenge_id), channel=contact.kind)


async def on_send_notification(
    session: Session, work: SendNotification, _incoming: Incoming, *, ports: Ports
) -> None:
    """Send a pending notification and, if an info task is asked for in it, tell bpa that the client knows.

    The clock pauses for a client only from the moment at which a channel took the message. If none of their
    contacts works, bpa hears nothing and the clock runs on: the promise of 20 minutes must not be bought with
    questions that nobody got. That failure is logged as an error for a person to look into.
    """
    notification = await session.get(Notification, work.notification_id, lock=True)
    if notification is None or notification.state is not NotificationState.PENDING:
        return
    link = f"{ports.settings.public_url}/inspections/{notification.inspection_id}"
    if notification.info_task_id is not None:
        link += f"/questions/{notification.info_task_id}"
    wording = texts.notification(
        notification.kind,
        await accounts.language_of(session, notification.account_id),
        number=notification.inspection_number,
        link=link,
    )
    contacts = await accounts.contacts_of(session, notification.account_id)
    channel = await channels.reach(ports, contacts, wording, message_id=notification.id)
    settled_at = await _clock_now(session)
    notification.settled_at = settled_at
    if channel is None:
        notification.state = NotificationState.FAILED
        log.error("notification_failed", notification_id=str(notification.id), contacts=len(contacts))
        return
    notification.state = NotificationState.SENT
    notification.channel = channel
    await _announce(session, notification, channel, settled_at)


async def on_send_test_message(
    session: Session, work: SendTestMessage, incoming: Incoming, *, ports: Ports
) -> None:
    """Send a message that says no more than that it came."""
    contact = await service.contact_by(session, work.account_id, work.channel)
    if contact is None:
        log.info("test_message_outdated", channel=work.channel)
        return
    wording = texts.test_message(await accounts.language_of(session, work.account_id))
    if await channels.reach(ports, [contact], wording, message_id=incoming.event_id) is None:
        log.warning("test_message_undeliverable", channel=work.channel)


async def _announce(
    session: Session, notification: Notification, channel: ContactKind, notified_at: datetime
) -> None:
    """Tell bpa about the first notification of an info task, whoever else is told of it."""
    if notification.info_task_id is None:
        return
    await session.flush()
    await locks.hold(session, f"info_task:{notification.info_task_id}")
    told_before = await session.scalar(
        select(Notification.id)
        .where(
            Notification.info_task_id == notification.info_task_id,
            Notification.state == NotificationState.SENT,
            Notification.id != notification.id,
        )
        .limit(1)
    )
    if told_before is None:
        event = InfoTaskNotifiedV1(
            inspection_id=notification.inspection_id,
            task_id=notification.info_task_id,
            channel=channel,
            notified_at=notified_at,
        )
        await outbox.add(session, event, now=notified_at)


async def _clock_now(session: Session) -> datetime:
    """The time right now, by the database's clock: sending may have taken seconds of this transaction."""
    now = await session.scalar(select(func.clock_timestamp()))
    assert now is not None  # noqa: S101 - a SELECT without FROM has one row
    return now
