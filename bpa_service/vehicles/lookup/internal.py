"""What cabinet asks for before a client orders anything."""

from fastapi import APIRouter, Depends

from bpa_service.vehicles.lookup.api import Number
from bpa_service.vehicles.lookup.dependencies import FinderOfApp
from bpa_service.vehicles.lookup.naming import NumberName, names_of
from bpa_service.vehicles.lookup.previewing import preview
from service_kit.http.peer_access import only_peer
from service_kit.http.route import CheckedRoute, refuse_forbidden_text
from shared_schemas.rest.previews import VehiclePreview

router = APIRouter(
    prefix="/internal/v1/vehicles",
    tags=["internal"],
    route_class=CheckedRoute,
    dependencies=[Depends(only_peer)],
)


@router.get("/{name}/{value}/preview")
async def preview_vehicle(name: NumberName, value: Number, finder: FinderOfApp) -> VehiclePreview:
    """How many records of which kind the files of each source have: no person, no detail, no judgement.

    `unknown` where the store is away or slow.
    """
    refuse_forbidden_text(value)
    return await preview(finder.store, names_of(name, value))
