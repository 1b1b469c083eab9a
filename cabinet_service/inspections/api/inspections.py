"""Ordering an inspection, and what becomes of it."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response

from cabinet_service.accounts.dependencies import CurrentClient, Once
from cabinet_service.inspections import queries, views
from cabinet_service.inspections.models import Inspection
from cabinet_service.inspections.queries import Wanted
from cabinet_service.inspections.schemas import (
    Cancellation,
    DecisionOut,
    DisputeIn,
    DisputeOut,
    InspectionOut,
    InspectionPatch,
    InspectionRow,
    NewInspection,
)
from cabinet_service.inspections.service import drafts, endings, submitting
from cabinet_service.ports import PortsOfApp
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.route import CheckedRoute
from service_kit.http.schemas import Instant
from service_kit.paging import (
    DEFAULT_LIMIT,
    Cursor,
    Limit,
    Page,
    PageOf,
    cut,
    decode_cursor,
    instant,
    link_next,
)
from shared_schemas.words import InspectionState

router = APIRouter(prefix="/api/v1/inspections", tags=["inspections"], route_class=CheckedRoute)

IfNoneMatch = Annotated[
    str | None, Header(alias="If-None-Match", description="ETags that you have: 304 if one is still right.")
]
Text = Annotated[
    str | None,
    Query(
        alias="q", max_length=64, description="How a VIN, frame number, plate or inspection number begins."
    ),
]


def _etag(inspection: Inspection) -> str:
    return f'"{inspection.version}"'


@router.post("", status_code=HTTPStatus.CREATED)
async def create_inspection(
    body: NewInspection, client: CurrentClient, once: Once, session: WriteSession, now: Now
) -> InspectionOut:
    """Open a draft. Nobody looks at it before it is submitted."""
    inspection = await drafts.open_draft(session, body, client=client, now=now)
    return await once.keep(await views.detail(session, inspection, now=now, evidence=()))


@router.get("")
async def list_inspections(
    request: Request,
    response: Response,
    client: CurrentClient,
    session: Reading,
    state: Annotated[list[InspectionState] | None, Query(description="Any of these; repeat it.")] = None,
    company_id: UUID | None = None,
    text: Text = None,
    updated_since: Instant | None = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> PageOf[InspectionRow]:
    """One's own inspections and those of one's companies or branches, the youngest first."""
    page = Page(decode_cursor(cursor, instant, UUID), limit)
    wanted = Wanted(states=state or (), company_id=company_id, text=text, updated_since=updated_since)
    found = await queries.youngest(session, wanted, client=client, page=page)
    rows, next_cursor = cut(found, limit, lambda row: (row.created_at.isoformat(), row.id))
    standings = await queries.standings(session, [row.id for row in rows])
    link_next(request, response, next_cursor)
    return PageOf(items=[views.row(row, standings[row.id]) for row in rows], next_cursor=next_cursor)


@router.get(
    "/{inspection_id}",
    response_model=InspectionOut,
    responses={HTTPStatus.NOT_MODIFIED: {"description": "Nothing changed since that ETag."}},
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
    inspection = await queries.inspection(session, inspection_id, client=client)
    etag = _etag(inspection)
    known = {tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")}
    if etag in known:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": etag})
    response.headers["ETag"] = etag
    return await views.detail(session, inspection, now=now)


@router.patch("/{inspection_id}")
async def change_inspection(
    inspection_id: UUID,
    body: InspectionPatch,
    response: Response,
    client: CurrentClient,
    session: WriteSession,
    now: Now,
) -> InspectionOut:
    """Change a draft. What is left out stays as it is, null takes a value away."""
    inspection = await drafts.change_draft(session, inspection_id, body, client=client, now=now)
    response.headers["ETag"] = _etag(inspection)
    return await views.detail(session, inspection, now=now)


@router.post("/{inspection_id}/submit")
async def submit_inspection(
    inspection_id: UUID,
    client: CurrentClient,
    once: Once,
    session: WriteSession,
    now: Now,
    ports: PortsOfApp,
) -> InspectionOut:
    """Send the inspection to the experts. The promised 20 minutes begin now."""
    sent = await submitting.submit(session, inspection_id, client=client, files=ports.files, now=now)
    shown = await views.detail(session, sent.inspection, now=now, evidence=sent.evidence)
    return await once.keep(shown, status=HTTPStatus.OK)


@router.post("/{inspection_id}/cancellation", status_code=HTTPStatus.CREATED)
async def cancel_inspection(
    inspection_id: UUID,
    body: Cancellation,
    client: CurrentClient,
    once: Once,
    session: WriteSession,
    now: Now,
) -> InspectionOut:
    """No longer want an answer."""
    inspection = await endings.cancel(session, inspection_id, body.reason, client=client, now=now)
    return await once.keep(await views.detail(session, inspection, now=now))


@router.post("/{inspection_id}/disputes", status_code=HTTPStatus.CREATED)
async def open_dispute(
    inspection_id: UUID, body: DisputeIn, client: CurrentClient, once: Once, session: WriteSession, now: Now
) -> DisputeOut:
    """Object to the answer. Other experts look at it again, against a clock of its own."""
    opened = await endings.dispute(session, inspection_id, body.reason, client=client, now=now)
    return await once.keep(views.dispute(opened))


@router.post("/{inspection_id}/closure", status_code=HTTPStatus.CREATED)
async def close_inspection(
    inspection_id: UUID, client: CurrentClient, once: Once, session: WriteSession, now: Now
) -> InspectionOut:
    """Take the answer as final."""
    inspection = await endings.close(session, inspection_id, client=client, now=now)
    return await once.keep(await views.detail(session, inspection, now=now))


@router.get("/{inspection_id}/decisions")
async def list_decisions(inspection_id: UUID, client: CurrentClient, session: Reading) -> list[DecisionOut]:
    """All versions of the answer, the oldest first."""
    inspection = await queries.inspection(session, inspection_id, client=client)
    return [views.decision(version) for version in await queries.decisions(session, inspection.id)]
