"""Chats of clients in messengers: those where sign-in codes come, and how one is tied to an account."""

from datetime import datetime

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts.domain import Change, Client
from cabinet_service.audit import actors
from cabinet_service.notifications import changes
from cabinet_service.notifications.notices import notices
from service_kit import audit
from service_kit.chats.updates import NotFollowed, Updates
from service_kit.db import Session


async def follow(
    session: Session,
    updates: Updates,
    token: str,
    *,
    chat_id: int,
    device: str,
    held_by: Client | None,
    now: datetime,
) -> Client | NotFollowed:
    """Tie the chat to whose link it is, and tell them so wherever they are told already.

    `held_by` is whose chat it is so far, `device` how the client knows it again.
    """
    messenger, holder = updates.messenger, held_by.account_id if held_by else None
    account_id = await updates.follow(session, token, held_by=holder, now=now)
    if isinstance(account_id, NotFollowed):
        return account_id
    client = await accounts.client(session, account_id)
    if client is None:
        return NotFollowed.UNKNOWN
    await tie(session, updates, client, chat_id=chat_id, device=device, now=now)
    if held_by is None:
        by, act = actors.client(account_id), f"{messenger.name}_tied"
        audit.record(session, act, by=by, now=now, subject_id=account_id)
        await changes.tell(session, account_id, Change.tied(messenger.name), now=now)
    return client


async def tie(
    session: Session, updates: Updates, client: Client, *, chat_id: int, device: str, now: datetime
) -> None:
    """The client is told in the chat from now on."""
    messenger = updates.messenger
    device = device or messenger.title
    await notices.bind(session, client.account_id, messenger.name, str(chat_id), device=device, now=now)


async def untie(session: Session, updates: Updates, client: Client, chat_id: int) -> None:
    """Nothing comes in the chat any more."""
    for bound in await notices.bound(session, client.account_id, updates.messenger.name):
        if bound.address == str(chat_id):
            await notices.unbind(session, client.account_id, bound.id)
