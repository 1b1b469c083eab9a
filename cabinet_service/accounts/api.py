"""Signing in and out, and one's own account."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request, Response

from cabinet_service.accounts import domain, errors, queries, scopes, service
from cabinet_service.accounts.dependencies import CurrentClient, SentToken
from cabinet_service.accounts.models import Account, passkeys
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
from cabinet_service.ports import Ports, PortsOfApp
from service_kit.db import ReadSession, enter
from service_kit.http.access import ANYBODY
from service_kit.http.client_address import network_of
from service_kit.http.credentials import Carrier
from service_kit.http.device import device_of
from service_kit.http.edge import Now, Reading, ServiceSession, WriteSession
from service_kit.http.problems import Problem, language_of, problem_response
from service_kit.http.route import CheckedRoute
from service_kit.http.sign_in import Refresh, SessionOut, TokensOut, hand_over, read_refresh
from service_kit.passkeys.schemas import PasskeyChallenge, PasskeySignIn

router = APIRouter(prefix="/api/v1", tags=["accounts"], route_class=CheckedRoute)


@router.post("/auth/codes", status_code=HTTPStatus.ACCEPTED, dependencies=[ANYBODY])
async def request_code(
    body: CodeRequest, request: Request, session: ServiceSession, now: Now, ports: PortsOfApp
) -> CodeSent:
    """Have a sign-in code sent to an e-mail address or a phone."""
    try:
        contact = domain.parse_contact(body.contact)
    except domain.NotAContact:
        raise errors.ContactNotUnderstood from None
    if contact.kind not in ports.channels:
        raise errors.ChannelNotOffered(channel=contact.kind)
    subject = ports.secrets.sign(f"contact {contact.value}".encode())  # no contacts in the cache
    await ports.limits.hit("code_again", subject, fail_closed=True)
    await ports.limits.hit("codes_per_address", network_of(request), fail_closed=True)
    await ports.limits.hit("codes_per_contact", subject, fail_closed=True)
    await ports.limits.hit("codes_per_contact_a_day", subject, fail_closed=True)
    challenge = await service.request_code(
        session, contact, language=language_of(request), valid_for=ports.settings.sign_in_code_length, now=now
    )
    return CodeSent(
        challenge_id=challenge.id,
        sent_to=contact.masked,
        expires_at=challenge.expires_at,
        resend_after=now + ports.settings.code_again_after,
    )


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
    return _handed_over(outcome, response, body.carrier, ports, now=now)


@router.post("/auth/passkey-challenges", status_code=HTTPStatus.CREATED, dependencies=[ANYBODY])
async def ask_to_sign_in(
    request: Request, session: ServiceSession, now: Now, ports: PortsOfApp
) -> PasskeyChallenge:
    """Begin to sign in with a passkey."""
    await ports.limits.hit("sign_ins_per_address", network_of(request), fail_closed=True)
    return await passkeys.ask_to_sign_in(session, ports.settings.relying_party, now=now)


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
    return _handed_over(outcome, response, body.carrier, ports, now=now)


@router.post("/auth/tokens", response_model=TokensOut, dependencies=[ANYBODY])
async def refresh_tokens(
    request: Request,
    response: Response,
    session: WriteSession,
    ports: PortsOfApp,
    body: Refresh | None = None,
) -> TokensOut | Response:
    """Exchange a refresh token for the next two tokens.

    It works once. Sent again within 20 s, for a lost answer, it gets the same answer; after that, or once a newer
    one was used, whoever sends it has a copy: the session ends.
    """
    cookies = ports.settings.cookies
    await ports.limits.hit("refreshes_per_address", network_of(request))
    token, carrier = read_refresh(request, body, cookies, ports.tokens)
    await ports.limits.hit("refreshes_per_account", str(token.holder_id))
    now = await enter(session, scopes.of_account(token.holder_id))
    outcome = await service.refresh(session, token, now=now)
    if isinstance(outcome, Problem):
        refusal = problem_response(
            request, outcome
        )  # returned, not raised: the end of the session is committed
        if carrier == "cookie":
            cookies.clear(refusal)
        return refusal
    return hand_over(response, outcome.tokens(ports.tokens), carrier=carrier, cookies=cookies, now=now)


@router.get("/auth/sessions")
async def list_sessions(
    session: Reading, client: CurrentClient, token: SentToken, now: Now
) -> list[SessionOut]:
    """Where one is signed in, the device that was seen last first."""
    rows = await queries.sessions_of(session, client.account_id, now=now)
    return [SessionOut.of(row, current=token.session_id) for row in rows]


@router.delete("/auth/sessions/current", status_code=HTTPStatus.NO_CONTENT)
async def sign_out(
    session: WriteSession,
    client: CurrentClient,
    token: SentToken,
    response: Response,
    now: Now,
    ports: PortsOfApp,
) -> None:
    """End this session."""
    await service.end_session(session, token.session_id, client=client, now=now)
    ports.settings.cookies.clear(response)


@router.delete("/auth/sessions/{session_id}", status_code=HTTPStatus.NO_CONTENT)
async def end_session(session_id: UUID, session: WriteSession, client: CurrentClient, now: Now) -> None:
    """Sign out on another device."""
    await service.end_session(session, session_id, client=client, now=now)


@router.delete("/auth/sessions", status_code=HTTPStatus.NO_CONTENT)
async def end_other_sessions(
    session: WriteSession, client: CurrentClient, token: SentToken, now: Now
) -> None:
    """Sign out on every device but this one."""
    await service.end_other_sessions(session, token.session_id, client=client, now=now)


@router.get("/me")
async def get_me(session: Reading, client: CurrentClient) -> Me:
    """One's own account, contacts and companies."""
    return await _me(session, await queries.account(session, client.account_id))


@router.patch("/me")
async def change_me(body: AccountPatch, session: WriteSession, client: CurrentClient) -> Me:
    """Change the name shown, or the language in which one is written to."""
    changes = service.AccountChanges()
    if "display_name" in body.model_fields_set:
        changes["display_name"] = body.display_name
    if body.language is not None:
        changes["language"] = body.language
    return await _me(session, await service.change_account(session, client.account_id, changes))


async def _me(session: ReadSession, account: Account) -> Me:
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
                role=named.membership.role,
            )
            for named in memberships
        ],
    )


def _handed_over(
    signed_in: service.SignedIn, response: Response, carrier: Carrier, ports: Ports, *, now: datetime
) -> SignedInOut:
    pair = signed_in.session.tokens(ports.tokens)
    tokens = hand_over(response, pair, carrier=carrier, cookies=ports.settings.cookies, now=now)
    return SignedInOut(account=_account_out(signed_in.account), **tokens.model_dump())


def _account_out(account: Account) -> AccountOut:
    return AccountOut(
        id=account.id,
        display_name=account.display_name,
        language=queries.language(account.language),
        created_at=account.created_at,
    )
