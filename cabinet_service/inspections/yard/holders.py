"""Who brings something to an inspection: its client, or whoever has a link that the client gave.

A route lets links in by asking for one of these in place of `CurrentClient` and its like; all others know no such
bearer token, and refuse it.
"""

from typing import Annotated

from fastapi import BackgroundTasks, Depends, Request

from cabinet_service.accounts.dependencies import Bearer, Caller, Cookie, enter_as, sent_caller
from cabinet_service.accounts.domain import Client, HeldLink
from cabinet_service.api_ports import ApiPorts, PortsOfApp
from cabinet_service.db.tables import TABLES
from cabinet_service.inspections.core.acting import ClientActing
from cabinet_service.inspections.yard import links, opening
from service_kit import idempotency
from service_kit.db import NOBODY, ReadSession
from service_kit.http.access import declares
from service_kit.http.client_address import network_of
from service_kit.http.edge import IdempotencyKey, Now, Reading, WriteSession, fingerprint
from service_kit.http.problems import NotSignedIn


async def _sent(request: Request, background: BackgroundTasks, ports: PortsOfApp) -> Caller | str:
    """What a client or a program calls with, or the token of a link; nothing is looked up yet."""
    if (token := _link_token(request)) is None:
        return await sent_caller(request, background, ports)
    await ports.limits.hit("yard_requests_per_address", network_of(request))
    return token


Sent = Annotated[Caller | str, Depends(_sent)]


async def _sent_by_link(sent: Sent) -> str:
    if not isinstance(sent, str):
        raise NotSignedIn
    return sent


def _link_token(request: Request) -> str | None:
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    sent = sent.strip()
    return (
        sent.removeprefix(links.SENT_AS)
        if scheme.lower() == "bearer" and sent.startswith(links.SENT_AS)
        else None
    )


SentByLink = Annotated[str, Depends(_sent_by_link)]


async def enter_as_bringer(session: ReadSession, sent: Caller | str, ports: ApiPorts) -> Client:
    """Who brings it; the transaction enters their scope. Raises NotSignedIn, or why the link opens nothing."""
    if isinstance(sent, str):
        return await opening.enter_by_link(session, sent, limits=ports.limits)
    return await enter_as(session, sent)


@declares
async def _bringer(
    sent: Sent,  # first: who sends none takes no connection
    session: Reading,
    ports: PortsOfApp,
    _bearer: Bearer,
    _cookie: Cookie,
) -> Client:
    return await enter_as_bringer(session, sent, ports)


Bringer = Annotated[Client, Depends(_bringer, scope="function")]
"""Who brings something; the request's transaction works for them from here on."""


@declares
async def _sending_bringer(sent: Sent, ports: PortsOfApp, _bearer: Bearer, _cookie: Cookie) -> Client:
    async with ports.backbone.database.reading(NOBODY) as session:
        return await enter_as_bringer(session, sent, ports)


SendingBringer = Annotated[Client, Depends(_sending_bringer)]
"""The same for bytes: no database session is held while they come."""


async def _acting(client: Bringer, session: WriteSession, now: Now) -> ClientActing:
    return ClientActing(session=session, now=now, client=client)


BringersAct = Annotated[ClientActing, Depends(_acting, scope="function")]
"""An act of who brings something, in the request's transaction."""


async def _once(
    request: Request,
    session: WriteSession,
    client: Bringer,
    key: IdempotencyKey,
    now: Now,
    ports: PortsOfApp,
) -> idempotency.Once:
    link = client.link
    return await idempotency.claim(
        session,
        TABLES.idempotency_keys,
        owner=f"link:{link.id}" if link else f"account:{client.account_id}",
        key=key,
        request=await fingerprint(request),
        now=now,
        secrets=ports.secrets,
        subject_id=link.inspection_id if link else None,
    )


BringersOnce = Annotated[idempotency.Once, Depends(_once, scope="function")]
"""As `Once`: the same key and body from the same bringer give the same answer."""


@declares
async def _holder(sent: SentByLink, session: Reading, ports: PortsOfApp, _bearer: Bearer) -> Client:
    return await opening.enter_by_link(session, sent, limits=ports.limits)


Holder = Annotated[Client, Depends(_holder, scope="function")]
"""Whoever has a link, for what only they do."""


@declares
async def _visitor(sent: SentByLink, ports: PortsOfApp, _bearer: Bearer) -> Client:
    async with ports.backbone.database.reading(NOBODY) as session:
        return await opening.enter_by_link(session, sent, limits=ports.limits)


Visitor = Annotated[Client, Depends(_visitor)]
"""The same, with no session of the request's."""


async def _holders_act(client: Holder, session: WriteSession, now: Now) -> ClientActing:
    return ClientActing(session=session, now=now, client=client)


HoldersAct = Annotated[ClientActing, Depends(_holders_act, scope="function")]


def held(client: Client) -> HeldLink:
    """The link by which whoever this is acts."""
    if client.link is None:
        raise NotSignedIn
    return client.link
