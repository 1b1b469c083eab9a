"""Live hints for the client's screens."""

from collections.abc import AsyncGenerator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent

from cabinet_service.accounts.dependencies import SentToken, StreamingClient, still_signed_in
from cabinet_service.accounts.domain import Client
from cabinet_service.accounts.erasing import GONE
from cabinet_service.api_ports import PortsOfApp
from service_kit import sse
from service_kit.http.problems import NotFound
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1", tags=["stream"], route_class=CheckedRoute)


async def _audience(client: StreamingClient, company_id: UUID | None = None) -> str:
    """Whose news: one's own, or those of a company that one is a member of."""
    if not _may_hear(client, company_id):
        raise NotFound
    return f"account:{client.account_id}" if company_id is None else f"company:{company_id}"


def _may_hear(client: Client, company_id: UUID | None) -> bool:
    return company_id is None or client.membership_in(company_id) is not None


@router.get("/stream", response_class=EventSourceResponse)
async def stream(
    audience: Annotated[str, Depends(_audience)],
    token: SentToken,
    ports: PortsOfApp,
    company_id: UUID | None = None,
    last_event_id: Annotated[str | None, Header(alias="Last-Event-ID")] = None,
) -> AsyncGenerator[ServerSentEvent]:
    """Hints that something about an inspection changed: fetch it again. They hold ids only.

    With `Last-Event-ID` the stream goes on where it broke off; `resync` says that too much was missed.
    `heartbeat` says every few seconds that there is no news: where it stays away, the connection is dead.
    """

    async def may_go_on() -> bool:
        client = await still_signed_in(ports, token)
        return client is not None and _may_hear(client, company_id)

    last_id = sse.last_event_id(last_event_id)
    async for event in sse.events(ports.backbone.hub, audience, last_id, may_go_on=may_go_on):
        yield event
        if isinstance(event.data, sse.HintBody) and event.data.kind == GONE:
            return
