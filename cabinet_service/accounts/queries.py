"""Reads of accounts, for this slice and for others."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from cabinet_service.accounts.domain import Client, Contact, KeyInUse, Language, Membership, Role
from cabinet_service.accounts.models import (
    Account,
    AccountContact,
    ApiKey,
    Branch,
    Company,
    CompanyMembership,
    SignInChallenge,
    SignInSession,
    sign_ins,
)
from service_kit.api_keys import KeyRevoked
from service_kit.db import ReadSession, Session

# Every request asks this, once it has entered the scope of the account.
_CLIENT: Final = """
SELECT account.id, account.display_name, account.language, member.company_id, member.branch_id, member.role,
    transaction_timestamp() AS now
FROM sessions
JOIN accounts AS account ON account.id = sessions.account_id
LEFT JOIN memberships AS member ON member.account_id = account.id
WHERE sessions.id = $1 AND sessions.expires_at > transaction_timestamp()
ORDER BY member.created_at, member.company_id
"""


async def client_of(session: ReadSession, session_id: UUID) -> Client | None:
    """Whose session it is; None if it has ended."""
    rows = await session.fetch(_CLIENT, session_id)
    if not rows:
        return None
    session.began_at = rows[0]["now"]
    memberships = tuple(
        Membership(row["company_id"], row["branch_id"], Role(row["role"]))
        for row in rows
        if row["company_id"]
    )
    account = rows[0]
    return Client(account["id"], account["display_name"], language(account["language"]), memberships)


async def client(session: ReadSession, account_id: UUID) -> Client | None:
    """Who has the account; None if it was erased."""
    account = await session.get(Account, account_id)
    if account is None or account.erased_at is not None:
        return None
    members = select(CompanyMembership).where(CompanyMembership.account_id == account_id)
    ordered = members.order_by(CompanyMembership.created_at, CompanyMembership.company_id)
    memberships = tuple(
        Membership(one.company_id, one.branch_id, one.role) for one in await session.scalars(ordered)
    )
    return Client(
        account_id,
        account.display_name,
        language(account.language),
        memberships,
        is_program=await session.scalar(select(of_program(Account.id)).where(Account.id == account_id))
        or False,
    )


def of_program(account_id: ColumnElement[UUID] | InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Whether a program acts as the account, and no person: keys were made for it."""
    return exists().where(ApiKey.holder_id == account_id)


async def account_of_contact(session: ReadSession, contact: Contact) -> UUID | None:
    """Who signs in with the contact; None if nobody did yet."""
    return await session.scalar(
        select(AccountContact.account_id).where(
            AccountContact.kind == contact.kind, AccountContact.value == contact.value
        )
    )


async def account_of_challenge(session: ReadSession, challenge_id: UUID) -> UUID | None:
    """Who signs in with the contact to which this code went; None if nobody did yet."""
    return await session.scalar(
        select(AccountContact.account_id)
        .join(
            SignInChallenge,
            (SignInChallenge.contact_kind == AccountContact.kind)
            & (SignInChallenge.contact_value == AccountContact.value),
        )
        .where(SignInChallenge.id == challenge_id)
    )


async def living_sessions(session: ReadSession, ids: Collection[UUID]) -> set[UUID]:
    """Which of these sessions go on."""
    return await sign_ins.living(session, ids)


async def signed_in_at(session: ReadSession, session_id: UUID) -> datetime | None:
    """When the session began."""
    return await session.scalar(select(SignInSession.created_at).where(SignInSession.id == session_id))


async def account(session: ReadSession, account_id: UUID) -> Account:
    """An account that is known to exist."""
    found = await session.scalar(select(Account).where(Account.id == account_id))
    assert found is not None  # noqa: S101 - the caller has just signed in with it
    return found


async def lock(session: Session, account_id: UUID) -> Account:
    """The account, locked until the transaction ends: what else wants to change it, or to belong to it, waits."""
    return await session.get_one(Account, account_id, lock=True)


async def contact_of_challenge(session: ReadSession, challenge_id: UUID, *, now: datetime) -> Contact | None:
    """Whom to send the code of a challenge; None if it is of no use any more."""
    challenge = await session.get(SignInChallenge, challenge_id)
    if challenge is None or challenge.consumed_at is not None or challenge.expires_at <= now:
        return None
    return Contact(challenge.contact_kind, challenge.contact_value)


async def removed_contact(session: ReadSession, challenge_id: UUID) -> Contact | None:
    """The contact that was taken away and is kept in this challenge; None once that is forgotten."""
    challenge = await session.get(SignInChallenge, challenge_id)
    return None if challenge is None else Contact(challenge.contact_kind, challenge.contact_value)


async def language_of(session: ReadSession, account_id: UUID) -> Language:
    """The language a client is written to in."""
    return language(await session.scalar(select(Account.language).where(Account.id == account_id)))


async def contacts_of(session: ReadSession, account_id: UUID) -> list[Contact]:
    """The contacts at which the client may be written to, the oldest first."""
    rows = await session.scalars(
        select(AccountContact)
        .where(AccountContact.account_id == account_id, AccountContact.verified_at.is_not(None))
        .order_by(AccountContact.created_at, AccountContact.kind)
    )
    return [Contact(row.kind, row.value) for row in rows]


async def count_contacts(session: ReadSession, account_id: UUID) -> int:
    """How many sign in to the account, or may do so once they were written to."""
    of_account = select(func.count()).where(AccountContact.account_id == account_id)
    return await session.scalar(of_account) or 0


async def contacts_since(session: ReadSession, account_id: UUID) -> list[datetime]:
    """Since when the client has had each contact at which they may be written to, the oldest first."""
    times = await session.scalars(
        select(AccountContact.created_at)
        .where(AccountContact.account_id == account_id, AccountContact.verified_at.is_not(None))
        .order_by(AccountContact.created_at)
    )
    return list(times)


async def contact_since(session: ReadSession, account_id: UUID, since: datetime) -> Contact | None:
    """Which of these they have had since then; None if they no longer have it."""
    row = await session.scalar(
        select(AccountContact).where(
            AccountContact.account_id == account_id,
            AccountContact.created_at == since,
            AccountContact.verified_at.is_not(None),
        )
    )
    return None if row is None else Contact(row.kind, row.value)


async def contacts_of_all(session: ReadSession, account_ids: Collection[UUID]) -> list[tuple[UUID, Contact]]:
    """The contacts at which these clients may be written to, of each the oldest first."""
    rows = await session.scalars(
        select(AccountContact)
        .where(AccountContact.account_id.in_(account_ids), AccountContact.verified_at.is_not(None))
        .order_by(AccountContact.created_at, AccountContact.kind)
    )
    return [(row.account_id, Contact(row.kind, row.value)) for row in rows]


async def languages_of(session: ReadSession, account_ids: Collection[UUID]) -> Mapping[UUID, Language]:
    """The languages that these clients are written to in."""
    rows = await session.execute(select(Account.id, Account.language).where(Account.id.in_(account_ids)))
    return {account_id: language(text) for account_id, text in rows}


@dataclass(frozen=True, slots=True)
class NamedMembership:
    """A membership with the names that a person knows it by."""

    membership: Membership
    company_name: str
    branch_name: str | None


async def named_memberships(session: ReadSession, account_id: UUID) -> Sequence[NamedMembership]:
    rows = await session.execute(
        select(CompanyMembership, Company.name, Branch.name)
        .join(Company, Company.id == CompanyMembership.company_id)
        .outerjoin(Branch, Branch.id == CompanyMembership.branch_id)
        .where(CompanyMembership.account_id == account_id)
        .order_by(CompanyMembership.created_at, CompanyMembership.company_id)
    )
    return [
        NamedMembership(Membership(row.company_id, row.branch_id, row.role), company_name, branch_name)
        for row, company_name, branch_name in rows
    ]


async def admins_of(session: ReadSession, company_id: UUID) -> Sequence[UUID]:
    """The administrators of a company, those of longest standing first."""
    rows = await session.scalars(
        select(CompanyMembership.account_id)
        .where(CompanyMembership.company_id == company_id, CompanyMembership.role == Role.PARTNER_ADMIN)
        .order_by(CompanyMembership.created_at, CompanyMembership.account_id)
    )
    return rows.all()


async def has_branch(session: ReadSession, company_id: UUID, branch_id: UUID) -> bool:
    """Whether it is a branch of this company."""
    found = await session.scalar(
        select(Branch.id).where(Branch.id == branch_id, Branch.company_id == company_id)
    )
    return found is not None


def language(text: str | None) -> Language:
    return "en" if text == "en" else "ru"


async def hold_key(session: ReadSession, key: KeyInUse) -> None:
    """Whoever ends the key waits for this transaction, and finds what it has made. Raises KeyRevoked."""
    revoked_at = select(ApiKey.revoked_at).where(ApiKey.id == key.id).with_for_update(read=True)
    if await session.scalar(revoked_at) is not None:
        raise KeyRevoked
