"""Signed-in clients of cabinet, without the way over a code that a test is not about."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update

from cabinet_service.accounts import domain, service
from cabinet_service.accounts.domain import Language, Membership, Role
from cabinet_service.accounts.models import SignInSession
from cabinet_service.api_ports import ApiPorts
from cabinet_service.audit.actors import OPERATOR
from cabinet_service.companies import members
from cabinet_service.companies import service as companies
from cabinet_service.consents import service as consents_service
from cabinet_service.consents.documents import IN_FORCE, OF_COMPANIES, CompanyDocument
from service_kit.db import database_now
from service_kit.sessions import Device

SESSION_LENGTH = timedelta(hours=1)
PHONE = Device("Firefox, Android", "192.0.2.0/24")


@dataclass(frozen=True)
class SignedInClient:
    """An account and the tokens of a session of it."""

    account_id: UUID
    token: str
    refresh_token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


async def sign_in(
    ports: ApiPorts, contact: str = "client@example.com", *, language: Language = "ru", consents: bool = True
) -> SignedInClient:
    """A client with this contact; the account is made if there is none. Leaves no work for the worker.

    They have agreed to everything that is asked for, unless `consents` is False.
    """
    async with ports.backbone.database.writing() as session:
        now = await database_now(session)
        challenge = service.new_challenge(domain.parse_contact(contact), valid_for=SESSION_LENGTH, now=now)
        session.add(challenge)
        await session.flush()
        outcome = await service.sign_in(
            session,
            challenge.id,
            domain.code_of(challenge.id, ports.secrets),
            language=language,
            keys=ports.secrets,
            device=PHONE,
            length=SESSION_LENGTH,
            now=now,
        )
        assert isinstance(outcome, service.SignedIn)
    # In a transaction of its own, as over the API: a consent locks the account, which the session refers to.
    async with ports.backbone.database.writing() as session:
        for document, version in IN_FORCE.items() if consents else ():
            await consents_service.give(
                session,
                outcome.account.id,
                document,
                version,
                language=language,
                network="127.0.0.1",
                now=now,
            )
        tokens = outcome.session.tokens(ports.tokens)
        return SignedInClient(outcome.account.id, tokens.access, tokens.refresh)


async def pass_ten_minutes(ports: ApiPorts) -> None:
    """Let everybody have signed in too long ago for what asks for a sign-in of just now."""
    async with ports.backbone.database.writing() as session:
        earlier = SignInSession.created_at - timedelta(minutes=10, seconds=1)
        await session.execute(update(SignInSession).values(created_at=earlier))


@dataclass(frozen=True)
class Firm:
    """A company with two branches."""

    company_id: UUID
    first_branch: UUID
    second_branch: UUID


async def found_company(ports: ApiPorts, name: str = "Motors") -> Firm:
    """It has agreed to the terms for companies."""
    async with ports.backbone.database.writing() as session:
        now = await database_now(session)
        company, branches = await companies.found(session, name, ["North", "South"], by=OPERATOR, now=now)
        await session.flush()
        version = OF_COMPANIES[CompanyDocument.PROCESSING]
        await companies.agree(session, company.id, version, language="ru", by=OPERATOR, now=now)
        return Firm(company.id, *(branch.id for branch in branches))


async def join(
    ports: ApiPorts, firm: Firm, contact: str, role: Role, *, branch_id: UUID | None = None
) -> None:
    """Make the person with this contact a member of the company."""
    async with ports.backbone.database.writing() as session:
        await members.add_by_contact(
            session,
            domain.parse_contact(contact),
            Membership(firm.company_id, branch_id, role),
            by=OPERATOR,
            now=await database_now(session),
        )
