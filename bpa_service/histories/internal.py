"""What cabinet asks for of an ordered history: how far the sources are, and its report."""

from collections.abc import Iterable
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from bpa_service.api_ports import PortsOfApp
from bpa_service.histories import queries
from bpa_service.vehicles.enquiries import asked_sources
from bpa_service.vehicles.enquiries import queries as enquiries
from bpa_service.vehicles.enquiries.queries import SourceAnswer
from service_kit.http.edge import Now, ServiceReading
from service_kit.http.peer_access import only_peer
from service_kit.http.problems import NotFound
from service_kit.http.route import CheckedRoute
from shared_schemas.records import CoverageState
from shared_schemas.report.content import Report
from shared_schemas.rest.histories import HistoryProgress, SourceProgress, SourceStanding

router = APIRouter(
    prefix="/internal/v1/histories",
    tags=["internal"],
    route_class=CheckedRoute,
    dependencies=[Depends(only_peer)],
)


@router.get("/{history_id}")
async def get_history_progress(
    history_id: UUID, session: ServiceReading, now: Now, ports: PortsOfApp
) -> HistoryProgress:
    """How far the sources are that are asked. 404 until the order has come, and once it is forgotten."""
    order = await queries.order(session, history_id)
    if order is None:
        raise NotFound
    answers = await enquiries.of_history(session, history_id, now, sources=ports.settings.sources)
    return HistoryProgress(sources=tuple(_progress(answers)), make_by=order.make_by)


@router.get("/{history_id}/report", response_model=Report)
async def get_history_report(history_id: UUID, session: ServiceReading) -> JSONResponse:
    """The report as it was made: its digest is that of what is sent. 404 once its client was forgotten."""
    order = await queries.order(session, history_id)
    if order is None or order.body is None:
        raise NotFound
    # Not by the model: this service may know fields by now that it did not when the report was made.
    return JSONResponse(order.body)


def _progress(answers: Iterable[SourceAnswer]) -> Iterable[SourceProgress]:
    states: dict[str, set[CoverageState]] = {}
    for one in answers:
        states.setdefault(one.source, set()).update(block.state for block in one.coverage)
    told = [SourceProgress(title=_title(name), standing=standing_of(those)) for name, those in states.items()]
    return sorted(told, key=lambda one: one.title)


def _title(name: str) -> str:
    facts = asked_sources.facts(name)
    return facts.title if facts else name


def standing_of(states: set[CoverageState]) -> SourceStanding:
    """How far a source is, by how its blocks stand."""
    if CoverageState.RUNNING in states:
        return SourceStanding.WAITING
    silent = states & {CoverageState.FAILED, CoverageState.NOT_COVERED}
    if not silent:
        return SourceStanding.ANSWERED
    return SourceStanding.FAILED if states == silent else SourceStanding.PARTLY
