"""The queue, and cases of every state."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from bpa_service.api_ports import PortsOfApp
from bpa_service.cases.arranging.domain import View
from bpa_service.cases.core.dependencies import PolicyOfApp
from bpa_service.cases.core.schemas import CaseHead
from bpa_service.cases.queue import page as page_as_sent
from bpa_service.cases.queue import queries
from bpa_service.cases.queue.schemas import CountsOut, QueueRow
from bpa_service.evidence.links import previews
from bpa_service.experts.dependencies import CurrentExpert
from bpa_service.experts.tokens.domain import TokenScope
from service_kit import paging
from service_kit.http import pages
from service_kit.http.access import by_key
from service_kit.http.edge import Now, Reading
from service_kit.http.route import CheckedRoute
from service_kit.paging import PageOf
from shared_schemas.words import InspectionState

router = APIRouter(prefix="/api/v1", route_class=CheckedRoute, tags=["queue"])


@router.get("/queue", response_model=PageOf[QueueRow], dependencies=[by_key(TokenScope.QUEUE_READ)])
async def list_queue(
    expert: CurrentExpert,
    session: Reading,
    paged: pages.Paged,
    ports: PortsOfApp,
    policy: PolicyOfApp,
    now: Now,
    view: View = View.OPEN,
) -> Response:
    """Open cases: urgent ones, then the least time left first; those whose clock stands still come last."""
    page = paged.page(paging.instant, UUID)
    found = await page_as_sent.lines(session, view, page, viewer_id=expert.id)
    lines = paged.cut(found, lambda line: (line.queue_place.isoformat(), line.id))
    preview = previews(ports.backbone.keys, ports.settings.photos_url, now)
    content = page_as_sent.page_of(lines, paged.next_cursor, policy, now, preview)
    response = Response(content, media_type="application/json")
    paged.link(response)
    return response


@router.get("/queue/counts", dependencies=[by_key(TokenScope.QUEUE_READ)])
async def count_queue(expert: CurrentExpert, session: Reading) -> CountsOut:
    """How many cases each view has."""
    return CountsOut(counts=await queries.counts(session, viewer_id=expert.id))


@router.get("/cases", dependencies=[by_key(TokenScope.QUEUE_READ)])
async def list_cases(
    _expert: CurrentExpert,
    session: Reading,
    paged: pages.Paged,
    number: Annotated[str | None, Query(max_length=32)] = None,
    identifier: Annotated[
        str | None,
        Query(max_length=200, description="VIN, frame number or plate of the car, as it is typed."),
    ] = None,
    state: InspectionState | None = None,
) -> PageOf[CaseHead]:
    """Cases of every state, the newest first."""
    page = paged.page(paging.instant, UUID)
    found = await queries.history(session, page, number=number, identifier=identifier, state=state)
    rows = paged.cut(found, lambda case: (case.opened_at.isoformat(), case.id))
    return paged.answer([CaseHead.of(case) for case in rows])
