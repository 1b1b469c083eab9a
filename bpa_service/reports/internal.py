"""What cabinet asks for once a report is announced."""

from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from bpa_service.cases.core import queries as cases
from bpa_service.reports import queries
from service_kit.http.edge import ServiceReading
from service_kit.http.peer_access import only_peer
from service_kit.http.problems import NotFound
from service_kit.http.route import CheckedRoute
from shared_schemas.report.content import Report

router = APIRouter(
    prefix="/internal/v1/reports",
    tags=["internal"],
    route_class=CheckedRoute,
    dependencies=[Depends(only_peer)],
)


@router.get("/{report_id}", response_model=Report)
async def get_report(report_id: UUID, session: ServiceReading) -> JSONResponse:
    """A report as it was made: its digest is that of what is sent. 404 once its client was forgotten."""
    kept = await queries.report(session, report_id)
    case = await cases.case(session, kept.case_id) if kept else None
    if kept is None or case is None or case.erased_at is not None:
        raise NotFound
    # Not by the model: this service may know fields by now that it did not when the report was made.
    return JSONResponse(kept.body)
