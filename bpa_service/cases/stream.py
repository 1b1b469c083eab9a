"""Live hints for the desk."""

from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent

from bpa_service.api_ports import PortsOfApp
from bpa_service.db.tables import AUDIENCE
from bpa_service.experts.dependencies import SentToken, StreamingExpert, still_signed_in
from service_kit import sse
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1", route_class=CheckedRoute, tags=["stream"])


@router.get("/stream", response_class=EventSourceResponse)
async def stream(
    _expert: StreamingExpert,
    token: SentToken,
    ports: PortsOfApp,
    last_event_id: Annotated[str | None, Header(alias="Last-Event-ID")] = None,
) -> AsyncGenerator[ServerSentEvent]:
    """Hints that something about a case changed: fetch it again. They hold ids only.

    With `Last-Event-ID` the stream goes on where it broke off; `resync` says that too much was missed.
    `heartbeat` says every few seconds that there is no news: where it stays away, the connection is dead.
    """

    async def may_go_on() -> bool:
        return await still_signed_in(ports, token) is not None

    last_id = sse.last_event_id(last_event_id)
    async for event in sse.events(ports.backbone.hub, AUDIENCE, last_id, may_go_on=may_go_on):
        yield event
