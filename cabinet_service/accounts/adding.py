"""Another contact for an account, shown to be one's own by a code."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cabinet_service.accounts import errors, queries
from cabinet_service.accounts.domain import Contact, Language
from cabinet_service.accounts.models import AccountContact, SignInChallenge
from cabinet_service.accounts.service import lock_contact, new_challenge, try_code
from cabinet_service.accounts.work import SendSignInCode
from cabinet_service.audit import actors
from cabinet_service.db.tables import outbox
from service_kit import audit
from service_kit.db import ReadSession, Session
from service_kit.http.problems import Problem
from service_kit.signing import KeyRing

MOST: Final = 5


async def check(session: ReadSession, account_id: UUID, contact: Contact) -> None:
    """Raises ContactIsYours or TooManyContacts where no code would help: what a client knows of their own."""
    if contact in await queries.contacts_of(session, account_id):
        raise errors.ContactIsYours
    if await queries.count_contacts(session, account_id) >= MOST:
        raise errors.TooManyContacts(most=MOST)


async def request_code(
    session: Session,
    account_id: UUID,
    contact: Contact,
    *,
    language: Language,
    valid_for: timedelta,
    now: datetime,
) -> SignInChallenge:
    """Have a code sent to the contact, whoever's it is."""
    challenge = new_challenge(contact, valid_for=valid_for, now=now, account_id=account_id)
    session.add(challenge)
    # To the contact itself: that it is theirs is what they have to show.
    work = SendSignInCode(challenge_id=challenge.id, language=language, past_chats=True, adds=True)
    await outbox.enqueue(session, work, now=now)
    return challenge


async def add(
    session: Session, account_id: UUID, challenge_id: UUID, code: str, *, keys: KeyRing, now: datetime
) -> Contact | Problem | None:
    """Add the contact of the challenge, which signs in from now on; None is returned where it did so before.

    A refusal is returned, as of a sign-in. Locks are taken in the order of a sign-in: code, contact, account.
    That somebody else has the contact learns only who has shown that it reaches them.
    """
    challenge = await session.get(SignInChallenge, challenge_id, lock=True)
    if challenge is None or challenge.account_id != account_id:
        return errors.CodeExpired()
    contact = Contact(challenge.contact_kind, challenge.contact_value)
    await lock_contact(session, contact.kind, contact.value)
    owner_id = await queries.account_of_contact(session, contact)
    if challenge.consumed_at is not None and owner_id == account_id:
        return None
    details = {"challenge_id": challenge.id, "kind": contact.kind}
    refusal = try_code(challenge, code, keys, now)
    if refusal is None:
        challenge.consumed_at = now
        refusal = await _refusal(session, account_id, owner_id)
    by = actors.client(account_id)
    if refusal is not None:
        refused = details | {"reason": refusal.code}
        audit.record(session, "contact_refused", by=by, now=now, subject_id=account_id, details=refused)
        return refusal
    session.add(
        AccountContact(
            kind=contact.kind, value=contact.value, account_id=account_id, verified_at=now, created_at=now
        )
    )
    await session.flush()
    audit.record(session, "contact_added", by=by, now=now, subject_id=account_id, details=details)
    return contact


async def _refusal(session: Session, account_id: UUID, owner_id: UUID | None) -> Problem | None:
    if owner_id is not None:
        return errors.ContactIsYours() if owner_id == account_id else errors.ContactTaken()
    account = await queries.lock(session, account_id)
    if account.erased_at is not None:
        return errors.CodeExpired()
    is_full = await queries.count_contacts(session, account_id) >= MOST
    return errors.TooManyContacts(most=MOST) if is_full else None
