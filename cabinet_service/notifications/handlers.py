"""The worker's part beside the sender: what is sent to one contact and is no notification."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import structlog

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts.domain import code_of
from cabinet_service.accounts.work import SendSignInCode
from cabinet_service.notifications import channels, service, texts
from cabinet_service.notifications.notices import bound_chats, notices
from cabinet_service.notifications.work import SendAccountChanged, SendTestMessage
from cabinet_service.ports import Ports
from service_kit.bus import RetryLater
from service_kit.db import Session
from service_kit.inbox import Incoming
from service_kit.notifying.channels import (
    Channel,
    ChannelAway,
    Message,
    MessageDeferred,
    MessageUndeliverable,
)
from service_kit.notifying.tables import AddressColumns

log = structlog.get_logger(__name__)

Chats = Mapping[str, Channel]
"""The messengers where clients have chats, by the name of the channel."""


async def on_send_sign_in_code(
    session: Session, work: SendSignInCode, incoming: Incoming, *, ports: Ports, chats: Chats
) -> None:
    """Work out the code again and send it, unless it is of no use any more.

    Whoever has a chat gets it there: it comes in seconds and costs nothing. Where no chat takes it at once, and
    for who asks for it another way, it goes to the contact.
    """
    contact = await accounts.contact_of_challenge(session, work.challenge_id, now=incoming.now)
    if contact is None:
        log.info("sign_in_code_outdated", challenge_id=str(work.challenge_id))
        return
    say = texts.contact_code if work.adds else texts.sign_in_code
    wording = say(
        code_of(work.challenge_id, ports.secrets),
        work.language,
        valid_for=ports.settings.sign_in_code_length,
    )
    account_id = await accounts.account_of_contact(session, contact)
    if account_id is not None and not work.past_chats:
        message = Message(work.challenge_id, "", wording)
        if await _reach_in_chat(session, account_id, message, chats, now=incoming.now):
            return
    if not await channels.reach(ports, contact, wording, message_id=work.challenge_id):
        log.warning("sign_in_code_undeliverable", challenge_id=str(work.challenge_id), channel=contact.kind)


async def _reach_in_chat(
    session: Session, account_id: UUID, message: Message, chats: Chats, *, now: datetime
) -> bool:
    """Whether a chat of the client's took it, the newest first.

    One that is dead is tried no more, and of a messenger that is away no other.
    """
    away = set[str]()
    for chat in reversed(await bound_chats(session, account_id)):
        if chat.channel in away:
            continue
        try:
            if await _say(session, message, chat, chats, now=now):
                return True
        except (ChannelAway, MessageDeferred) as error:
            log.warning("sign_in_code_not_in_chat", channel=chat.channel, error=str(error))
            away.add(chat.channel)
    return False


async def _say(
    session: Session, message: Message, chat: AddressColumns, chats: Chats, *, now: datetime
) -> bool:
    """Whether the chat took it, or never will. Raises ChannelAway or MessageDeferred if it does not now."""
    channel = chats.get(chat.channel)
    if channel is None:
        return False
    try:
        await channel.send(replace(message, to=chat.address))
    except MessageUndeliverable as error:
        if error.is_dead:
            await notices.bury(session, chat.channel, chat.address, now=now)
        return False
    return True


async def on_send_account_changed(
    session: Session,
    work: SendAccountChanged,
    incoming: Incoming,
    *,
    ports: Ports,
    chats: Chats,
) -> None:
    """Tell it in the one place. Raises RetryLater while that is away, MessageDeferred if it refuses for now."""
    language = await accounts.language_of(session, work.account_id)
    wording = texts.account_changed(work.change, language, link=f"{ports.settings.public_url}/help")
    message = Message(incoming.event_id, "", wording)
    contact = None
    if work.since is not None:
        contact = await accounts.contact_since(session, work.account_id, work.since)
    elif work.removed_id is not None:
        contact = await accounts.removed_contact(session, work.removed_id)
    if contact is not None:
        told = await channels.reach(ports, contact, wording, message_id=message.message_id)
    else:
        told = await _tell_in_chat(session, work, message, chats, now=incoming.now)
    if not told:  # as the account may have been erased meanwhile
        log.warning("account_change_untold", account_id=str(work.account_id), change=work.change)


async def _tell_in_chat(
    session: Session, work: SendAccountChanged, message: Message, chats: Chats, *, now: datetime
) -> bool:
    bound = await bound_chats(session, work.account_id)
    chat = next((one for one in bound if one.id == work.chat_id), None)
    if chat is None:
        return False
    try:
        return await _say(session, message, chat, chats, now=now)
    except ChannelAway as error:
        raise RetryLater(str(error)) from error


async def on_send_test_message(
    session: Session, work: SendTestMessage, incoming: Incoming, *, ports: Ports
) -> None:
    """Send a message that says no more than that it came."""
    contact = await service.contact_by(session, work.account_id, work.channel)
    if contact is None:
        log.info("test_message_outdated", channel=work.channel)
        return
    wording = texts.test_message(await accounts.language_of(session, work.account_id), link="")
    if not await channels.reach(ports, contact, wording, message_id=incoming.event_id):
        log.warning("test_message_undeliverable", channel=work.channel)
