"""What is known of the car of a case."""

from uuid import UUID

from fastapi import APIRouter

from bpa_service.api_ports import PortsOfApp
from bpa_service.cases.known import queries
from bpa_service.cases.known.schemas import KnownOut
from bpa_service.evidence.links import previews
from bpa_service.experts.dependencies import CurrentExpert
from service_kit.http.edge import Now, Reading
from service_kit.http.problems import NotFound
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/cases/{case_id}/known", route_class=CheckedRoute, tags=["cases"])


@router.get("")
async def get_known(
    case_id: UUID, _expert: CurrentExpert, session: Reading, ports: PortsOfApp, now: Now
) -> KnownOut:
    """Earlier and parallel cases of its number, plate and photos, what its VIN says, and who was asked."""
    found = await queries.known(session, case_id)
    if found is None:
        raise NotFound
    return KnownOut.of(found, now, previews(ports.backbone.keys, ports.settings.photos_url, now))
