"""Failures of the platform."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from bpa_service.cases.core import queries as case_queries
from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.dependencies import acting_as, named
from bpa_service.cases.incidents import queries, service
from bpa_service.cases.incidents.schemas import IncidentIn, IncidentOut
from bpa_service.experts.dependencies import CurrentExpert, Once
from bpa_service.experts.domain import Role
from service_kit import paging
from service_kit.http import pages
from service_kit.http.edge import Reading
from service_kit.http.route import CheckedRoute
from service_kit.paging import PageOf

router = APIRouter(prefix="/api/v1/incidents", route_class=CheckedRoute, tags=["incidents"])

ShiftLead = Annotated[ExpertActing, acting_as(Role.SHIFT_LEAD)]


@router.get("")
async def list_incidents(
    _expert: CurrentExpert,
    session: Reading,
    paged: pages.Paged,
) -> PageOf[IncidentOut]:
    """Incidents, the newest first."""
    page = paged.page(paging.instant, UUID)
    found = await queries.newest(session, page)
    rows = paged.cut(found, lambda row: (row.started_at.isoformat(), row.id))
    names = await case_queries.names(
        session, [person for row in rows for person in (row.started_by, row.ended_by)]
    )
    return paged.answer([IncidentOut.of(row, names) for row in rows])


@router.post("", status_code=HTTPStatus.CREATED)
async def start_incident(body: IncidentIn, acting: ShiftLead, once: Once) -> IncidentOut:
    """Declare an incident: every open clock stands still from this instant on."""
    incident = await service.start(acting, note=body.note)
    return await once.keep(IncidentOut.of(incident, named(acting.by)))


@router.delete("/{incident_id}", status_code=HTTPStatus.NO_CONTENT)
async def end_incident(incident_id: UUID, acting: ShiftLead) -> None:
    """Say that it is over: the clocks go on."""
    await service.end(acting, incident_id)
