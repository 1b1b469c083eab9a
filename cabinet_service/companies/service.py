"""Making a company, its branches and its limits, and what it agrees to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypedDict
from uuid import UUID

from sqlalchemy import select

from cabinet_service.accounts.domain import AtLimit, Language, Role
from cabinet_service.accounts.models import Branch, Company, CompanyMembership
from cabinet_service.companies import queries, withdrawing
from cabinet_service.companies.errors import (
    BranchHasMembers,
    BranchNameTaken,
    CompanyTermsOutdated,
    TooManyOfCompany,
)
from cabinet_service.companies.models import CompanyAgreement
from cabinet_service.consents import documents
from cabinet_service.consents.documents import OF_COMPANIES, CompanyDocument
from service_kit import audit
from service_kit.audit import Actor
from service_kit.db import ReadSession, Session
from service_kit.ids import new_id

MOST_BRANCHES: Final = 200


async def found(
    session: Session, name: str, branches: Sequence[str], *, by: Actor, now: datetime
) -> tuple[Company, list[Branch]]:
    """A company and its branches. Whoever `by` is becomes its administrator, if they are a client.

    Raises BranchNameTaken for two branches of one name, or TooManyOfCompany.
    """
    if len(branches) > MOST_BRANCHES:
        raise TooManyOfCompany(most=MOST_BRANCHES)
    for place, branch in enumerate(branches):
        if branch in branches[:place]:
            raise BranchNameTaken(name=branch)
    company = Company(id=new_id(), name=name, created_at=now)
    session.add(company)
    await session.flush()
    made = [Branch(id=new_id(), company_id=company.id, name=branch, created_at=now) for branch in branches]
    session.add_all(made)
    if by.id is not None:
        admin = CompanyMembership(
            account_id=by.id, company_id=company.id, role=Role.PARTNER_ADMIN, created_at=now
        )
        session.add(admin)
    details = {"branch_ids": [branch.id for branch in made]}
    audit.record(session, "company_made", by=by, now=now, subject_id=company.id, details=details)
    return company, made


async def agree(
    session: Session, company_id: UUID, version: int, *, language: Language, by: Actor, now: datetime
) -> CompanyAgreement:
    """The company agrees to the terms in force, once; on paper where `by` is no client.

    Raises CompanyTermsOutdated for any others.
    """
    document = CompanyDocument.PROCESSING
    if version != OF_COMPANIES[document]:
        raise CompanyTermsOutdated(version=OF_COMPANIES[document])
    await queries.lock_for(session, company_id, by=by)
    held = await queries.agreement(session, company_id)
    if held is not None and queries.is_in_force(held):
        return held
    agreement = CompanyAgreement(
        company_id=company_id,
        document=document,
        version=version,
        account_id=by.id,
        language=language,
        text_sha256=documents.wording(document, version, language).sha256,
        agreed_at=now,
    )
    session.add(agreement)
    details = {"document": document, "version": version}
    audit.record(session, "company_agreed", by=by, now=now, subject_id=company_id, details=details)
    return agreement


class Limits(TypedDict, total=False):
    """What may be changed of what a month allows; a limit of None takes it away."""

    monthly_limit: int | None
    at_limit: AtLimit


class CompanyChanges(Limits, total=False):
    """What may be changed of a company."""

    name: str


class BranchChanges(CompanyChanges, total=False):
    """What may be changed of a branch."""

    is_closed: bool


async def change_company(
    session: Session, company_id: UUID, changes: CompanyChanges, *, by: Actor, now: datetime
) -> Company:
    company = await queries.lock_for(session, company_id, by=by)
    if "name" in changes:
        company.name = changes["name"]
    _limit(company, changes)
    audit.record(session, "company_changed", by=by, now=now, subject_id=company_id, details=_told(changes))
    return company


async def add_branch(session: Session, company_id: UUID, name: str, *, by: Actor, now: datetime) -> Branch:
    """Raises BranchNameTaken or TooManyOfCompany."""
    await queries.lock_for(session, company_id, by=by)
    of_company = (await session.scalars(select(Branch).where(Branch.company_id == company_id))).all()
    if len(of_company) >= MOST_BRANCHES:
        raise TooManyOfCompany(most=MOST_BRANCHES)
    await _check_name(session, company_id, name)
    branch = Branch(id=new_id(), company_id=company_id, name=name, created_at=now, at_limit=AtLimit.REFUSE)
    session.add(branch)
    details = {"branch_id": branch.id}
    audit.record(session, "branch_added", by=by, now=now, subject_id=company_id, details=details)
    return branch


async def change_branch(
    session: Session, company_id: UUID, branch_id: UUID, changes: BranchChanges, *, by: Actor, now: datetime
) -> Branch:
    """Rename a branch, limit it, close it or open it again.

    One that is closed keeps what was ordered for it, and its open invitations end. Raises NotFound,
    BranchNameTaken, or BranchHasMembers while somebody works there.
    """
    await queries.lock_for(session, company_id, by=by)
    branch = await queries.branch(session, company_id, branch_id)
    name, is_closed = changes.get("name", branch.name), changes.get("is_closed", branch.closed_at is not None)
    is_reopened = branch.closed_at is not None and not is_closed
    if not is_closed and (is_reopened or name != branch.name):
        await _check_name(session, company_id, name)
    if is_closed and branch.closed_at is None:
        if members := await queries.count_members(session, company_id, branch_id):
            raise BranchHasMembers(members=members)
        branch.closed_at = now
        await withdrawing.withdraw_of_branch(session, branch_id, now=now)
    elif is_reopened:
        branch.closed_at = None
    branch.name = name
    _limit(branch, changes)
    details = {"branch_id": branch_id} | _told(changes)
    audit.record(session, "branch_changed", by=by, now=now, subject_id=company_id, details=details)
    return branch


async def _check_name(session: ReadSession, company_id: UUID, name: str) -> None:
    same = select(Branch.id).where(
        Branch.company_id == company_id, Branch.name == name, Branch.closed_at.is_(None)
    )
    if await session.scalar(same.limit(1)) is not None:
        raise BranchNameTaken(name=name)


def _limit(of: Company | Branch, changes: Limits) -> None:
    if "monthly_limit" in changes:
        of.monthly_limit = changes["monthly_limit"]
    if "at_limit" in changes:
        of.at_limit = changes["at_limit"]


def _told(changes: CompanyChanges | BranchChanges) -> dict[str, str | int | bool | None]:
    """What an auditor is told: what was set, and of a name that it was."""
    return {key: True if key == "name" else value for key, value in changes.items()}  # pyright: ignore[reportReturnType] - TypedDict's values are of these types
