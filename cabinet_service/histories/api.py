"""Histories without an inspection: ordering them, and how far they are."""

import asyncio
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

import structlog
from fastapi import APIRouter, Query, Response

from cabinet_service.accounts import quotas, scopes
from cabinet_service.accounts.dependencies import CurrentClient, Once, StreamingClient
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.histories import queries, service
from cabinet_service.histories.schemas import HistoryOut, HistoryRow, NewHistory
from service_kit import paging
from service_kit.http import pages
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.peer import Peer, PeerRefused, PeerUnavailable
from service_kit.http.problems import NotFound
from service_kit.http.route import CheckedRoute
from service_kit.paging import PageOf
from shared_schemas.rest.histories import HistoryProgress, progress_of

log = structlog.get_logger(__name__)

router = APIRouter(prefix="/api/v1/histories", tags=["histories"], route_class=CheckedRoute)

PartOfNumber = Annotated[
    str | None,
    Query(
        max_length=200, description="A part of the number of the car, as it is typed, or of the order's own."
    ),
]
PATIENCE: Final = timedelta(seconds=1)
RETRY_AFTER: Final = "2"
_MADE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "Its report is there."},
    202: {
        "description": "Its report is being made: ask again after as many seconds as `Retry-After` says.",
        "model": HistoryOut,
        "headers": {"Retry-After": {"schema": {"type": "integer"}}},
    },
}


@router.post("", responses=_MADE)
async def order_history(
    body: NewHistory,
    client: CurrentClient,
    session: WriteSession,
    now: Now,
    once: Once,
    ports: PortsOfApp,
    response: Response,
) -> HistoryOut:
    """Order what sources know of a car, without an inspection: nobody looks at the car.

    The same car ordered again within a day gives the order that there is.
    """
    await quotas.count(ports.limits, "histories", client)
    await quotas.count_of_company(ports.limits, "histories", body.company_id)
    placed = await service.order(session, client, body, now=now)
    status = HTTPStatus.ACCEPTED if placed.order.made_at is None else HTTPStatus.OK
    response.status_code = status
    if status is HTTPStatus.ACCEPTED:
        response.headers["Retry-After"] = RETRY_AFTER
    return await once.keep(HistoryOut.told(placed.order), status=status)


@router.get("")
async def list_histories(
    client: CurrentClient, session: Reading, paged: pages.Paged, ports: PortsOfApp, q: PartOfNumber = None
) -> PageOf[HistoryRow]:
    """One's own orders and those of one's companies or branches, the youngest first."""
    if q is not None:
        await ports.limits.hit("searches_per_account", str(client.account_id))
    found = await queries.youngest(session, client=client, page=paged.page(paging.instant, UUID), typed=q)
    rows = paged.cut(found, lambda row: (row.created_at.isoformat(), row.id))
    return paged.answer([HistoryRow.of(row) for row in rows])


@router.get("/{history_id}", responses=_MADE)
async def get_history(
    history_id: UUID, client: StreamingClient, ports: PortsOfApp, response: Response
) -> HistoryOut:
    """An order, and how far each source is while its report is made."""
    async with ports.backbone.database.reading(scopes.of(client)) as session:
        order = await queries.of_client(session, history_id, client=client)
    if order.made_at is not None:
        return HistoryOut.told(order)
    # Without a connection: the experts' side may be slow.
    progress = await _progress(ports.backbone.peer, history_id)
    response.status_code, response.headers["Retry-After"] = HTTPStatus.ACCEPTED, RETRY_AFTER
    if progress is None:
        return HistoryOut.told(order)
    return HistoryOut.told(order, progress.sources, progress.make_by)


async def _progress(peer: Peer, history_id: UUID) -> HistoryProgress | None:
    """None where the experts' side does not say within `PATIENCE`, or has not heard of the order yet."""
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            return await peer.get(progress_of(history_id), HistoryProgress)
    except (TimeoutError, PeerUnavailable, PeerRefused, NotFound) as error:
        log.info("progress_unknown", error=type(error).__name__)
        return None
