"""Routes of people and sign-ins."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from bpa_service.api_ports import ApiPorts, PortsOfApp
from bpa_service.db.tables import TABLES
from bpa_service.experts import notices, queries, service
from bpa_service.experts.dependencies import CurrentExpert, MaybeEnrolling, Overseer, only
from bpa_service.experts.domain import Expert, Role, Stage
from bpa_service.experts.schemas import NewPerson, Notice, Person, PersonPatch, Session, SignIn
from service_kit import idempotency
from service_kit.http import pages
from service_kit.http.access import ANYBODY
from service_kit.http.client_address import network_of
from service_kit.http.credentials import Carrier
from service_kit.http.device import device_of
from service_kit.http.edge import IdempotencyKey, Now, Reading, WriteSession
from service_kit.http.route import CheckedRoute
from service_kit.http.sign_in import hand_over
from service_kit.paging import PageOf
from service_kit.passkeys.schemas import PasskeySignIn

router = APIRouter(prefix="/api/v1", route_class=CheckedRoute)

ConfirmedAdmin = Annotated[Expert, Depends(only(Role.BPA_ADMIN, confirmed=True))]


@router.post("/auth/sessions", status_code=HTTPStatus.CREATED, tags=["auth"], dependencies=[ANYBODY])
async def sign_in(body: SignIn, request: Request, response: Response, ports: PortsOfApp) -> Session:
    """Sign in with login, password and a code. Tries are counted per login and address.

    On a device where this login signed in before they are counted by themselves: nobody else can spend them.
    """
    settings = ports.settings
    if body.carrier == "cookie":
        # Or another site could sign a browser in to an account of its own.
        settings.cookies.require_own_page(request)
    await _count_try(request, body, ports)
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


async def _count_try(request: Request, body: SignIn, ports: ApiPorts) -> None:
    limits, network = ports.limits, network_of(request)
    device = ports.devices.find(request, body.login, body.device_token)
    if device is not None:
        await limits.hit("sign_ins_per_device", device, fail_closed=True)
        return
    # The narrowest first: what it refuses takes nothing from what others share.
    await limits.hit("sign_ins_per_login_and_address", f"{body.login} {network}", fail_closed=True)
    await limits.hit("sign_ins_per_address", network, fail_closed=True)
    await limits.hit("sign_ins_per_login", body.login, fail_closed=True)


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


def _handed_over(started: service.SignedIn, response: Response, carrier: Carrier, ports: ApiPorts) -> Session:
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
        device_token=ports.devices.remember(response, started.expert.login, carrier=carrier),
        **tokens.model_dump(),
    )


@router.get("/me", tags=["auth"])
async def get_me(expert: MaybeEnrolling) -> Person:
    """Who is signed in."""
    return Person.of(expert)


@router.get("/me/notices", tags=["auth"])
async def list_notices(expert: CurrentExpert, session: Reading) -> list[Notice]:
    """What others did to one's access and one has not read yet, the oldest first."""
    return [Notice.of(row) for row in await notices.unread(session, expert.id)]


@router.delete("/me/notices/{notice_id}", status_code=HTTPStatus.NO_CONTENT, tags=["auth"])
async def read_notice(notice_id: UUID, expert: CurrentExpert, session: WriteSession) -> None:
    """One has read it. What happened stays on the audit log."""
    await notices.read(session, notice_id, expert=expert)


@router.get("/people", tags=["people"])
async def list_people(
    _expert: Overseer,
    session: Reading,
    paged: pages.Paged,
) -> PageOf[Person]:
    """Everybody who works or has worked here, by login."""
    page = paged.page(str)
    rows = paged.cut(await queries.people(session, page), lambda expert: (expert.login,))
    return paged.answer([Person.of(row) for row in rows])


@router.post("/people", status_code=HTTPStatus.CREATED, tags=["people"])
async def add_person(
    body: NewPerson,
    expert: ConfirmedAdmin,
    session: WriteSession,
    now: Now,
    ports: PortsOfApp,
    key: IdempotencyKey = None,
) -> Person:
    """Let somebody new work here.

    Asks for a session that showed a code within the last five minutes (`POST /me/confirmation`).
    """
    once = await idempotency.claim(
        session,
        TABLES.idempotency_keys,
        owner=str(expert.id),
        key=key,
        # Not the whole body: no fast hash is kept of a password, whatever key it is made with.
        request=b"POST people " + body.model_dump_json(exclude={"password"}).encode(),
        now=now,
        secrets=ports.secrets,
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
    person_id: UUID,
    body: PersonPatch,
    expert: ConfirmedAdmin,
    session: WriteSession,
    now: Now,
    ports: PortsOfApp,
) -> Person:
    """Change somebody's name, role or password, or switch them off or on. They are told of role and password.

    Asks for a session that showed a code within the last five minutes (`POST /me/confirmation`).
    """
    change = service.PersonChange(
        display_name=body.display_name,
        role=body.role,
        active=body.active,
        password_hash=await ports.passwords.hash(body.password) if body.password is not None else None,
    )
    return Person.of(await service.change_person(session, person_id, change, by=expert, now=now))
