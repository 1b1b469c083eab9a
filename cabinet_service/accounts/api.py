"""Signing in, and one's own account."""

from datetime import datetime
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Request, Response

from cabinet_service.accounts import domain, errors, queries, service
from cabinet_service.accounts.dependencies import CurrentClient
from cabinet_service.accounts.domain import Contact, Role
from cabinet_service.accounts.models import Account
from cabinet_service.accounts.schemas import (
    AccountOut,
    AccountPatch,
    CodeRequest,
    CodeSent,
    ContactOut,
    Me,
    MembershipOut,
    SignedInOut,
    SignIn,
)
from cabinet_service.api_ports import ApiPorts, PortsOfApp
from service_kit.db import ReadSession
from service_kit.http.access import ANYBODY
from service_kit.http.client_address import network_of
from service_kit.http.credentials import Carrier
from service_kit.http.device import device_of
from service_kit.http.edge import Now, Reading, ServiceSession, WriteSession
from service_kit.http.problem_responses import language_of, problem_response
from service_kit.http.problems import Problem
from service_kit.http.route import CheckedRoute
from service_kit.http.sign_in import hand_over
from service_kit.passkeys.schemas import PasskeySignIn

router = APIRouter(prefix="/api/v1", tags=["accounts"], route_class=CheckedRoute)


@router.post("/auth/codes", status_code=HTTPStatus.ACCEPTED, dependencies=[ANYBODY])
async def request_code(
    body: CodeRequest, request: Request, session: ServiceSession, now: Now, ports: PortsOfApp
) -> CodeSent:
    """Have a sign-in code sent to an e-mail address or a phone, or to the chat of whoever has tied one."""
    contact = contact_to_reach(body.contact, ports)
    device = None
    if ports.devices.may_be_known(request, body.device_token):
        account_id = await queries.account_of_contact(session, contact)
        device = ports.devices.find(request, str(account_id), body.device_token)
    await count_code(request, contact, device, ports)
    challenge = await service.request_code(
        session,
        contact,
        language=language_of(request),
        valid_for=ports.settings.sign_in_code_length,
        now=now,
        past_chats=body.past_chats,
    )
    return CodeSent(
        challenge_id=challenge.id,
        sent_to=contact.masked,
        may_be_in_chat=ports.settings.has_chats and not body.past_chats,
        expires_at=challenge.expires_at,
        resend_after=now + ports.settings.code_again_after,
    )


def contact_to_reach(text: str, ports: ApiPorts) -> Contact:
    """The contact that somebody typed. Raises ContactNotUnderstood, MixedLetters or ChannelNotOffered."""
    try:
        contact = domain.parse_contact(text)
    except domain.MixedLetters:
        raise errors.MixedLetters from None
    except domain.NotAContact:
        raise errors.ContactNotUnderstood from None
    if contact.kind not in ports.channels:
        raise errors.ChannelNotOffered(channel=contact.kind)
    return contact


async def count_code(request: Request, contact: Contact, device: str | None, ports: ApiPorts) -> None:
    """Count one more code to the contact. Raises TooManyRequests."""
    limits, network = ports.limits, network_of(request)
    if device is not None:
        await limits.hit("code_again", device, fail_closed=True)
        await limits.hit("codes_per_device", device, fail_closed=True)
        return
    subject = ports.secrets.sign(f"contact {contact.value}".encode())  # no contacts in the cache
    # The narrowest first: what it refuses takes nothing from what others share.
    await limits.hit("code_again", f"{subject} {network}", fail_closed=True)
    await limits.hit("codes_per_contact_and_address", f"{subject} {network}", fail_closed=True)
    await limits.hit("codes_per_contact_and_address_a_day", f"{subject} {network}", fail_closed=True)
    await limits.hit("codes_per_address", network, fail_closed=True)
    await limits.hit("codes_per_contact", subject, fail_closed=True)
    await limits.hit("codes_per_contact_a_day", subject, fail_closed=True)


@router.post(
    "/auth/sessions",
    status_code=HTTPStatus.CREATED,
    response_model=SignedInOut,
    dependencies=[ANYBODY],
)
async def sign_in(
    body: SignIn, request: Request, response: Response, session: ServiceSession, now: Now, ports: PortsOfApp
) -> SignedInOut | Response:
    """Sign in with a code. Who does so for the first time gets an account."""
    if body.carrier == "cookie":
        # Or another site could sign a browser in to an account of its own.
        ports.settings.cookies.require_own_page(request)
    device = None
    if ports.devices.may_be_known(request, body.device_token):
        account_id = await queries.account_of_challenge(session, body.challenge_id)
        device = ports.devices.find(request, str(account_id), body.device_token)
    if device is not None:
        await ports.limits.hit("sign_ins_per_device", device, fail_closed=True)
    else:
        await ports.limits.hit("sign_ins_per_address", network_of(request), fail_closed=True)
    outcome = await service.sign_in(
        session,
        body.challenge_id,
        body.code,
        language=body.language or language_of(request),
        keys=ports.secrets,
        device=device_of(request),
        length=ports.settings.session_length,
        now=now,
    )
    if isinstance(outcome, Problem):
        return problem_response(request, outcome)  # returned, not raised: the counted try is committed
    return handed_over(outcome, response, body.carrier, ports, now=now)


@router.post(
    "/auth/passkey-sessions",
    status_code=HTTPStatus.CREATED,
    response_model=SignedInOut,
    dependencies=[ANYBODY],
)
async def sign_in_with_passkey(
    body: PasskeySignIn,
    request: Request,
    response: Response,
    session: ServiceSession,
    now: Now,
    ports: PortsOfApp,
) -> SignedInOut | Response:
    """Sign in with a passkey in place of a code."""
    if body.carrier == "cookie":
        ports.settings.cookies.require_own_page(request)
    await ports.limits.hit("sign_ins_per_address", network_of(request), fail_closed=True)
    outcome = await service.sign_in_with_passkey(
        session,
        body.credential,
        party=ports.settings.relying_party,
        device=device_of(request),
        length=ports.settings.session_length,
        now=now,
    )
    if isinstance(outcome, Problem):
        return problem_response(request, outcome)
    return handed_over(outcome, response, body.carrier, ports, now=now)


@router.get("/me")
async def get_me(session: Reading, client: CurrentClient) -> Me:
    """One's own account, contacts and companies."""
    return await me_of(session, await queries.account(session, client.account_id))


@router.patch("/me")
async def change_me(body: AccountPatch, session: WriteSession, client: CurrentClient) -> Me:
    """Change the name shown, or the language in which one is written to."""
    changes = service.AccountChanges()
    if "display_name" in body.model_fields_set:
        changes["display_name"] = body.display_name
    if body.language is not None:
        changes["language"] = body.language
    return await me_of(session, await service.change_account(session, client.account_id, changes))


async def me_of(session: ReadSession, account: Account) -> Me:
    """What a client is shown of their account."""
    contacts = await queries.contacts_of(session, account.id)
    memberships = await queries.named_memberships(session, account.id)
    return Me(
        account=_account_out(account),
        contacts=[ContactOut(kind=contact.kind, value=contact.value) for contact in contacts],
        memberships=[
            MembershipOut(
                company_id=named.membership.company_id,
                company_name=named.company_name,
                branch_id=named.membership.branch_id,
                branch_name=named.branch_name,
                role=_told(named.membership.role),
                role_in_detail=named.membership.role,
            )
            for named in memberships
        ],
        sandbox=session.sandbox,
    )


def _told(role: Role) -> Literal[Role.PARTNER_AGENT, Role.PARTNER_ADMIN]:
    return Role.PARTNER_ADMIN if role is Role.PARTNER_ADMIN else Role.PARTNER_AGENT


def handed_over(
    signed_in: service.SignedIn, response: Response, carrier: Carrier, ports: ApiPorts, *, now: datetime
) -> SignedInOut:
    """The tokens of a session that has begun, by the way in which the device takes them."""
    pair = signed_in.session.tokens(ports.tokens)
    tokens = hand_over(response, pair, carrier=carrier, cookies=ports.settings.cookies, now=now)
    return SignedInOut(
        account=_account_out(signed_in.account),
        device_token=ports.devices.remember(response, str(signed_in.account.id), carrier=carrier),
        **tokens.model_dump(),
    )


def _account_out(account: Account) -> AccountOut:
    return AccountOut(
        id=account.id,
        display_name=account.display_name,
        language=queries.language(account.language),
        created_at=account.created_at,
    )
