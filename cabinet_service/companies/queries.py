"""Reads of companies. What is not the reader's company is not there."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from cabinet_service.accounts.domain import Client, Role
from cabinet_service.accounts.models import Account, Branch, Company, CompanyMembership
from cabinet_service.accounts.queries import of_program
from cabinet_service.companies.models import CompanyAgreement, FormerMembership, Invitation
from cabinet_service.consents.documents import OF_COMPANIES, CompanyDocument
from service_kit.audit import Actor
from service_kit.db import ReadSession, Session
from service_kit.http.problems import NotAllowed, NotFound

ENDED_ARE_SHOWN_FOR: Final = timedelta(days=30)
MOST_LISTED: Final = 200


class Member(NamedTuple):
    """A member as the company's administrators see them."""

    membership: CompanyMembership
    display_name: str | None


async def company(session: ReadSession, company_id: UUID, *, client: Client) -> Company:
    """A company that the client is a member of. Raises NotFound."""
    found = await session.get(Company, company_id) if client.membership_in(company_id) else None
    if found is None:
        raise NotFound
    return found


def check_admin(client: Client, company_id: UUID) -> None:
    """Raises NotFound for a company that is not theirs, NotAllowed for one that they do not administer."""
    if client.membership_in(company_id) is None:
        raise NotFound
    if not client.is_admin_of(company_id):
        raise NotAllowed


def check_manages_webhooks(client: Client, company_id: UUID) -> None:
    """Its administrators, and programs of all of it whose key says so. Raises as `check_admin`."""
    if company_id not in client.webhooks_of:
        check_admin(client, company_id)


async def administered(session: ReadSession, company_id: UUID, *, client: Client) -> Company:
    """A company that the client administers. Raises as `check_admin`."""
    check_admin(client, company_id)
    return await company(session, company_id, client=client)


async def exists(session: ReadSession, company_id: UUID) -> bool:
    return await session.get(Company, company_id) is not None


async def lock(session: Session, company_id: UUID) -> Company:
    """The company, locked until the transaction ends: whoever else changes it or who is in it waits."""
    return await session.get_one(Company, company_id, lock=True)


async def lock_for(session: Session, company_id: UUID, *, by: Actor) -> Company:
    """The same for what an administrator does: they may have been removed since their request began.

    Raises NotFound, or NotAllowed for another member. Operators may.
    """
    found = await lock(session, company_id)
    if by.id is not None:
        role = await role_of(session, company_id, by.id)
        if role is None:
            raise NotFound
        if role is not Role.PARTNER_ADMIN:
            raise NotAllowed
    return found


async def role_of(session: ReadSession, company_id: UUID, account_id: UUID) -> Role | None:
    """What the person is there at this moment; None for whoever is no member."""
    return await session.scalar(
        select(CompanyMembership.role).where(
            CompanyMembership.company_id == company_id, CompanyMembership.account_id == account_id
        )
    )


async def branches(session: ReadSession, company_id: UUID, *, client: Client) -> Sequence[Branch]:
    """Those in which the client may order or look, the oldest first; closed ones too."""
    of_company = select(Branch).where(Branch.company_id == company_id)
    membership = client.membership_in(company_id)
    if membership is not None and not membership.is_of_all:
        of_company = of_company.where(Branch.id == membership.branch_id)
    return (await session.scalars(of_company.order_by(Branch.created_at, Branch.id))).all()


async def branch(session: ReadSession, company_id: UUID, branch_id: UUID) -> Branch:
    """Raises NotFound unless it is a branch of this company."""
    found = await session.get(Branch, branch_id)
    if found is None or found.company_id != company_id:
        raise NotFound
    return found


async def members(session: ReadSession, company_id: UUID) -> Sequence[Member]:
    """Everybody in the company, administrators first, then by when they came. Programs are its keys."""
    rows = await session.execute(
        select(CompanyMembership, Account.display_name)
        .join(Account, Account.id == CompanyMembership.account_id)
        .where(CompanyMembership.company_id == company_id, ~of_program(CompanyMembership.account_id))
        .order_by(CompanyMembership.role != Role.PARTNER_ADMIN, CompanyMembership.created_at)
        .order_by(CompanyMembership.account_id)
    )
    return [Member(membership, name) for membership, name in rows]


async def membership(session: ReadSession, company_id: UUID, account_id: UUID) -> CompanyMembership | None:
    """What the person is there; None for whoever is no member."""
    return await session.get(CompanyMembership, (account_id, company_id))


async def person(session: ReadSession, company_id: UUID, account_id: UUID) -> CompanyMembership | None:
    """The same; None for a program, too, which goes with its keys."""
    is_it = (CompanyMembership.company_id == company_id, CompanyMembership.account_id == account_id)
    of_person = ~of_program(CompanyMembership.account_id)
    return await session.scalar(select(CompanyMembership).where(*is_it, of_person))


async def left_by(session: ReadSession, account_id: UUID) -> Sequence[UUID]:
    """The companies that the person was a member of before."""
    left = select(FormerMembership.company_id).where(FormerMembership.account_id == account_id)
    return (await session.scalars(left)).all()


async def count_members(session: ReadSession, company_id: UUID, branch_id: UUID | None = None) -> int:
    """How many people work for the company, or in one branch of it."""
    of_it = select(func.count()).where(
        CompanyMembership.company_id == company_id, ~of_program(CompanyMembership.account_id)
    )
    if branch_id is not None:
        of_it = of_it.where(CompanyMembership.branch_id == branch_id)
    return await session.scalar(of_it) or 0


async def invitations(session: ReadSession, company_id: UUID, *, now: datetime) -> Sequence[Invitation]:
    """The open ones and those that ended lately, the youngest first."""
    ended_at = func.coalesce(Invitation.accepted_at, Invitation.withdrawn_at, Invitation.expires_at)
    lately = ended_at > now - ENDED_ARE_SHOWN_FOR
    rows = await session.scalars(
        select(Invitation)
        .where(Invitation.company_id == company_id, lately)
        .order_by(Invitation.created_at.desc(), Invitation.id.desc())
        .limit(MOST_LISTED)
    )
    return rows.all()


async def count_open(session: ReadSession, company_id: UUID, *, now: datetime) -> int:
    """How many invitations may still be taken."""
    is_open = (
        Invitation.company_id == company_id,
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.expires_at > now,
    )
    return await session.scalar(select(func.count()).where(*is_open)) or 0


async def invitation_by_token(session: ReadSession, token_sha256: bytes) -> Invitation | None:
    """The invitation of that token, whatever became of it."""
    return await session.scalar(select(Invitation).where(Invitation.token_sha256 == token_sha256))


async def names_of(session: ReadSession, account_ids: Sequence[UUID]) -> Mapping[UUID, str | None]:
    """What these people are called, of those who are to be seen."""
    rows = await session.execute(select(Account.id, Account.display_name).where(Account.id.in_(account_ids)))
    return {row[0]: row[1] for row in rows}


async def agreement(session: ReadSession, company_id: UUID) -> CompanyAgreement | None:
    """The newest version of the terms that the company has agreed to; None if there is none."""
    return await session.scalar(
        select(CompanyAgreement)
        .where(
            CompanyAgreement.company_id == company_id,
            CompanyAgreement.document == CompanyDocument.PROCESSING,
        )
        .order_by(CompanyAgreement.version.desc())
        .limit(1)
    )


def is_in_force(agreement: CompanyAgreement | None) -> bool:
    """Whether it gives what is asked for now."""
    return agreement is not None and agreement.version >= OF_COMPANIES[CompanyDocument.PROCESSING]
