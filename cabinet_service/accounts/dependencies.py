"""FastAPI dependencies: who sent this request, and that what it creates is created once."""

from datetime import datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import BackgroundTasks, Depends, Request
from fastapi.security import APIKeyCookie, HTTPBearer

from cabinet_service.accounts import queries, scopes
from cabinet_service.accounts.domain import Client, KeyScope
from cabinet_service.accounts.errors import SignInAgain
from cabinet_service.accounts.programs import ProgramCall, enter_as_program
from cabinet_service.api_ports import ApiPorts, PortsOfApp
from cabinet_service.db.tables import TABLES
from cabinet_service.settings import COOKIE
from service_kit import idempotency
from service_kit.api_keys import ClosedToKeys, SentKey
from service_kit.db import NOBODY, ReadSession, database_now, enter
from service_kit.http.access import declares
from service_kit.http.credentials import Credentials, CrossSiteRequest
from service_kit.http.edge import IdempotencyKey, Now, Reading, WriteSession, fingerprint
from service_kit.http.problems import NotSignedIn
from service_kit.http.sign_in import read_access
from service_kit.tokens import AccessToken, BadToken, ProgramToken

JUST_NOW: Final = timedelta(minutes=10)

# These two only describe themselves in the OpenAPI document: `sent_caller` reads what they describe.
_SCHEMES: Final = (
    Depends(HTTPBearer(auto_error=False, description="For mobile clients and programs.")),
    Depends(APIKeyCookie(name=COOKIE, auto_error=False, description="For browsers.")),
)
Bearer = Annotated[object, _SCHEMES[0]]
Cookie = Annotated[object, _SCHEMES[1]]


Caller = AccessToken | ProgramCall
"""What a request shows who it is with: of a person's token the signature was checked, of a key nothing yet."""


async def sent_caller(request: Request, background: BackgroundTasks, ports: PortsOfApp) -> Caller:
    """What the request shows who it is with; nothing is looked up yet.

    Raises NotSignedIn or CrossSiteRequest; KeyWrong or KeyOfAnotherKind for a text that is no key of ours, and
    ClosedToKeys where the route names no scope.
    """
    sent = ports.settings.cookies.credentials(request)
    proof = read_proof(sent, ports)
    if isinstance(proof, AccessToken):
        return proof
    scope = request.scope["route"].key_scope
    if scope is None:
        raise ClosedToKeys
    return ProgramCall(proof, KeyScope(scope), request, ports, background)


def read_proof(sent: Credentials, ports: ApiPorts) -> AccessToken | ProgramToken | SentKey:
    """What was sent, read. Raises NotSignedIn, KeyWrong or KeyOfAnotherKind."""
    form = ports.settings.key_form
    if sent.carrier == "bearer" and form.is_meant(sent.token):
        return form.read(sent.token)
    try:
        return ports.tokens.read_access(sent.token)
    except BadToken:
        pass
    try:
        return ports.tokens.read_program(sent.token)
    except BadToken:
        raise NotSignedIn from None


SentCaller = Annotated[Caller, Depends(sent_caller)]


async def sent_token(caller: SentCaller) -> AccessToken:
    """What a person's token says; its session is not looked up yet. Raises ClosedToKeys, or as `sent_caller`."""
    if isinstance(caller, ProgramCall):
        raise ClosedToKeys
    return caller


def account_of(request: Request, ports: ApiPorts) -> UUID | None:
    """Whose limit counts, of what nobody has to sign in for; None for whoever has not.

    Nothing is shown or changed for them, so a token that has expired does as well.
    """
    try:
        return read_access(request, ports.settings.cookies, ports.tokens).holder_id
    except (NotSignedIn, CrossSiteRequest):
        return None


SentToken = Annotated[AccessToken, Depends(sent_token)]


@declares
async def _current_client(
    caller: SentCaller,  # first: who sends none takes no connection
    session: Reading,
    _bearer: Bearer,
    _cookie: Cookie,
) -> Client:
    return await enter_as(session, caller)


@declares
async def _streaming_client(
    caller: SentCaller, ports: PortsOfApp, _bearer: Bearer, _cookie: Cookie
) -> Client:
    async with ports.backbone.database.reading(NOBODY) as session:
        return await enter_as(session, caller)


CurrentClient = Annotated[Client, Depends(_current_client, scope="function")]
"""Who sent the request; its transaction works for them from here on."""


async def require_just_signed_in(session: ReadSession, token: AccessToken, *, now: datetime) -> None:
    """Raises SignInAgain where the token's session did not begin just now."""
    signed_in_at = await queries.signed_in_at(session, token.session_id)
    if signed_in_at is None or now - signed_in_at > JUST_NOW:
        raise SignInAgain(minutes=int(JUST_NOW.total_seconds() // 60))


async def _client_just_signed_in(
    client: CurrentClient, token: SentToken, session: Reading, now: Now
) -> Client:
    await require_just_signed_in(session, token, now=now)
    return client


ClientJustSignedIn = Annotated[Client, Depends(_client_just_signed_in, scope="function")]
"""The same for what cannot be undone, and for ways in: a phone that lies about, signed in, must not be enough."""

StreamingClient = Annotated[Client, Depends(_streaming_client)]
"""The same for streams: no database session is held afterwards."""


async def still_signed_in(ports: ApiPorts, token: AccessToken) -> Client | None:
    """Who holds the session, for what takes longer than a token lasts; None once it has ended."""
    async with ports.backbone.database.reading(scopes.of_account(token.holder_id)) as session:
        return await queries.client_of(session, token.session_id)


async def once(
    request: Request,
    session: WriteSession,
    client: CurrentClient,
    key: IdempotencyKey,
    now: Now,
    ports: PortsOfApp,
) -> idempotency.Once:
    return await idempotency.claim(
        session,
        TABLES.idempotency_keys,
        owner=f"account:{client.account_id}",
        key=key,
        request=await fingerprint(request),
        now=now,
        secrets=ports.secrets,
    )


Once = Annotated[idempotency.Once, Depends(once, scope="function")]
"""For POST routes that create: the same key and body from the same account give the same answer."""


async def enter_as(session: ReadSession, caller: Caller) -> Client:
    """Who calls; the transaction enters their scope. Raises NotSignedIn, or as `enter_as_program`.

    A token says whose session may be looked at; whether it goes on, and for what companies, the rows say. So it
    counts from the next request on that a session was ended, or a role taken away.
    """
    if isinstance(caller, ProgramCall):
        return await enter_as_program(session, caller)
    await enter(session, scopes.of_account(caller.holder_id))
    client = await queries.client_of(session, caller.session_id)
    if client is None or caller.has_expired(await database_now(session)):
        raise NotSignedIn
    if client.memberships:
        await enter(session, scopes.of(client))
    return client
