"""What cabinet asks for when somebody types a VIN: what one's own records teach of VINs that begin so."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from bpa_service.vehicles.learning.dependencies import RulesOfApp
from service_kit.http.peer_access import only_peer
from service_kit.http.route import CheckedRoute
from shared_schemas.rest.vin_rules import BEGINNING, VinRules

router = APIRouter(
    prefix="/internal/v1/vins", tags=["internal"], route_class=CheckedRoute, dependencies=[Depends(only_peer)]
)

Beginning = Annotated[
    str,
    Path(pattern=rf"^[A-HJ-NPR-Z0-9]{{{BEGINNING}}}$", description="Characters 1 to 7: they name no car."),
]


@router.get("/{beginning}/rules")
async def get_vin_rules(beginning: Beginning, rules: RulesOfApp) -> VinRules:
    """The learned rules about VINs that begin so, with what supports them; none where nothing was learned."""
    return VinRules.about(beginning, rules.current(), rules.learned_at)
