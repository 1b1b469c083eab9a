"""What changes in how a client signs in, and that they are told: if it was not them, somebody else does so."""

from datetime import datetime
from uuid import UUID

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts import removing
from cabinet_service.accounts.domain import Change, Contact
from cabinet_service.db.tables import outbox
from cabinet_service.notifications.notices import bound_chats, notices
from cabinet_service.notifications.work import SendAccountChanged
from service_kit.audit import Actor
from service_kit.db import Session
from service_kit.telegram.messenger import TELEGRAM


async def remove_contact(
    session: Session,
    account_id: UUID,
    contact: Contact,
    *,
    by_chat: bool,
    kept: UUID | None,
    by: Actor,
    now: datetime,
) -> None:
    """Take a contact away, and end every session but `kept`. `by_chat`: chats in Telegram sign in here.

    It is told there as well: whoever is shut out hears of it. Raises NotFound or LastWayIn.
    """
    has_chat = by_chat and bool(await notices.bound(session, account_id, TELEGRAM.name))
    removed_id = await removing.remove(
        session, account_id, contact, has_chat=has_chat, kept=kept, by=by, now=now
    )
    await tell(session, account_id, Change.removed(contact.kind), removed_id=removed_id, now=now)


async def tell(
    session: Session, account_id: UUID, change: Change, *, removed_id: UUID | None = None, now: datetime
) -> None:
    """Tell it at every contact and in every chat but what is there since `now`, which is what changed.

    A contact that was taken away is told so by the challenge that keeps it.
    Each is told by a piece of work of its own: what is away holds up no other, and is told once it is back.
    """
    works = [
        SendAccountChanged(account_id=account_id, change=change, since=since)
        for since in await accounts.contacts_since(session, account_id)
        if since != now
    ]
    works += [
        SendAccountChanged(account_id=account_id, change=change, chat_id=chat.id)
        for chat in await bound_chats(session, account_id)
        if chat.created_at != now
    ]
    if removed_id is not None:
        works.append(SendAccountChanged(account_id=account_id, change=change, removed_id=removed_id))
    for work in works:
        await outbox.enqueue(session, work, now=now)
