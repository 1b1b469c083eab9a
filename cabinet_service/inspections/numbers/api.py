"""Reading the numbers of cars, and which photos are asked for. Nobody has to sign in for that."""

from fastapi import APIRouter, Request

from cabinet_service.api_ports import PortsOfApp
from cabinet_service.inspections.core import domain
from cabinet_service.inspections.numbers.schemas import CapturePlanOut, InspectedOut, NumberIn
from service_kit.http.access import ANYBODY
from service_kit.http.client_address import network_of
from service_kit.http.edge import Now
from service_kit.http.route import CheckedRoute
from shared_schemas.identifiers import read_identifier
from shared_schemas.words import IdentifierKind

router = APIRouter(prefix="/api/v1", tags=["numbers"], route_class=CheckedRoute)


@router.post("/vin/inspect", dependencies=[ANYBODY])
async def inspect_number(body: NumberIn, request: Request, ports: PortsOfApp, now: Now) -> InspectedOut:
    """How a VIN, frame number or plate is read: what was repaired, what is wrong, what may have been meant.

    Of a VIN also what follows of it, each conclusion with its grounds, and what of `said` does not agree.
    """
    await ports.limits.hit("numbers_per_address", network_of(request))
    return InspectedOut.inspected(read_identifier(body.text, body.kind, this_year=now.year), body.said)


@router.get("/capture-plans", dependencies=[ANYBODY])
async def list_capture_plans() -> list[CapturePlanOut]:
    """Which photos are asked for, by how the car is known."""
    return [
        CapturePlanOut(kind=kind, one_of=list(domain.vin_places_of(kind)), suggested=list(domain.SUGGESTED))
        for kind in IdentifierKind
    ]
