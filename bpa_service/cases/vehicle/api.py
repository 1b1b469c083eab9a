"""What sources know of the vehicle of a case."""

import asyncio
from uuid import UUID

from fastapi import APIRouter

from bpa_service.api_ports import PortsOfApp
from bpa_service.cases.core import queries
from bpa_service.experts import scopes
from bpa_service.vehicles.learning.dependencies import LearnedOfApp
from bpa_service.vehicles.lookup.decoding import decoded
from bpa_service.vehicles.lookup.dependencies import FinderOfApp, LookingUp
from bpa_service.vehicles.lookup.naming import names_in
from bpa_service.vehicles.lookup.schemas import VehicleOut
from service_kit.http.edge import Now
from service_kit.http.problems import NotFound
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/cases/{case_id}/vehicle", route_class=CheckedRoute, tags=["cases"])


@router.get("")
async def get_vehicle_of_case(
    case_id: UUID,
    expert: LookingUp,
    ports: PortsOfApp,
    finder: FinderOfApp,
    learned: LearnedOfApp,
    now: Now,
) -> VehicleOut:
    """The history of the vehicle by all numbers that the client gave; without a proper one nothing is found.

    It takes no longer than two seconds, and nothing else of the case waits for it.
    """
    async with ports.backbone.database.reading(scopes.of(expert)) as session:
        claim = await queries.claim(session, case_id)
    if claim is None:
        raise NotFound
    found = await finder.find(names_in(claim), scopes.of(expert), now)
    decode = decoded(found.all_names, claim, now, learned)
    return await asyncio.to_thread(VehicleOut.of, found, now, decode)
