"""Routes of people and sign-ins."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from bpa_service.db import tables
from bpa_service.experts import queries, scopes, service
from bpa_service.experts.dependencies import CurrentExpert, MaybeEnrolling, SentToken, only
from bpa_service.experts.domain import Expert, Role, Stage
from bpa_service.experts.factors.models import passkeys
from bpa_service.experts.schemas import NewPerson, Person, PersonPatch, Session, SignIn
from bpa_service.ports import Ports, PortsOfApp
from service_kit import idempotency, paging
from service_kit.db import enter
from service_kit.http.access import ANYBODY
from service_kit.http.client_address import network_of
from service_kit.http.credentials import Carrier
from service_kit.http.device import device_of
from service_kit.http.edge import IdempotencyKey, Now, Reading, ServiceSession, WriteSession
from service_kit.http.problems import Problem, problem_response
from service_kit.http.route import CheckedRoute
from service_kit.http.sign_in import Refresh, SessionOut, TokensOut, hand_over, read_refresh
from service_kit.paging import Page, PageOf
from service_kit.passkeys.schemas import PasskeyChallenge, PasskeySignIn

router = APIRouter(prefix="/api/v1", route_class=CheckedRoute)

Admin = Annotated[Expert, Depends(only(Role.BPA_ADMIN))]
Overseer = Annotated[Expert, Depends(only(Role.SHIFT_LEAD, Role.BPA_ADMIN, Role.AUDITOR))]


@router.post("/auth/sessions", status_code=HTTPStatus.CREATED, tags=["auth"], dependencies=[ANYBODY])
async def sign_in(body: SignIn, request: Request, response: Response, ports: PortsOfApp) -> Session:
    """Sign in with login, password and a code. Limited per login and per address."""
    settings = ports.settings
    if body.carrier == "cookie":
        # Or another site could sign a browser in to an account of its own.
        settings.cookies.require_own_page(request)
    await ports.limits.hit("sign_ins_per_address", network_of(request), fail_closed=True)
    await ports.limits.hit("sign_ins_per_login", body.login, fail_closed=True)
    started = await service.sign_in(
        ports.backbone.database,
        ports.passwords,
        ports.seal,
        login=body.login,
        password=body.password,
        code=body.code,
        device=device_of(request),
        length=settings.session_length,
    )
    return _handed_over(started, response, body.carrier, ports)


@router.post(
    "/auth/passkey-challenges", status_code=HTTPStatus.CREATED, tags=["auth"], dependencies=[ANYBODY]
)
async def ask_to_sign_in(
    request: Request, session: ServiceSession, now: Now, ports: PortsOfApp
) -> PasskeyChallenge:
    """Begin to sign in with a passkey."""
    await ports.limits.hit("sign_ins_per_address", network_of(request), fail_closed=True)
    return await passkeys.ask_to_sign_in(session, ports.settings.relying_party, now=now)


@router.post("/auth/passkey-sessions", status_code=HTTPStatus.CREATED, tags=["auth"], dependencies=[ANYBODY])
async def sign_in_with_passkey(
    body: PasskeySignIn, request: Request, response: Response, ports: PortsOfApp
) -> Session:
    """Sign in with a passkey: it takes neither login nor password nor code."""
    settings = ports.settings
    if body.carrier == "cookie":
        settings.cookies.require_own_page(request)
    await ports.limits.hit("sign_ins_per_address", network_of(request), fail_closed=True)
    started = await service.sign_in_with_passkey(
        ports.backbone.database,
        body.credential,
        party=settings.relying_party,
        device=device_of(request),
        length=settings.session_length,
    )
    return _handed_over(started, response, body.carrier, ports)


def _handed_over(started: service.SignedIn, response: Response, carrier: Carrier, ports: Ports) -> Session:
    tokens = hand_over(
        response,
        started.session.tokens(ports.tokens),
        carrier=carrier,
        cookies=ports.settings.cookies,
        now=started.session.created_at,
    )
    return Session(
        expert=Person.of(started.expert),
        stage=Stage(started.session.stage),
        recovery_codes_left=started.recovery_codes_left,
        **tokens.model_dump(),
    )


@router.post("/auth/tokens", response_model=TokensOut, tags=["auth"], dependencies=[ANYBODY])
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
    now = await enter(session, scopes.of_person(token.holder_id))
    outcome = await service.refresh(session, token, now=now)
    if isinstance(outcome, Problem):
        refusal = problem_response(
            request, outcome
        )  # returned, not raised: the end of the session is committed
        if carrier == "cookie":
            cookies.clear(refusal)
        return refusal
    return hand_over(response, outcome.tokens(ports.tokens), carrier=carrier, cookies=cookies, now=now)


@router.get("/auth/sessions", tags=["auth"])
async def list_sessions(
    expert: CurrentExpert, token: SentToken, session: Reading, now: Now
) -> list[SessionOut]:
    """Where one is signed in, the device that was seen last first."""
    rows = await queries.sessions_of(session, expert.id, now=now)
    return [SessionOut.of(row, current=token.session_id) for row in rows]


@router.delete("/auth/sessions/current", status_code=HTTPStatus.NO_CONTENT, tags=["auth"])
async def sign_out(
    expert: MaybeEnrolling,
    token: SentToken,
    response: Response,
    session: WriteSession,
    now: Now,
    ports: PortsOfApp,
) -> None:
    """End this session."""
    await service.end_session(session, token.session_id, expert=expert, now=now)
    ports.settings.cookies.clear(response)


@router.delete("/auth/sessions/{session_id}", status_code=HTTPStatus.NO_CONTENT, tags=["auth"])
async def end_session(session_id: UUID, expert: CurrentExpert, session: WriteSession, now: Now) -> None:
    """Sign out on another device."""
    await service.end_session(session, session_id, expert=expert, now=now)


@router.delete("/auth/sessions", status_code=HTTPStatus.NO_CONTENT, tags=["auth"])
async def end_other_sessions(
    expert: CurrentExpert, token: SentToken, session: WriteSession, now: Now
) -> None:
    """Sign out on every device but this one."""
    await service.end_other_sessions(session, token.session_id, expert=expert, now=now)


@router.get("/me", tags=["auth"])
async def get_me(expert: MaybeEnrolling) -> Person:
    """Who is signed in."""
    return Person.of(expert)


@router.get("/people", tags=["people"])
async def list_people(
    _expert: Overseer,
    request: Request,
    response: Response,
    session: Reading,
    cursor: paging.Cursor = None,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
) -> PageOf[Person]:
    """Everybody who works or has worked here, by login."""
    page = Page(paging.decode_cursor(cursor, str), limit)
    rows, following = paging.cut(await queries.people(session, page), limit, lambda expert: (expert.login,))
    paging.link_next(request, response, following)
    return PageOf(items=[Person.of(row) for row in rows], next_cursor=following)


@router.post("/people", status_code=HTTPStatus.CREATED, tags=["people"])
async def add_person(
    body: NewPerson,
    expert: Admin,
    session: WriteSession,
    now: Now,
    ports: PortsOfApp,
    key: IdempotencyKey = None,
) -> Person:
    """Let somebody new work here."""
    once = await idempotency.claim(
        session,
        tables.IdempotencyKey,
        owner=str(expert.id),
        key=key,
        # Not the whole body: the stored fingerprint is a fast hash, which a password must never be in.
        request=b"POST people " + body.model_dump_json(exclude={"password"}).encode(),
        now=now,
    )
    added = await service.add_person(
        session,
        login=body.login,
        display_name=body.display_name,
        role=body.role,
        password_hash=await ports.passwords.hash(body.password),
        by=expert,
        now=now,
    )
    return await once.keep(Person.of(added))


@router.patch("/people/{person_id}", tags=["people"])
async def change_person(
    person_id: UUID, body: PersonPatch, expert: Admin, session: WriteSession, now: Now, ports: PortsOfApp
) -> Person:
    """Change somebody's name, role or password, or switch them off or on."""
    change = service.PersonChange(
        display_name=body.display_name,
        role=body.role,
        active=body.active,
        password_hash=await ports.passwords.hash(body.password) if body.password is not None else None,
    )
    return Person.of(await service.change_person(session, person_id, change, by=expert, now=now))
