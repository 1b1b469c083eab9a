"""Who is calling, and whether their role lets them.

Every route under /api/v1 declares who may call it, with `only(...)` or `CurrentExpert`; a test fails for one that
does not and is not on the short list of public routes.
"""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPBearer

from bpa_service.db import tables
from bpa_service.experts import queries, scopes
from bpa_service.experts.domain import Expert, Role
from bpa_service.ports import PortsOfApp
from bpa_service.settings import COOKIE
from service_kit import idempotency, tokens
from service_kit.db import NOBODY, SYSTEM, ReadSession, enter
from service_kit.http.credentials import Credentials, read_credentials
from service_kit.http.edge import IdempotencyKey, Now, Reading, WriteSession, fingerprint
from service_kit.http.problems import NotAllowed, NotSignedIn

# These two only describe themselves in the OpenAPI document: `read_credentials` reads what they describe.
_BEARER: Final = Depends(HTTPBearer(auto_error=False, description="For programs."))
_COOKIE: Final = Depends(APIKeyCookie(name=COOKIE, auto_error=False, description="For browsers."))


async def _credentials(
    request: Request,
    ports: PortsOfApp,
    _bearer: Annotated[object, _BEARER],
    _cookie: Annotated[object, _COOKIE],
) -> Credentials:
    return read_credentials(request, cookie=COOKIE, origins={ports.settings.origin})


CurrentCredentials = Annotated[Credentials, Depends(_credentials)]


async def _enter(session: ReadSession, credentials: Credentials) -> Expert:
    """Who holds the token; the transaction enters their scope. Raises NotSignedIn."""
    await enter(session, SYSTEM)
    expert = await queries.signed_in(session, tokens.digest(credentials.token))
    if expert is None:
        raise NotSignedIn(headers={"WWW-Authenticate": "Bearer"})
    await enter(session, scopes.of(expert))
    return expert


async def _signed_in(credentials: CurrentCredentials, session: Reading) -> Expert:
    return await _enter(session, credentials)


async def _streaming(credentials: CurrentCredentials, ports: PortsOfApp) -> Expert:
    async with ports.backbone.database.reading(NOBODY) as session:
        return await _enter(session, credentials)


SomeExpert = Annotated[Expert, Depends(_signed_in, scope="function")]


class Only:
    """A dependency that gives whoever is signed in, provided that they have one of these roles.

    The request's transaction works for them from there on.
    """

    def __init__(self, *roles: Role) -> None:
        self.roles = frozenset(roles)

    async def __call__(self, expert: SomeExpert) -> Expert:
        """Raises NotSignedIn or NotAllowed."""
        return self.check(expert)

    def check(self, expert: Expert) -> Expert:
        if expert.role not in self.roles:
            raise NotAllowed
        return expert


class OnlyBriefly(Only):
    """The same in a transaction of its own, over before the handler begins: a stream must not hold one."""

    async def __call__(self, expert: Annotated[Expert, Depends(_streaming)]) -> Expert:  # type: ignore[override] - FastAPI calls both by what their parameters declare
        return self.check(expert)


def only(*roles: Role) -> Only:
    """E.g. `expert: Annotated[Expert, Depends(only(Role.EXPERT, Role.SENIOR))]`."""
    return Only(*roles)


CurrentExpert = Annotated[Expert, Depends(only(*Role))]
StreamingExpert = Annotated[Expert, Depends(OnlyBriefly(*Role))]
"""For routes that wait for somebody else: no database session is held afterwards."""


async def _once(
    request: Request, session: WriteSession, expert: SomeExpert, now: Now, key: IdempotencyKey = None
) -> idempotency.Once:
    return await idempotency.claim(
        session,
        tables.IdempotencyKey,
        owner=str(expert.id),
        key=key,
        request=await fingerprint(request),
        now=now,
        subject_id=_case_of(request),
    )


def _case_of(request: Request) -> UUID | None:
    """The case that the request is about: what was answered goes when its client wants to be forgotten."""
    try:
        return UUID(request.path_params["case_id"])
    except (KeyError, ValueError):
        return None  # about none, or refused before anything is kept


Once = Annotated[idempotency.Once, Depends(_once, scope="function")]
