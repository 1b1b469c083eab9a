"""What is known of a vehicle."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path

from bpa_service.experts import scopes
from bpa_service.vehicles.learning.dependencies import LearnedOfApp
from bpa_service.vehicles.lookup.decoding import decoded
from bpa_service.vehicles.lookup.dependencies import FinderOfApp, LookingUp
from bpa_service.vehicles.lookup.naming import NumberName, names_of
from bpa_service.vehicles.lookup.schemas import VehicleOut
from service_kit.http.edge import Now
from service_kit.http.route import CheckedRoute, refuse_forbidden_text
from shared_schemas.identifiers import MOST_TYPED

router = APIRouter(prefix="/api/v1/vehicles", route_class=CheckedRoute, tags=["vehicles"])

Number = Annotated[
    str, Path(min_length=1, max_length=MOST_TYPED, description="As somebody typed it, in either alphabet.")
]


@router.get("/{name}/{value}")
async def get_vehicle(
    name: NumberName, value: Number, expert: LookingUp, finder: FinderOfApp, learned: LearnedOfApp, now: Now
) -> VehicleOut:
    """The history of the vehicle with this number: records of all sources, and how each block stands at each.

    It takes no longer than two seconds: blocks of a store that is away or slow are not covered, and say so.
    """
    refuse_forbidden_text(value)
    found = await finder.find(names_of(name, value), scopes.of(expert), now)
    decode = decoded(found.all_names, None, now, learned)
    return await asyncio.to_thread(VehicleOut.of, found, now, decode)
