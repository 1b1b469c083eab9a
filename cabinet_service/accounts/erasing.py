"""Forgetting a person: how they are reached, how they sign in, what they are called, where they work."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import and_, delete, exists, func, or_, select, tuple_, update
from sqlalchemy.orm import aliased

from cabinet_service.accounts import queries
from cabinet_service.accounts.domain import Role
from cabinet_service.accounts.errors import LastAdmin
from cabinet_service.accounts.models import (
    AccountContact,
    ApiKey,
    Company,
    CompanyMembership,
    SignInChallenge,
    passkeys,
    sign_ins,
)
from cabinet_service.accounts.service import lock_contact
from service_kit import live
from service_kit.db import Session
from service_kit.forgetting import forget

GONE: Final = "account.erased"
"""The hint at which open streams of the account end."""


async def erase(session: Session, account_id: UUID, *, now: datetime) -> None:
    """End all sessions and leave nothing of the account but its id and its times. Done again it does no harm.

    Whoever signs in with one of the contacts afterwards gets a new account. Locks are taken in the order in which
    a sign-in takes them (code, contact or passkey, account), or the two would wait for each other.
    """
    contacts = (
        await session.scalars(
            select(AccountContact)
            .where(AccountContact.account_id == account_id)
            .order_by(AccountContact.kind, AccountContact.value)
        )
    ).all()
    named = [(contact.kind, contact.value) for contact in contacts]
    challenged = tuple_(SignInChallenge.contact_kind, SignInChallenge.contact_value)
    theirs = or_(challenged.in_(named), SignInChallenge.account_id == account_id)
    unused = select(SignInChallenge.id).where(theirs).with_for_update(skip_locked=True)
    # A code that is being used at this moment opens this account, and its session ends below, or a new one.
    await session.execute(delete(SignInChallenge).where(SignInChallenge.id.in_(unused.scalar_subquery())))
    for contact in contacts:
        # A sign-in that is under way ends before this, and its session with it, or begins after.
        await lock_contact(session, contact.kind, contact.value)
    # Whoever signs in with one at this moment holds its row, and their session is found.
    await passkeys.remove_all(session, account_id)
    account = await queries.lock(session, account_id)
    await sign_ins.end_all(session, account_id)
    for table in (CompanyMembership, AccountContact):
        await session.execute(delete(table).where(table.account_id == account_id))
    # The keys that they made go on: they are the company's.
    made = update(ApiKey).where(ApiKey.made_by_id == account_id)
    await session.execute(made.values(made_by_name=None))
    live.announce(session, audience=f"account:{account_id}", kind=GONE, subject_id=account_id)
    forget(account)
    account.erased_at = account.erased_at or now


async def check_replaceable(session: Session, account_id: UUID) -> Sequence[UUID]:
    """The companies that the person is a member of, locked. Raises LastAdmin if one is left without any admin.

    One of which nobody else is a member goes quiet with them: there is nobody to hand it over to.
    """
    companies = (
        await session.scalars(
            select(Company)
            .join(CompanyMembership, CompanyMembership.company_id == Company.id)
            .where(CompanyMembership.account_id == account_id)
            .order_by(Company.id)
            .with_for_update(of=Company)
        )
    ).all()
    ids = [company.id for company in companies]
    mine, other = CompanyMembership, aliased(CompanyMembership)
    # A program hands nothing over, and takes nothing.
    is_other = and_(
        other.company_id == mine.company_id,
        other.account_id != account_id,
        ~queries.of_program(other.account_id),
    )
    has_other = exists().where(is_other, other.role == Role.PARTNER_ADMIN)
    left_alone = await session.scalar(
        select(func.min(Company.name))
        .join(mine, mine.company_id == Company.id)
        .where(mine.account_id == account_id, mine.role == Role.PARTNER_ADMIN, ~has_other)
        .where(exists().where(is_other))
    )
    if left_alone is not None:
        raise LastAdmin(company=left_alone)
    return ids
