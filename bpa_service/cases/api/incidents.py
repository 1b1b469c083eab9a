"""Failures of the platform."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from bpa_service.cases import queries
from bpa_service.cases.schemas.inputs import IncidentIn
from bpa_service.cases.schemas.outputs import IncidentOut
from bpa_service.cases.service import incidents
from bpa_service.experts.dependencies import CurrentExpert, Once, only
from bpa_service.experts.domain import Expert, Role
from service_kit import paging
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.route import CheckedRoute
from service_kit.paging import Page, PageOf

router = APIRouter(prefix="/api/v1/incidents", route_class=CheckedRoute, tags=["incidents"])

ShiftLead = Annotated[Expert, Depends(only(Role.SHIFT_LEAD))]


@router.get("")
async def list_incidents(
    _expert: CurrentExpert,
    request: Request,
    response: Response,
    session: Reading,
    cursor: paging.Cursor = None,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
) -> PageOf[IncidentOut]:
    """Incidents, the newest first."""
    page = Page(paging.decode_cursor(cursor, paging.instant, UUID), limit)
    found = await queries.incidents(session, page)
    rows, following = paging.cut(found, limit, lambda row: (row.started_at.isoformat(), row.id))
    names = await queries.names(
        session, [person for row in rows for person in (row.started_by, row.ended_by)]
    )
    paging.link_next(request, response, following)
    return PageOf(items=[IncidentOut.of(row, names) for row in rows], next_cursor=following)


@router.post("", status_code=HTTPStatus.CREATED)
async def start_incident(
    body: IncidentIn, expert: ShiftLead, once: Once, session: WriteSession, now: Now
) -> IncidentOut:
    """Declare an incident: every open clock stands still from this instant on."""
    incident = await incidents.start(session, note=body.note, by=expert, now=now)
    return await once.keep(IncidentOut.of(incident, {expert.id: expert.display_name}))


@router.delete("/{incident_id}", status_code=HTTPStatus.NO_CONTENT)
async def end_incident(incident_id: UUID, expert: ShiftLead, session: WriteSession, now: Now) -> None:
    """Say that it is over: the clocks go on."""
    await incidents.end(session, incident_id, by=expert, now=now)
