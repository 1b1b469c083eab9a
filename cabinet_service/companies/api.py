"""Companies, for those who work there."""

from http import HTTPStatus
from typing import cast
from uuid import UUID

from fastapi import APIRouter

from cabinet_service.accounts import quotas
from cabinet_service.accounts.dependencies import CurrentClient, Once
from cabinet_service.accounts.domain import Client, Membership
from cabinet_service.accounts.models import Company
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.audit import actors
from cabinet_service.companies import members, queries, service
from cabinet_service.companies.errors import TooManyOfCompany
from cabinet_service.companies.logos.queries import logo_of
from cabinet_service.companies.schemas import (
    AgreementIn,
    BranchOut,
    BranchPatch,
    CompanyOut,
    CompanyPatch,
    MemberOut,
    MemberPatch,
    NewBranch,
    NewCompany,
    TermsOut,
)
from cabinet_service.companies.service import BranchChanges, CompanyChanges
from service_kit.db import SYSTEM, ReadSession, enter
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.route import CheckedRoute

MOST_COMPANIES = 20

router = APIRouter(prefix="/api/v1", tags=["companies"], route_class=CheckedRoute)


@router.get("/company-terms")
async def get_company_terms(client: CurrentClient) -> TermsOut:
    """What a company agrees to, once, by the word of one of its administrators."""
    del client  # whoever is signed in may read it
    return TermsOut.in_force()


@router.post("/companies", status_code=HTTPStatus.CREATED)
async def create_company(
    body: NewCompany, client: CurrentClient, once: Once, session: WriteSession, now: Now, ports: PortsOfApp
) -> CompanyOut:
    """Make a company, and be its first administrator."""
    await quotas.count(ports.limits, "companies", client)
    if len(client.memberships) >= MOST_COMPANIES:
        raise TooManyOfCompany(most=MOST_COMPANIES)
    await enter(session, SYSTEM)  # nobody sees it yet
    by, agreed = actors.client(client.account_id), body.agreement
    company, branches = await service.found(session, body.name, body.branches, by=by, now=now)
    await session.flush()
    agreement = await service.agree(
        session, company.id, agreed.version, language=agreed.language, by=by, now=now
    )
    return await once.keep(CompanyOut.of(company, branches, agreement, client=client))


@router.get("/companies/{company_id}")
async def get_company(company_id: UUID, client: CurrentClient, session: Reading) -> CompanyOut:
    """A company with its branches."""
    company = await queries.company(session, company_id, client=client)
    return await _shown(session, company, client)


@router.patch("/companies/{company_id}")
async def change_company(
    body: CompanyPatch, company_id: UUID, client: CurrentClient, session: WriteSession, now: Now
) -> CompanyOut:
    """Rename a company, or limit what may be ordered in a month."""
    await queries.administered(session, company_id, client=client)
    by = actors.client(client.account_id)
    changes = cast("CompanyChanges", _said(body))
    changed = await service.change_company(session, company_id, changes, by=by, now=now)
    return await _shown(session, changed, client)


@router.post("/companies/{company_id}/agreement")
async def agree_to_company_terms(
    body: AgreementIn, company_id: UUID, client: CurrentClient, session: WriteSession, now: Now
) -> CompanyOut:
    """Agree to the terms in force in the name of the company. Said again it changes nothing."""
    company = await queries.administered(session, company_id, client=client)
    by = actors.client(client.account_id)
    await service.agree(session, company_id, body.version, language=body.language, by=by, now=now)
    return await _shown(session, company, client)


@router.post("/companies/{company_id}/branches", status_code=HTTPStatus.CREATED)
async def add_branch(
    body: NewBranch,
    company_id: UUID,
    client: CurrentClient,
    once: Once,
    session: WriteSession,
    now: Now,
) -> BranchOut:
    """Add a branch."""
    await queries.administered(session, company_id, client=client)
    by = actors.client(client.account_id)
    branch = await service.add_branch(session, company_id, body.name, by=by, now=now)
    return await once.keep(BranchOut.of(branch))


@router.patch("/companies/{company_id}/branches/{branch_id}")
async def change_branch(
    branch_id: UUID,
    body: BranchPatch,
    company_id: UUID,
    client: CurrentClient,
    session: WriteSession,
    now: Now,
) -> BranchOut:
    """Rename a branch, limit it, close it or open it again."""
    await queries.administered(session, company_id, client=client)
    by = actors.client(client.account_id)
    changes = cast("BranchChanges", _said(body))
    branch = await service.change_branch(session, company_id, branch_id, changes, by=by, now=now)
    return BranchOut.of(branch)


@router.get("/companies/{company_id}/members")
async def list_members(company_id: UUID, client: CurrentClient, session: Reading) -> list[MemberOut]:
    """Everybody in the company, administrators first."""
    await queries.administered(session, company_id, client=client)
    return [MemberOut.of(member) for member in await queries.members(session, company_id)]


@router.patch("/companies/{company_id}/members/{account_id}")
async def change_member(
    account_id: UUID,
    body: MemberPatch,
    company_id: UUID,
    client: CurrentClient,
    session: WriteSession,
    now: Now,
) -> list[MemberOut]:
    """Give a member another role or branch, which counts from their next request on. Shows everybody."""
    await queries.administered(session, company_id, client=client)
    by = actors.client(client.account_id)
    place = Membership(company_id, body.branch_id, body.role)
    await members.change(session, account_id, place, by=by, now=now)
    return [MemberOut.of(member) for member in await queries.members(session, company_id)]


@router.delete("/companies/{company_id}/members/{account_id}", status_code=HTTPStatus.NO_CONTENT)
async def remove_member(
    account_id: UUID, company_id: UUID, client: CurrentClient, session: WriteSession, now: Now
) -> None:
    """Let somebody be a member no more. What they ordered for the company stays with it."""
    await queries.administered(session, company_id, client=client)
    await members.remove(session, company_id, account_id, by=actors.client(client.account_id), now=now)


@router.delete("/companies/{company_id}/membership", status_code=HTTPStatus.NO_CONTENT)
async def leave_company(company_id: UUID, client: CurrentClient, session: WriteSession, now: Now) -> None:
    """Leave a company: one sees nothing of it any more, and what one ordered for it stays with it."""
    await queries.company(session, company_id, client=client)
    await enter(session, SYSTEM)  # whoever administers nothing may not lock it, and sees nobody else in it
    by = actors.client(client.account_id)
    await members.remove(session, company_id, client.account_id, by=by, now=now)


async def _shown(session: ReadSession, company: Company, client: Client) -> CompanyOut:
    branches = await queries.branches(session, company.id, client=client)
    agreement, logo = await queries.agreement(session, company.id), await logo_of(session, company.id)
    return CompanyOut.of(company, branches, agreement, logo=logo, client=client)


def _said(body: CompanyPatch) -> dict[str, object]:
    """What a patch mentions; null takes away a limit, and says nothing of what cannot be taken away."""
    said = {name: getattr(body, name) for name in body.model_fields_set}
    return {name: value for name, value in said.items() if value is not None or name == "monthly_limit"}
