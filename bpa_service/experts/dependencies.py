"""Who is calling, and whether their role lets them.

Every route under /api/v1 declares who may call it, with `only(...)` or `CurrentExpert`; a test fails for one that
does not and is not on the short list of public routes.
"""

from typing import Annotated, Final
from uuid import UUID

from fastapi import BackgroundTasks, Depends, Request
from fastapi.security import APIKeyCookie, HTTPBearer

from bpa_service.api_ports import ApiPorts, PortsOfApp
from bpa_service.db.tables import TABLES
from bpa_service.experts import queries, scopes
from bpa_service.experts.domain import CURATORS, OVERSEERS, Expert, Role, Stage
from bpa_service.experts.factors.errors import METHODS, CodeRequired, EnrolmentRequired
from bpa_service.experts.queries import Present
from bpa_service.experts.tokens.calling import TokenCall, enter_by_token
from bpa_service.settings import COOKIE
from service_kit import idempotency
from service_kit.api_keys import ClosedToKeys
from service_kit.db import NOBODY, ReadSession, database_now, enter
from service_kit.http.access import declares
from service_kit.http.edge import IdempotencyKey, Now, Reading, WriteSession, fingerprint
from service_kit.http.problems import NotAllowed, NotSignedIn
from service_kit.http.sign_in import read_access
from service_kit.tokens import AccessToken

# These two only describe themselves in the OpenAPI document: `read_access` reads what they describe.
_BEARER: Final = Depends(HTTPBearer(auto_error=False, description="For programs."))
_COOKIE: Final = Depends(APIKeyCookie(name=COOKIE, auto_error=False, description="For browsers."))


Caller = AccessToken | TokenCall
"""What a request shows who it is with: of a sign-in the signature was checked, of a token of a tool nothing."""


async def sent_caller(
    request: Request,
    background: BackgroundTasks,
    ports: PortsOfApp,
    _bearer: Annotated[object, _BEARER],
    _cookie: Annotated[object, _COOKIE],
) -> Caller:
    """Raises NotSignedIn or CrossSiteRequest; KeyWrong for a text that is no personal token,
    KeyOfAnotherKind for one of a sandbox outside of it, and ClosedToKeys."""
    sent = ports.settings.cookies.credentials(request)
    form = ports.settings.token_form
    if sent.carrier != "bearer" or not form.is_meant(sent.token):
        return read_access(request, ports.settings.cookies, ports.tokens)
    proof = form.read(sent.token)
    scope = request.scope["route"].key_scope
    if scope is None:
        raise ClosedToKeys
    return TokenCall(proof, scope, request, ports, background)


SentCaller = Annotated[Caller, Depends(sent_caller)]


async def sent_token(caller: SentCaller) -> AccessToken:
    """Raises ClosedToKeys, or as `sent_caller`."""
    if isinstance(caller, TokenCall):
        raise ClosedToKeys
    return caller


SentToken = Annotated[AccessToken, Depends(sent_token)]
"""What the request's token says; its session is not looked up yet."""


async def _enter(session: ReadSession, token: Caller) -> Present:
    """Who holds the token; the transaction enters their scope. Raises NotSignedIn, or as `enter_by_token`.

    The token says whose session may be looked at; whether it goes on, and in what role, the rows say. So it
    counts from the next request on that a session was ended, or a role changed.
    """
    if isinstance(token, TokenCall):
        return Present(await enter_by_token(session, token), Stage.FULL, confirmed=False)
    await enter(session, scopes.of_person(token.holder_id))
    present = await queries.signed_in(session, token.session_id)
    if present is None or token.has_expired(await database_now(session)):
        raise NotSignedIn
    if present.stage is Stage.FULL:
        await enter(session, scopes.of(present.expert))
    return present


async def _signed_in(token: SentCaller, session: Reading) -> Present:
    return await _enter(session, token)


async def _streaming(token: SentCaller, ports: PortsOfApp) -> Present:
    async with ports.backbone.database.reading(NOBODY) as session:
        return await _enter(session, token)


async def still_signed_in(ports: ApiPorts, token: AccessToken) -> Present | None:
    """Who holds the session, for what takes longer than a token lasts; None once it has ended."""
    async with ports.backbone.database.reading(scopes.of_person(token.holder_id)) as session:
        return await queries.signed_in(session, token.session_id)


SomePresent = Annotated[Present, Depends(_signed_in, scope="function")]


@declares
class Only:
    """A dependency that gives whoever is signed in, provided that they have one of these roles.

    The request's transaction works for them from there on.
    """

    def __init__(self, *roles: Role, while_enrolling: bool = False, confirmed: bool = False) -> None:
        self.roles = frozenset(roles)
        self.while_enrolling = while_enrolling
        self.confirmed = confirmed

    async def __call__(self, present: SomePresent) -> Expert:
        """Raises NotSignedIn, EnrolmentRequired, NotAllowed or CodeRequired."""
        return self.check(present)

    def check(self, present: Present) -> Expert:
        if present.stage is Stage.ENROLLING and not self.while_enrolling:
            raise EnrolmentRequired
        if present.expert.role not in self.roles:
            raise NotAllowed
        if self.confirmed and not present.confirmed:
            raise CodeRequired(methods=METHODS)
        return present.expert


class OnlyBriefly(Only):
    """The same in a transaction of its own, over before the handler begins: a stream must not hold one."""

    async def __call__(self, present: Annotated[Present, Depends(_streaming)]) -> Expert:  # type: ignore[override] - FastAPI calls both by what their parameters declare
        return self.check(present)


def only(*roles: Role, confirmed: bool = False) -> Only:
    """E.g. `expert: Annotated[Expert, Depends(only(Role.EXPERT, Role.SENIOR))]`.

    With `confirmed` their session must have shown a second factor within the last minutes (CONFIRMED_FOR): a
    stolen one must not become a second administrator.
    """
    return Only(*roles, confirmed=confirmed)


CurrentExpert = Annotated[Expert, Depends(only(*Role))]
Overseer = Annotated[Expert, Depends(only(*OVERSEERS))]
Curator = Annotated[Expert, Depends(only(*CURATORS))]
MaybeEnrolling = Annotated[Expert, Depends(Only(*Role, while_enrolling=True))]
"""Also who has set up no second factor yet: for what they need to do so, and no more."""

StreamingExpert = Annotated[Expert, Depends(OnlyBriefly(*Role))]
"""For routes that wait for somebody else: no database session is held afterwards."""


async def once(
    request: Request,
    session: WriteSession,
    present: SomePresent,
    now: Now,
    ports: PortsOfApp,
    key: IdempotencyKey = None,
) -> idempotency.Once:
    return await idempotency.claim(
        session,
        TABLES.idempotency_keys,
        owner=str(present.expert.id),
        key=key,
        request=await fingerprint(request),
        now=now,
        secrets=ports.secrets,
        subject_id=_case_of(request),
    )


def _case_of(request: Request) -> UUID | None:
    """The case that the request is about: what was answered goes when its client wants to be forgotten."""
    try:
        return UUID(request.path_params["case_id"])
    except (KeyError, ValueError):
        return None  # about none, or refused before anything is kept


Once = Annotated[idempotency.Once, Depends(once, scope="function")]
