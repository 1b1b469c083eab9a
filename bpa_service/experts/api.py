"""Routes of people and sign-ins."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from bpa_service.db import tables
from bpa_service.experts import queries, service
from bpa_service.experts.dependencies import CurrentCredentials, CurrentExpert, only
from bpa_service.experts.domain import Expert, Role
from bpa_service.experts.schemas import NewPerson, Person, PersonPatch, Session, SignIn
from bpa_service.ports import PortsOfApp
from bpa_service.settings import COOKIE
from service_kit import idempotency, paging
from service_kit.http.client_address import network_of
from service_kit.http.credentials import clear_cookie, require_own_page, set_cookie
from service_kit.http.edge import IdempotencyKey, Now, Reading, WriteSession
from service_kit.http.route import CheckedRoute
from service_kit.paging import Page, PageOf

router = APIRouter(prefix="/api/v1", route_class=CheckedRoute)

Admin = Annotated[Expert, Depends(only(Role.BPA_ADMIN))]
Overseer = Annotated[Expert, Depends(only(Role.SHIFT_LEAD, Role.BPA_ADMIN, Role.AUDITOR))]


@router.post("/auth/sessions", status_code=HTTPStatus.CREATED, tags=["auth"])
async def sign_in(body: SignIn, request: Request, response: Response, ports: PortsOfApp) -> Session:
    """Sign in with login and password. Limited per login and per address."""
    settings = ports.settings
    if body.carrier == "cookie":
        # Or another site could sign a browser in to an account of its own.
        require_own_page(request, origins={settings.origin})
    await ports.limits.hit("sign_ins_per_address", network_of(request), fail_closed=True)
    await ports.limits.hit("sign_ins_per_login", body.login, fail_closed=True)
    started = await service.sign_in(
        ports.backbone.database,
        ports.passwords,
        login=body.login,
        password=body.password,
        length=settings.session_length,
    )
    if body.carrier == "cookie":
        set_cookie(
            response,
            cookie=COOKIE,
            token=started.token,
            max_age=settings.session_seconds,
            secure=settings.has_https,
        )
    return Session(
        expert=Person.of(started.expert),
        token=started.token if body.carrier == "bearer" else None,
        expires_at=started.expires_at,
    )


@router.delete("/auth/sessions/current", status_code=HTTPStatus.NO_CONTENT, tags=["auth"])
async def sign_out(
    credentials: CurrentCredentials,
    expert: CurrentExpert,
    response: Response,
    session: WriteSession,
    now: Now,
    ports: PortsOfApp,
) -> None:
    """End this session."""
    await service.sign_out(session, credentials.token, expert=expert, now=now)
    if credentials.carrier == "cookie":
        clear_cookie(response, cookie=COOKIE, secure=ports.settings.has_https)


@router.get("/me", tags=["auth"])
async def get_me(expert: CurrentExpert) -> Person:
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
