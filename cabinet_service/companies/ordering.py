"""In whose name something may be ordered now."""

from typing import NamedTuple
from uuid import UUID

from cabinet_service.accounts.domain import AtLimit
from cabinet_service.accounts.models import Branch, Company
from cabinet_service.companies import queries
from cabinet_service.companies.errors import BranchClosed, CompanyTermsRequired
from service_kit.db import ReadSession


class Limit(NamedTuple):
    """What a month allows a company, or (`branch_id`) a branch of it."""

    branch_id: UUID | None
    name: str
    monthly_limit: int | None
    at_limit: AtLimit


async def check_place(session: ReadSession, company_id: UUID, branch_id: UUID | None) -> None:
    """Raises NotFound for a branch that is not the company's, BranchClosed for one that is closed."""
    if branch_id is not None:
        branch = await queries.branch(session, company_id, branch_id)
        if branch.closed_at is not None:
            raise BranchClosed(name=branch.name)


async def check_terms(session: ReadSession, company_id: UUID) -> None:
    """Raises CompanyTermsRequired where the company has not agreed to those in force."""
    if not queries.is_in_force(await queries.agreement(session, company_id)):
        company = await session.get_one(Company, company_id)
        raise CompanyTermsRequired(company=company.name)


async def limits(session: ReadSession, company_id: UUID, branch_id: UUID | None) -> list[Limit]:
    """What holds for an order there: the company's, and that of the branch."""
    company = await session.get_one(Company, company_id)
    found = [Limit(None, company.name, company.monthly_limit, company.at_limit)]
    if branch_id is not None:
        branch = await session.get_one(Branch, branch_id)
        found.append(Limit(branch.id, branch.name, branch.monthly_limit, branch.at_limit))
    return found
