"""Bodies of the API of companies."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from cabinet_service.accounts.domain import AtLimit, Client, Language, Role
from cabinet_service.accounts.models import Branch, Company
from cabinet_service.companies.inviting import Offer
from cabinet_service.companies.logos.queries import Logo
from cabinet_service.companies.logos.schemas import LogoOut, shown
from cabinet_service.companies.models import NOTE_CHARACTERS, CompanyAgreement, Invitation
from cabinet_service.companies.queries import Member, is_in_force
from cabinet_service.companies.service import MOST_BRANCHES
from cabinet_service.consents.documents import OF_COMPANIES, CompanyDocument, wordings
from cabinet_service.consents.schemas import WordingOut
from service_kit.http.schemas import ApiInput, ApiOutput, ShortText
from service_kit.link_tokens import TOKEN_CHARACTERS

MonthlyLimit = Annotated[
    int | None,
    Field(
        ge=0,
        le=1_000_000,
        description="Checks a month; null: as many as there are. What ended without an "
        "answer, or said that the photos do not suffice, is not counted.",
    ),
]
AtLimitIn = Annotated[
    AtLimit,
    Field(description="`refuse`: one more is not sent, and stays a draft. `notice`: it is sent, and seen."),
]
# What a program is, it is by its keys.
PersonsRole = Literal[Role.PARTNER_AGENT, Role.PARTNER_ADMIN]
Token = Annotated[
    str,
    StringConstraints(min_length=1, max_length=TOKEN_CHARACTERS * 4),
    Field(description="What stands behind the # of the link."),
]


class AgreementIn(ApiInput):
    """That the company agrees to the terms in force, as an administrator has read them."""

    version: int = Field(ge=1, le=10_000)
    language: Language = Field(description="In which language they read them.")


class NewCompany(ApiInput):
    name: ShortText
    branches: list[ShortText] = Field(default=[], max_length=MOST_BRANCHES)
    agreement: AgreementIn


class CompanyPatch(ApiInput):
    """What is left out stays as it is."""

    name: ShortText | None = None
    monthly_limit: MonthlyLimit = None
    at_limit: AtLimitIn | None = None


class NewBranch(ApiInput):
    name: ShortText


class BranchPatch(CompanyPatch):
    """What is left out stays as it is."""

    is_closed: bool | None = Field(
        default=None, description="A closed branch keeps its past, and nothing is ordered for it any more."
    )


class MemberPatch(ApiInput):
    role: PersonsRole
    branch_id: UUID | None = Field(default=None, description="An agent has one.")


class NewInvitation(ApiInput):
    role: PersonsRole
    branch_id: UUID | None = Field(default=None, description="An agent has one.")
    contact: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)] | None = (
        Field(
            default=None,
            description="Whose it is: nobody else can use it then. What is shown of it is masked.",
        )
    )
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=NOTE_CHARACTERS)] | None = None
    days: int = Field(default=7, ge=1, le=30, description="After so many days it lets nobody in.")


class InvitationToken(ApiInput):
    token: Token


class Acceptance(InvitationToken):
    name: ShortText | None = Field(
        default=None, description="What one is called, of whoever has not said so before."
    )


class TermsOut(ApiOutput):
    """The terms for companies that are in force."""

    document: CompanyDocument
    version: int
    wordings: list[WordingOut]

    @classmethod
    def in_force(cls) -> "TermsOut":
        document = CompanyDocument.PROCESSING
        version = OF_COMPANIES[document]
        texts = [WordingOut.of(wording) for wording in wordings(document, version)]
        return cls(document=document, version=version, wordings=texts)


class AgreementOut(ApiOutput):
    """What the company agreed to. `in_force` says whether that is what is asked for now."""

    version: int
    agreed_at: datetime
    in_force: bool

    @classmethod
    def of(cls, agreement: CompanyAgreement) -> "AgreementOut":
        return cls(version=agreement.version, agreed_at=agreement.agreed_at, in_force=is_in_force(agreement))


class BranchOut(ApiOutput):
    id: UUID
    name: str
    is_closed: bool
    monthly_limit: int | None
    at_limit: AtLimit
    created_at: datetime

    @classmethod
    def of(cls, branch: Branch) -> "BranchOut":
        return cls(
            id=branch.id,
            name=branch.name,
            is_closed=branch.closed_at is not None,
            monthly_limit=branch.monthly_limit,
            at_limit=branch.at_limit,
            created_at=branch.created_at,
        )


class CompanyOut(ApiOutput):
    """A company, as far as its member sees it. `role` and `branch_id` are what they are there.

    An agent is shown their own branch. `agreement` is null where the company has agreed to nothing yet.
    """

    id: UUID
    name: str
    role: Role
    branch_id: UUID | None
    branches: list[BranchOut]
    monthly_limit: int | None
    at_limit: AtLimit
    agreement: AgreementOut | None
    logo: LogoOut | None
    created_at: datetime

    @classmethod
    def of(
        cls,
        company: Company,
        branches: Sequence[Branch],
        agreement: CompanyAgreement | None,
        *,
        logo: Logo | None = None,
        client: Client,
    ) -> "CompanyOut":
        membership = client.membership_in(company.id)
        return cls(
            id=company.id,
            name=company.name,
            role=membership.role if membership else Role.PARTNER_ADMIN,  # who has made it just now
            branch_id=membership.branch_id if membership else None,
            branches=[BranchOut.of(branch) for branch in branches],
            monthly_limit=company.monthly_limit,
            at_limit=company.at_limit,
            agreement=AgreementOut.of(agreement) if agreement else None,
            logo=shown(logo),
            created_at=company.created_at,
        )


class MemberOut(ApiOutput):
    """`display_name` is null of whoever has not said their name."""

    account_id: UUID
    display_name: str | None
    role: Role
    branch_id: UUID | None
    since: datetime = Field(description="When they became a member.")

    @classmethod
    def of(cls, member: Member) -> "MemberOut":
        membership = member.membership
        return cls(
            account_id=membership.account_id,
            display_name=member.display_name,
            role=membership.role,
            branch_id=membership.branch_id,
            since=membership.created_at,
        )


class InvitationOut(ApiOutput):
    """An invitation as its company sees it. `url` is null where it lets nobody in any more.

    It is null, too, where the key is gone that made it: then the link works on, and cannot be copied.
    """

    id: UUID
    role: Role
    branch_id: UUID | None
    contact: str | None
    note: str | None
    url: str | None
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, invitation: Invitation, *, url: str | None) -> "InvitationOut":
        return cls(
            id=invitation.id,
            role=invitation.role,
            branch_id=invitation.branch_id,
            contact=invitation.contact_masked,
            note=invitation.note,
            url=url,
            created_at=invitation.created_at,
            expires_at=invitation.expires_at,
            accepted_at=invitation.accepted_at,
            withdrawn_at=invitation.withdrawn_at,
        )


class OfferOut(ApiOutput):
    """What one is invited to. `invited_by` is null of whoever has not said their name.

    `contact` is whom it is for, if it is for somebody.
    """

    company_id: UUID
    company_name: str
    branch_name: str | None
    role: Role
    invited_by: str | None
    contact: str | None
    expires_at: datetime

    @classmethod
    def of(cls, offer: Offer) -> "OfferOut":
        return cls(
            company_id=offer.company.id,
            company_name=offer.company.name,
            branch_name=offer.branch.name if offer.branch else None,
            role=offer.invitation.role,
            invited_by=offer.invited_by,
            contact=offer.invitation.contact_masked,
            expires_at=offer.invitation.expires_at,
        )
