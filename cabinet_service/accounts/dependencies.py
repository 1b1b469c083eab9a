"""FastAPI dependencies: who sent this request, and that what it creates is created once."""

from datetime import timedelta
from typing import Annotated, Final

import structlog
from fastapi import BackgroundTasks, Depends, Request
from fastapi.security import APIKeyCookie, HTTPBearer

from cabinet_service.accounts import queries, scopes, service
from cabinet_service.accounts.domain import Client
from cabinet_service.accounts.errors import SignInAgain
from cabinet_service.db import tables
from cabinet_service.ports import Ports, PortsOfApp
from cabinet_service.settings import COOKIE
from service_kit import idempotency, tokens
from service_kit.db import NOBODY, SYSTEM, Database, ReadSession, database_now, enter, is_database_away
from service_kit.http.credentials import read_credentials
from service_kit.http.edge import IdempotencyKey, Now, Reading, WriteSession, fingerprint
from service_kit.http.problems import NotSignedIn

log = structlog.get_logger(__name__)

JUST_NOW: Final = timedelta(minutes=10)

# These two only describe themselves in the OpenAPI document: `read_credentials` reads what they describe.
_SCHEMES: Final = (
    Depends(HTTPBearer(auto_error=False, description="For mobile clients and programs.")),
    Depends(APIKeyCookie(name=COOKIE, auto_error=False, description="For browsers.")),
)
_Bearer = Annotated[object, _SCHEMES[0]]
_Cookie = Annotated[object, _SCHEMES[1]]


async def sent_token(request: Request, ports: PortsOfApp) -> str:
    """The session token of the request, not checked yet. Raises NotSignedIn or CrossSiteRequest."""
    return read_credentials(request, cookie=COOKIE, origins={ports.settings.origin}).token


SentToken = Annotated[str, Depends(sent_token)]


async def _current_client(
    token: SentToken,  # first: who sends none takes no connection
    session: Reading,
    seen: BackgroundTasks,
    ports: PortsOfApp,
    _bearer: _Bearer,
    _cookie: _Cookie,
) -> Client:
    return await _enter(session, token, seen, ports)


async def _streaming_client(
    token: SentToken, seen: BackgroundTasks, ports: PortsOfApp, _bearer: _Bearer, _cookie: _Cookie
) -> Client:
    async with ports.backbone.database.reading(NOBODY) as session:
        return await _enter(session, token, seen, ports)


CurrentClient = Annotated[Client, Depends(_current_client, scope="function")]
"""Who sent the request; its transaction works for them from here on."""


async def _client_just_signed_in(
    client: CurrentClient, token: SentToken, session: Reading, now: Now
) -> Client:
    signed_in_at = await queries.signed_in_at(session, tokens.digest(token))
    if signed_in_at is None or now - signed_in_at > JUST_NOW:
        raise SignInAgain(minutes=int(JUST_NOW.total_seconds() // 60))
    return client


ClientJustSignedIn = Annotated[Client, Depends(_client_just_signed_in, scope="function")]
"""The same for what cannot be undone: a phone that lies about, signed in, must not be enough for it."""

StreamingClient = Annotated[Client, Depends(_streaming_client)]
"""The same for streams and uploads: no database session is held afterwards."""


async def _once(
    request: Request, session: WriteSession, client: CurrentClient, key: IdempotencyKey, now: Now
) -> idempotency.Once:
    return await idempotency.claim(
        session,
        tables.IdempotencyKey,
        owner=f"account:{client.account_id}",
        key=key,
        request=await fingerprint(request),
        now=now,
    )


Once = Annotated[idempotency.Once, Depends(_once, scope="function")]
"""For POST routes that create: the same key and body from the same account give the same answer."""


async def _enter(session: ReadSession, token: str, seen: BackgroundTasks, ports: Ports) -> Client:
    """Who holds the token; the transaction enters their scope. Raises NotSignedIn."""
    now = await enter(session, SYSTEM)
    found = await queries.session_of(session, tokens.digest(token), now=now)
    if found is None:
        raise NotSignedIn(headers={"WWW-Authenticate": "Bearer"})
    await enter(session, scopes.of(found.client))
    if now - found.last_seen_at > service.SEEN_AGAIN_AFTER:
        # After the answer, in a transaction of its own: in this one the row would stay locked, and the other
        # requests of the same device would have to wait for it.
        seen.add_task(_note_seen, ports.backbone.database, token)
    return found.client


async def _note_seen(database: Database, token: str) -> None:
    try:
        async with database.writing() as session:
            await service.note_seen(session, token, now=await database_now(session))
    except Exception as error:
        if not is_database_away(error):
            raise
        # The request itself went well, and the next one will be noted.
        log.warning("use_of_session_not_noted", error=repr(error))
