"""The queue, and cases of every state."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from bpa_service.cases import queries
from bpa_service.cases.api.dependencies import PolicyOfApp
from bpa_service.cases.queries import View
from bpa_service.cases.schemas.cases import QueueRow
from bpa_service.cases.schemas.outputs import CaseHead
from bpa_service.experts.dependencies import CurrentExpert
from service_kit import paging
from service_kit.http.edge import Now, Reading
from service_kit.http.route import CheckedRoute
from service_kit.paging import Page, PageOf
from shared_schemas.words import InspectionState

router = APIRouter(prefix="/api/v1", route_class=CheckedRoute, tags=["queue"])


@router.get("/queue")
async def list_queue(
    expert: CurrentExpert,
    request: Request,
    response: Response,
    session: Reading,
    policy: PolicyOfApp,
    now: Now,
    view: View = View.OPEN,
    cursor: paging.Cursor = None,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
) -> PageOf[QueueRow]:
    """Open cases: urgent ones, then the least time left first; those whose clock stands still come last."""
    page = Page(paging.decode_cursor(cursor, paging.instant, UUID), limit)
    found = await queries.queue(session, view, page, viewer_id=expert.id)
    rows, following = paging.cut(found, limit, lambda row: (row.case.queue_place.isoformat(), row.case.id))
    paging.link_next(request, response, following)
    return PageOf(items=[QueueRow.of(row, policy, now) for row in rows], next_cursor=following)


@router.get("/cases")
async def list_cases(
    _expert: CurrentExpert,
    request: Request,
    response: Response,
    session: Reading,
    number: Annotated[str | None, Query(max_length=32)] = None,
    state: InspectionState | None = None,
    cursor: paging.Cursor = None,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
) -> PageOf[CaseHead]:
    """Cases of every state, the newest first."""
    page = Page(paging.decode_cursor(cursor, paging.instant, UUID), limit)
    found = await queries.history(session, page, number=number, state=state)
    rows, following = paging.cut(found, limit, lambda case: (case.opened_at.isoformat(), case.id))
    paging.link_next(request, response, following)
    return PageOf(items=[CaseHead.of(case) for case in rows], next_cursor=following)
