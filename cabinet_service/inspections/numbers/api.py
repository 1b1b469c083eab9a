"""Reading the numbers of cars, and which photos are asked for. Nobody has to sign in for that."""

from dataclasses import replace

from fastapi import APIRouter, Request

from cabinet_service.accounts.dependencies import account_of
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.inspections.core import domain
from cabinet_service.inspections.numbers.learned import LearnedRules
from cabinet_service.inspections.numbers.preview import Previews
from cabinet_service.inspections.numbers.schemas import (
    CapturePlanOut,
    InspectedOut,
    NumberIn,
    PreviewIn,
    PreviewOut,
)
from service_kit.http.access import ANYBODY
from service_kit.http.client_address import network_of
from service_kit.http.edge import Now
from service_kit.http.route import CheckedRoute
from shared_schemas.identifiers import read_identifier
from shared_schemas.vin.facts import facts
from shared_schemas.words import IdentifierKind

router = APIRouter(prefix="/api/v1", tags=["numbers"], route_class=CheckedRoute)


@router.post("/vin/inspect", dependencies=[ANYBODY])
async def inspect_number(body: NumberIn, request: Request, ports: PortsOfApp, now: Now) -> InspectedOut:
    """How a VIN, frame number or plate is read: what was repaired, what is wrong, what may have been meant.

    Of a VIN also what follows of it, each conclusion with its grounds, and what of `said` does not agree. It goes
    by what the experts' records teach of VINs that begin so, too, if that can be had at once.
    """
    await ports.limits.hit("numbers_per_address", network_of(request))
    reading = read_identifier(body.text, body.kind, this_year=now.year)
    learned = await LearnedRules(ports.backbone.peer, ports.cache).about(reading)
    if reading.vin_facts:
        reading = replace(reading, vin_facts=facts(reading.value, this_year=now.year, learned=learned))
    return InspectedOut.inspected(reading, body.said, learned)


@router.post("/vin/preview", dependencies=[ANYBODY])
async def preview_car(body: PreviewIn, request: Request, ports: PortsOfApp) -> PreviewOut:
    """What is known of a car before anything is ordered: how many records of how many sources, and how new.

    It takes a second at most; what could not be found out by then is `unknown`. Asked by POST, so that the number
    stands in no log of addresses.
    """
    await ports.limits.hit("previews_per_address", network_of(request))
    if (account_id := account_of(request, ports)) is not None:
        await ports.limits.hit("previews_per_account", str(account_id))
    previews = Previews(ports.backbone.peer, ports.cache)
    return PreviewOut.of(await previews.of(read_identifier(body.text, body.kind)))


@router.get("/capture-plans", dependencies=[ANYBODY])
async def list_capture_plans() -> list[CapturePlanOut]:
    """Which photos are asked for, by how the car is known."""
    return [
        CapturePlanOut(kind=kind, one_of=list(domain.vin_places_of(kind)), suggested=list(domain.SUGGESTED))
        for kind in IdentifierKind
    ]
