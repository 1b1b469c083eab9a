"""Signing in and out, and what an account is made by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypedDict
from uuid import UUID

from sqlalchemy import ColumnElement, delete, update

from cabinet_service.accounts import domain, errors, queries
from cabinet_service.accounts.domain import Contact, ContactKind, Language, Role
from cabinet_service.accounts.models import (
    Account,
    AccountContact,
    CompanyMembership,
    SignInChallenge,
    SignInSession,
    passkeys,
    sign_ins,
)
from cabinet_service.accounts.work import SendSignInCode
from cabinet_service.audit import actors
from cabinet_service.db.tables import outbox
from service_kit import audit, locks
from service_kit.audit import Actor, Detail
from service_kit.db import Session
from service_kit.http.problems import Problem
from service_kit.ids import new_id
from service_kit.passkeys import PasskeyRefused
from service_kit.passkeys.ceremony import RelyingParty
from service_kit.passkeys.schemas import UsedCredential
from service_kit.sessions import Device
from service_kit.signing import KeyRing

CHALLENGES_KEPT_FOR: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who has shown who they are, and the session that began with it."""

    account: Account
    session: SignInSession


async def request_code(
    session: Session,
    contact: Contact,
    *,
    language: Language,
    valid_for: timedelta,
    now: datetime,
    past_chats: bool = False,
) -> SignInChallenge:
    """Have a code sent to the contact, or a chat of its owner's unless `past_chats`.

    The same happens whether it belongs to an account or not.
    """
    challenge = new_challenge(contact, valid_for=valid_for, now=now)
    session.add(challenge)
    work = SendSignInCode(challenge_id=challenge.id, language=language, past_chats=past_chats)
    await outbox.enqueue(session, work, now=now)
    return challenge


def new_challenge(
    contact: Contact, *, valid_for: timedelta, now: datetime, account_id: UUID | None = None
) -> SignInChallenge:
    return SignInChallenge(
        id=new_id(),
        account_id=account_id,
        contact_kind=contact.kind,
        contact_value=contact.value,
        wrong_tries=0,
        created_at=now,
        expires_at=now + valid_for,
        consumed_at=None,
    )


async def sign_in(
    session: Session,
    challenge_id: UUID,
    code: str,
    *,
    language: Language,
    keys: KeyRing,
    device: Device,
    length: timedelta,
    now: datetime,
) -> SignedIn | Problem:
    """Exchange a code for a session of `length`; who signs in for the first time gets an account.

    A refusal is returned, not raised: the try that it counts has to be committed, and an error would roll it
    back. The challenge is locked until then, so of two simultaneous uses of a code one wins, and tries sent
    side by side are counted one by one.
    """
    challenge = await session.get(SignInChallenge, challenge_id, lock=True)
    if challenge is None or challenge.account_id is not None:
        return errors.CodeExpired()
    contact = Contact(challenge.contact_kind, challenge.contact_value)
    refusal = try_code(challenge, code, keys, now)
    if refusal is not None:
        audit.record(
            session,
            "sign_in_refused",
            by=None,  # whoever it was has not shown to be this client
            now=now,
            subject_id=await queries.account_of_contact(session, contact),
            details={"challenge_id": challenge.id, "reason": refusal.code},
        )
        return refusal
    challenge.consumed_at = now
    account = await account_of(session, contact, language=language, now=now)
    await session.execute(
        update(AccountContact)
        .where(_is(contact), AccountContact.verified_at.is_(None))
        .values(verified_at=now)
    )
    details = {"challenge_id": challenge.id}
    return await let_in(session, account.id, details=details, device=device, length=length, now=now)


async def sign_in_with_passkey(
    session: Session,
    credential: UsedCredential,
    *,
    party: RelyingParty,
    device: Device,
    length: timedelta,
    now: datetime,
) -> SignedIn | PasskeyRefused:
    """A session of `length` for whoever holds the passkey. That it was refused is returned, as of a code.

    Raises PasskeyUnknown or PasskeyChallengeOver, after which there is nothing to note.
    """
    try:
        passkey = await passkeys.use(session, party, credential, now=now)
    except PasskeyRefused as refusal:
        details = {"reason": refusal.code}
        audit.record(
            session, "sign_in_refused", by=None, now=now, subject_id=refusal.owner_id, details=details
        )
        return refusal
    details = {"passkey_id": passkey.id}
    return await let_in(session, passkey.owner_id, details=details, device=device, length=length, now=now)


async def let_in(
    session: Session,
    account_id: UUID,
    *,
    details: Mapping[str, Detail],
    device: Device,
    length: timedelta,
    now: datetime,
) -> SignedIn:
    """A session of `length` for whoever has shown that the account is theirs; `details` say by what."""
    account = await session.get_one(Account, account_id)
    audit.record(
        session, "signed_in", by=actors.client(account_id), now=now, subject_id=account_id, details=details
    )
    started = sign_ins.begin(session, account_id, device=device, length=length, now=now)
    return SignedIn(account, started)


async def open_account(session: Session, *, language: Language, how: str, now: datetime) -> Account:
    """An account of somebody who is known by no contact, but by `how` they came."""
    account = Account(id=new_id(), display_name=None, language=language, created_at=now)
    session.add(account)
    await session.flush()
    audit.record(
        session,
        "account_opened",
        by=actors.client(account.id),
        now=now,
        subject_id=account.id,
        details={"how": how},
    )
    return account


async def open_account_of_program(
    session: Session,
    name: str,
    company_id: UUID,
    *,
    branch_id: UUID | None,
    language: Language,
    by: Actor,
    now: datetime,
) -> Account:
    """An account that a program of the company acts as: nobody signs in to it."""
    account = Account(id=new_id(), display_name=name, language=language, created_at=now)
    session.add(account)
    await session.flush()
    role = Role.INTEGRATOR
    session.add(
        CompanyMembership(
            account_id=account.id, company_id=company_id, branch_id=branch_id, role=role, created_at=now
        )
    )
    await session.flush()
    details = {"company_id": company_id, "branch_id": branch_id, "role": role}
    audit.record(session, "member_set", by=by, now=now, subject_id=account.id, details=details)
    return account


class AccountChanges(TypedDict, total=False):
    """What a client may change of their own account. No name at all is fine."""

    display_name: str | None
    language: Language


async def change_account(session: Session, account_id: UUID, changes: AccountChanges) -> Account:
    account = await session.get_one(Account, account_id)
    if "display_name" in changes:
        account.display_name = changes["display_name"]
    if "language" in changes:
        account.language = changes["language"]
    return account


async def forget_expired(session: Session, now: datetime) -> None:
    """Drop sessions that ended, and challenges that can no longer tell a late client what happened."""
    await sign_ins.forget_expired(session, now)
    await session.execute(
        delete(SignInChallenge).where(SignInChallenge.expires_at < now - CHALLENGES_KEPT_FOR)
    )
    await passkeys.forget_expired(session, now)


def try_code(challenge: SignInChallenge, code: str, keys: KeyRing, now: datetime) -> Problem | None:
    """Why the code is refused, if it is; a wrong one is counted."""
    if challenge.consumed_at is not None:
        return errors.CodeUsed()
    if challenge.expires_at <= now:
        return errors.CodeExpired()
    if challenge.wrong_tries >= domain.MAX_TRIES:
        return errors.CodeTriesExhausted()
    if not domain.is_code_of(challenge.id, code, keys):
        challenge.wrong_tries += 1
        tries_left = domain.MAX_TRIES - challenge.wrong_tries
        return errors.CodeWrong(tries_left=tries_left) if tries_left else errors.CodeTriesExhausted()
    return None


async def account_of(session: Session, contact: Contact, *, language: Language, now: datetime) -> Account:
    """The account that the contact belongs to, made if there is none."""
    await lock_contact(session, contact.kind, contact.value)
    account_id = await queries.account_of_contact(session, contact)
    if account_id is not None:
        return await session.get_one(Account, account_id)
    account = Account(id=new_id(), display_name=None, language=language, created_at=now)
    session.add(account)
    await session.flush()
    session.add(
        AccountContact(
            kind=contact.kind, value=contact.value, account_id=account.id, verified_at=None, created_at=now
        )
    )
    await session.flush()
    return account


async def lock_contact(session: Session, kind: ContactKind, value: str) -> None:
    """Keep everyone else from signing in with the contact until the transaction ends.

    One that is not there yet cannot be locked as a row; so two first sign-ins do not make two accounts.
    """
    await locks.hold(session, f"contact:{kind}:{value}")


def _is(contact: Contact) -> ColumnElement[bool]:
    return (AccountContact.kind == contact.kind) & (AccountContact.value == contact.value)
