"""The worker's part beside the sender: what is sent to one contact and is no notification."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import structlog

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts.domain import code_of
from cabinet_service.accounts.work import SendSignInCode
from cabinet_service.notifications import channels, service, texts
from cabinet_service.notifications.notices import notices
from cabinet_service.notifications.work import SendTestMessage
from cabinet_service.ports import Ports
from service_kit.db import Session
from service_kit.inbox import Incoming
from service_kit.notifying.channels import (
    Channel,
    ChannelAway,
    Message,
    MessageDeferred,
    MessageUndeliverable,
)
from service_kit.telegram.saying import NAME

log = structlog.get_logger(__name__)


async def on_send_sign_in_code(
    session: Session, work: SendSignInCode, incoming: Incoming, *, ports: Ports, chats: Channel | None = None
) -> None:
    """Work out the code again and send it, unless it is of no use any more.

    Whoever has a chat gets it there: it comes in seconds and costs nothing. Where no chat takes it at once, and
    for who asks for it another way, it goes to the contact.
    """
    contact = await accounts.contact_of_challenge(session, work.challenge_id, now=incoming.now)
    if contact is None:
        log.info("sign_in_code_outdated", challenge_id=str(work.challenge_id))
        return
    wording = texts.sign_in_code(
        code_of(work.challenge_id, ports.secrets),
        work.language,
        valid_for=ports.settings.sign_in_code_length,
    )
    account_id = await accounts.account_of_contact(session, contact)
    if chats is not None and account_id is not None and not work.past_chats:
        message = Message(work.challenge_id, "", wording)
        if await _reach_in_chat(session, account_id, message, chats, now=incoming.now):
            return
    if not await channels.reach(ports, contact, wording, message_id=work.challenge_id):
        log.warning("sign_in_code_undeliverable", challenge_id=str(work.challenge_id), channel=contact.kind)


async def _reach_in_chat(
    session: Session, account_id: UUID, message: Message, chats: Channel, *, now: datetime
) -> bool:
    """Whether a chat of the client's took it, the newest first; one that is dead is tried no more."""
    for chat in reversed(await notices.bound(session, account_id, NAME)):
        try:
            await chats.send(replace(message, to=chat.address))
        except MessageUndeliverable as error:
            if error.is_dead:
                await notices.bury(session, NAME, chat.address, now=now)
        except (ChannelAway, MessageDeferred) as error:
            log.warning("sign_in_code_not_in_chat", error=str(error))
            return False
        else:
            return True
    return False


async def on_send_test_message(
    session: Session, work: SendTestMessage, incoming: Incoming, *, ports: Ports
) -> None:
    """Send a message that says no more than that it came."""
    contact = await service.contact_by(session, work.account_id, work.channel)
    if contact is None:
        log.info("test_message_outdated", channel=work.channel)
        return
    wording = texts.test_message(await accounts.language_of(session, work.account_id))
    if not await channels.reach(ports, contact, wording, message_id=incoming.event_id):
        log.warning("test_message_undeliverable", channel=work.channel)
