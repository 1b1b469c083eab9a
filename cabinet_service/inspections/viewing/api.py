"""Inspections, and what happened to one."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from cabinet_service.accounts.dependencies import CurrentClient
from cabinet_service.accounts.domain import KeyScope
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.viewing import queries, views
from cabinet_service.inspections.viewing.queries import Wanted
from cabinet_service.inspections.viewing.schemas import InspectionOut, InspectionRow, TimelineEntryOut
from service_kit import paging
from service_kit.http import pages
from service_kit.http.access import by_key
from service_kit.http.edge import Now, Reading
from service_kit.http.openapi import ETAG
from service_kit.http.route import CheckedRoute
from service_kit.http.schemas import Instant
from service_kit.paging import PageOf
from shared_schemas.words import InspectionState

router = APIRouter(prefix="/api/v1/inspections", route_class=CheckedRoute)

IfNoneMatch = Annotated[
    str | None, Header(alias="If-None-Match", description="ETags that you have: 304 if one is still right.")
]
Text = Annotated[
    str | None,
    Query(
        alias="q", max_length=64, description="How a VIN, frame number, plate or inspection number begins."
    ),
]


def etag(inspection: Inspection) -> str:
    """The ETag of an inspection: its version."""
    return f'"{inspection.version}"'


@router.get("", tags=["inspections"], dependencies=[by_key(KeyScope.INSPECTIONS_READ)])
async def list_inspections(
    client: CurrentClient,
    session: Reading,
    paged: pages.Paged,
    state: Annotated[list[InspectionState] | None, Query(description="Any of these; repeat it.")] = None,
    company_id: UUID | None = None,
    text: Text = None,
    updated_since: Instant | None = None,
) -> PageOf[InspectionRow]:
    """One's own inspections and those of one's companies or branches, the youngest first."""
    page = paged.page(paging.instant, UUID)
    wanted = Wanted(states=state or (), company_id=company_id, text=text, updated_since=updated_since)
    found = await queries.youngest(session, wanted, client=client, page=page)
    rows = paged.cut(found, lambda row: (row.created_at.isoformat(), row.id))
    standings = await queries.standings(session, [row.id for row in rows])
    return paged.answer([views.row(row, standings[row.id]) for row in rows])


@router.get(
    "/{inspection_id}",
    tags=["inspections"],
    response_model=InspectionOut,
    responses={
        HTTPStatus.OK: {"headers": ETAG},
        HTTPStatus.NOT_MODIFIED: {"description": "Nothing changed since that ETag.", "headers": ETAG},
    },
    dependencies=[by_key(KeyScope.INSPECTIONS_READ)],
)
async def get_inspection(
    inspection_id: UUID,
    response: Response,
    client: CurrentClient,
    session: Reading,
    now: Now,
    if_none_match: IfNoneMatch = None,
) -> InspectionOut | Response:
    """One inspection with its photos, questions, answer and clock."""
    inspection = await inspections.inspection(session, inspection_id, client=client)
    tag = etag(inspection)
    known = {one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")}
    if tag in known:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})
    response.headers["ETag"] = tag
    return await views.detail(session, inspection, now=now)


@router.get("/{inspection_id}/timeline", tags=["clock"], dependencies=[by_key(KeyScope.INSPECTIONS_READ)])
async def list_timeline(
    inspection_id: UUID,
    client: CurrentClient,
    session: Reading,
    paged: pages.PagedByHundred,
) -> PageOf[TimelineEntryOut]:
    """Everything that happened, in that order."""
    inspection = await inspections.inspection(session, inspection_id, client=client)
    page = paged.page(paging.instant, UUID)
    found = await queries.timeline(session, inspection.id, page=page)
    rows = paged.cut(found, lambda row: (row.at.isoformat(), row.id))
    return paged.answer([TimelineEntryOut.of(row) for row in rows])
