"""Where the time went, and everything that happened."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from cabinet_service.accounts.dependencies import CurrentClient
from cabinet_service.inspections import queries, views
from cabinet_service.inspections.errors import ClockNotStarted
from cabinet_service.inspections.schemas import ClockOut, TimelineEntryOut
from service_kit.http.edge import Now, Reading
from service_kit.http.route import CheckedRoute
from service_kit.paging import Cursor, Limit, Page, PageOf, cut, decode_cursor, instant, link_next

router = APIRouter(prefix="/api/v1/inspections/{inspection_id}", tags=["clock"], route_class=CheckedRoute)

DEFAULT_PAGE: Final = 100


@router.get("/clock")
async def get_clock(
    inspection_id: UUID,
    client: CurrentClient,
    session: Reading,
    now: Now,
    number: Annotated[
        int | None, Query(ge=1, le=32_767, description="1 is the order's; each dispute has the next.")
    ] = None,
) -> ClockOut:
    """The newest clock, or the one asked for, with an account that adds up to the second."""
    inspection = await queries.inspection(session, inspection_id, client=client)
    clock = await queries.clock(session, inspection.id, number)
    if clock is None:
        raise ClockNotStarted
    return views.clock(clock, await queries.info_tasks(session, inspection.id), now=now)


@router.get("/timeline")
async def list_timeline(
    inspection_id: UUID,
    request: Request,
    response: Response,
    client: CurrentClient,
    session: Reading,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_PAGE,
) -> PageOf[TimelineEntryOut]:
    """Everything that happened, in that order."""
    inspection = await queries.inspection(session, inspection_id, client=client)
    page = Page(decode_cursor(cursor, instant, UUID), limit)
    found = await queries.timeline(session, inspection.id, page=page)
    rows, next_cursor = cut(found, limit, lambda row: (row.at.isoformat(), row.id))
    link_next(request, response, next_cursor)
    return PageOf(items=[views.timeline_entry(row) for row in rows], next_cursor=next_cursor)
