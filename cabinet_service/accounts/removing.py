"""Taking a contact away from an account: it signs in no more, and nothing is written there."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete

from cabinet_service.accounts import errors, queries
from cabinet_service.accounts.domain import Contact
from cabinet_service.accounts.models import AccountContact, passkeys, sign_ins
from cabinet_service.accounts.service import lock_contact, new_challenge
from service_kit import audit
from service_kit.audit import Actor
from service_kit.db import Session
from service_kit.http.problems import NotFound

_NO_TIME: Final = timedelta()


async def remove(
    session: Session,
    account_id: UUID,
    contact: Contact,
    *,
    has_chat: bool,
    kept: UUID | None,
    by: Actor,
    now: datetime,
) -> UUID:
    """Take the contact away, and end every session but `kept`: whoever signed in with it is out.

    `has_chat` says whether the client signs in by a chat. Returns the challenge that keeps the contact for as
    long as it takes to tell it there. Raises NotFound for a contact that is not theirs, or LastWayIn.
    """
    # As in a sign-in, which is over before this or finds the contact gone: the contact, then the account.
    await lock_contact(session, contact.kind, contact.value)
    await queries.lock(session, account_id)
    if await queries.account_of_contact(session, contact) != account_id:
        raise NotFound
    is_last = not has_chat and await queries.count_contacts(session, account_id) == 1
    if is_last and not await passkeys.of(session, account_id):
        raise errors.LastWayIn
    is_it = (AccountContact.kind == contact.kind) & (AccountContact.value == contact.value)
    await session.execute(delete(AccountContact).where(is_it))
    if kept is None:
        await sign_ins.end_all(session, account_id)
    else:
        await sign_ins.end_others(session, account_id, kept)
    over = new_challenge(contact, valid_for=_NO_TIME, now=now, account_id=account_id)
    over.consumed_at = now
    session.add(over)
    details = {"challenge_id": over.id, "kind": contact.kind}
    audit.record(session, "contact_removed", by=by, now=now, subject_id=account_id, details=details)
    return over.id
