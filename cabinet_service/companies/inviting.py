"""Invitations: made, withdrawn, looked at, taken."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts.domain import Client, Contact, Membership, Role
from cabinet_service.accounts.models import Account, Branch, Company
from cabinet_service.companies import errors, links, members, queries
from cabinet_service.companies.models import Invitation
from service_kit import audit
from service_kit.audit import Actor
from service_kit.db import ReadSession, Session
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from service_kit.link_tokens import hash_of
from service_kit.signing import KeyRing

MOST_OPEN: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """Who is invited as what, for how long, and as whom the company knows them until then."""

    place: Membership
    contact: Contact | None
    note: str | None
    days: int


async def invite(session: Session, wanted: Invited, *, keys: KeyRing, by: Actor, now: datetime) -> Invitation:
    """A link by which one person becomes a member.

    Raises as `queries.lock_for`, CompanyTermsRequired, TooManyOfCompany, NoSuchBranch, BranchClosed or
    AgentNeedsBranch.
    """
    place = wanted.place
    company = await queries.lock_for(session, place.company_id, by=by)
    company_id = company.id
    if not queries.is_in_force(await queries.agreement(session, company_id)):
        raise errors.CompanyTermsRequired(company=company.name)
    await members.check(session, place)
    if await queries.count_open(session, company_id, now=now) >= MOST_OPEN:
        raise errors.TooManyOfCompany(most=MOST_OPEN)
    assert by.id is not None  # noqa: S101 - the command line invites nobody
    invitation_id, contact = new_id(), wanted.contact
    invitation = Invitation(
        id=invitation_id,
        company_id=company_id,
        branch_id=place.branch_id,
        role=place.role,
        invited_by_id=by.id,
        note=wanted.note,
        contact_masked=contact and contact.masked,
        contact_hash=contact and links.contact_hash(contact, keys),
        token_sha256=hash_of(links.TOKENS.new(invitation_id, keys)),
        created_at=now,
        expires_at=now + timedelta(days=wanted.days),
    )
    session.add(invitation)
    details = {"invitation_id": invitation_id, "branch_id": place.branch_id, "role": place.role}
    audit.record(session, "member_invited", by=by, now=now, subject_id=company_id, details=details)
    return invitation


async def withdraw(
    session: Session, company_id: UUID, invitation_id: UUID, *, by: Actor, now: datetime
) -> None:
    """The link lets nobody in from now on. Said again it changes nothing. Raises NotFound or NotAllowed."""
    await queries.lock_for(session, company_id, by=by)
    invitation = await session.get(Invitation, invitation_id, lock=True)
    if invitation is None or invitation.company_id != company_id:
        raise NotFound
    if invitation.is_open(now):
        invitation.withdrawn_at = now
        details = {"invitation_id": invitation_id}
        audit.record(session, "invitation_withdrawn", by=by, now=now, subject_id=company_id, details=details)


@dataclass(frozen=True, slots=True)
class Offer:
    """An open invitation, with the names that a person knows it by."""

    invitation: Invitation
    company: Company
    branch: Branch | None
    invited_by: str | None


async def offer(session: ReadSession, token: str, *, now: datetime) -> Offer:
    """Who invites into what.

    Raises InvitationUnknown, InvitationUsed, InvitationWithdrawn or InvitationExpired.
    """
    invitation = await queries.invitation_by_token(session, hash_of(token))
    if invitation is None:
        raise errors.InvitationUnknown
    company = await session.get_one(Company, invitation.company_id)
    if invitation.accepted_at is not None:
        raise errors.InvitationUsed(company=company.name)
    # Whoever runs the company no more speaks for it no more.
    inviter = await queries.role_of(session, company.id, invitation.invited_by_id)
    if invitation.withdrawn_at is not None or inviter is not Role.PARTNER_ADMIN:
        raise errors.InvitationWithdrawn(company=company.name)
    if now >= invitation.expires_at:
        raise errors.InvitationExpired(company=company.name)
    branch = await session.get(Branch, invitation.branch_id) if invitation.branch_id else None
    invited_by = await session.get_one(Account, invitation.invited_by_id)
    return Offer(invitation, company, branch, invited_by.display_name)


async def accept(
    session: Session, token: str, *, client: Client, name: str | None, keys: KeyRing, by: Actor, now: datetime
) -> Offer:
    """Become a member by the link, which then works no more.

    Raises what `offer` does, InvitationForAnother, AlreadyMember or NameNeeded; the link stays good then.
    """
    found = await queries.invitation_by_token(session, hash_of(token))
    if found is None:
        raise errors.InvitationUnknown
    # As whoever changes the company: its row first.
    await queries.lock(session, found.company_id)
    await session.get(Invitation, found.id, lock=True)
    offered = await offer(session, token, now=now)
    invitation, company = offered.invitation, offered.company
    if await queries.membership(session, company.id, client.account_id) is not None:
        raise errors.AlreadyMember(company=company.name)
    kept = invitation.contact_hash
    if kept is not None and not links.is_for(
        await accounts.contacts_of(session, client.account_id), kept, keys
    ):
        raise errors.InvitationForAnother(contact=invitation.contact_masked)
    if await queries.count_members(session, company.id) >= members.MOST_MEMBERS:
        raise errors.TooManyOfCompany(most=members.MOST_MEMBERS)
    account = await accounts.lock(session, client.account_id)
    account.display_name = account.display_name or name
    if account.display_name is None:
        raise errors.NameNeeded
    place = Membership(company.id, invitation.branch_id, invitation.role)
    await members.check(session, place)
    invitation.accepted_at, invitation.accepted_by_id = now, client.account_id
    members.put(session, client.account_id, place, by=by, now=now)
    details = {"invitation_id": invitation.id}
    audit.record(session, "invitation_accepted", by=by, now=now, subject_id=company.id, details=details)
    return offered
