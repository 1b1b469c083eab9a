"""Who is in a company, and what they are there."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert

from cabinet_service.accounts import service as accounts
from cabinet_service.accounts.domain import Contact, Membership, Role
from cabinet_service.accounts.errors import AgentNeedsBranch, LastAdmin, NoSuchBranch, NoSuchCompany
from cabinet_service.accounts.models import Account, Branch, Company, CompanyMembership
from cabinet_service.companies import queries, withdrawing
from cabinet_service.companies.errors import BranchClosed
from cabinet_service.companies.models import FormerMembership
from service_kit import audit
from service_kit.audit import Actor
from service_kit.db import ReadSession, Session
from service_kit.http.problems import NotFound

MOST_MEMBERS: Final = 1000


async def add_by_contact(
    session: Session, contact: Contact, place: Membership, *, by: Actor, now: datetime
) -> Account:
    """Make the person with this contact a member, or change what they are in the company.

    Who has no account yet gets one, and proves that the contact is theirs by signing in with it.
    Raises NoSuchCompany, NoSuchBranch, BranchClosed, AgentNeedsBranch or LastAdmin.
    """
    if not await queries.exists(session, place.company_id):
        raise NoSuchCompany(company_id=str(place.company_id))
    await queries.lock(session, place.company_id)
    await check(session, place)
    account = await accounts.account_of(session, contact, language="ru", now=now)
    if await queries.role_of(session, place.company_id, account.id) is None:
        put(session, account.id, place, by=by, now=now)
    else:
        await change(session, account.id, place, by=by, now=now)
    return account


async def check(session: ReadSession, place: Membership) -> None:
    """Whether somebody can be that there. Raises NoSuchBranch, BranchClosed or AgentNeedsBranch."""
    if place.branch_id is None and place.role is Role.PARTNER_AGENT:
        raise AgentNeedsBranch
    if place.branch_id is not None:
        branch = await session.get(Branch, place.branch_id)
        if branch is None or branch.company_id != place.company_id:
            raise NoSuchBranch(branch_id=str(place.branch_id))
        if branch.closed_at is not None:
            raise BranchClosed(name=branch.name)


def put(session: Session, account_id: UUID, place: Membership, *, by: Actor, now: datetime) -> None:
    """Let the person, who is no member yet, be that in the company from now on. The company is locked."""
    session.add(
        CompanyMembership(
            account_id=account_id,
            company_id=place.company_id,
            branch_id=place.branch_id,
            role=place.role,
            created_at=now,
        )
    )
    _record(session, account_id, place, by=by, now=now)


async def change(session: Session, account_id: UUID, place: Membership, *, by: Actor, now: datetime) -> None:
    """Give a member another role or branch. Who administers no more, their open invitations end.

    Raises as `queries.lock_for`, NotFound, LastAdmin, NoSuchBranch, BranchClosed or AgentNeedsBranch.
    """
    company = await queries.lock_for(session, place.company_id, by=by)
    membership = await _member(session, company.id, account_id)
    await check(session, place)
    if membership.role is Role.PARTNER_ADMIN and place.role is not Role.PARTNER_ADMIN:
        await _check_replaceable(session, company, account_id)
        await withdrawing.withdraw_of(session, account_id, company_id=company.id, now=now)
    membership.role, membership.branch_id = place.role, place.branch_id
    _record(session, account_id, place, by=by, now=now)


async def remove(session: Session, company_id: UUID, account_id: UUID, *, by: Actor, now: datetime) -> None:
    """Let the person be a member no more: what they ordered for the company stays with it.

    Their open invitations end. Raises NotFound, LastAdmin for the last one who administers it, or, for whoever
    does not go by themself, as `queries.lock_for`.
    """
    if by.id == account_id:
        company = await queries.lock(session, company_id)
    else:
        company = await queries.lock_for(session, company_id, by=by)
    membership = await _member(session, company_id, account_id)
    if membership.role is Role.PARTNER_ADMIN:
        await _check_replaceable(session, company, account_id)
    await withdrawing.withdraw_of(session, account_id, company_id=company_id, now=now)
    await session.execute(
        delete(CompanyMembership).where(
            CompanyMembership.company_id == company_id, CompanyMembership.account_id == account_id
        )
    )
    await session.execute(
        insert(FormerMembership).values(account_id=account_id, company_id=company_id).on_conflict_do_nothing()
    )
    act = "member_left" if by.id == account_id else "member_removed"
    details = {"company_id": company_id, "role": membership.role}
    audit.record(session, act, by=by, now=now, subject_id=account_id, details=details)


def _record(session: Session, account_id: UUID, place: Membership, *, by: Actor, now: datetime) -> None:
    details = {"company_id": place.company_id, "branch_id": place.branch_id, "role": place.role}
    audit.record(session, "member_set", by=by, now=now, subject_id=account_id, details=details)


async def _member(session: Session, company_id: UUID, account_id: UUID) -> CompanyMembership:
    found = await queries.person(session, company_id, account_id)
    if found is None:
        raise NotFound
    return found


async def _check_replaceable(session: ReadSession, company: Company, account_id: UUID) -> None:
    others = exists().where(
        CompanyMembership.company_id == company.id,
        CompanyMembership.role == Role.PARTNER_ADMIN,
        CompanyMembership.account_id != account_id,
    )
    if not await session.scalar(select(others)):
        raise LastAdmin(company=company.name)
