"""Where an expert's screen gets the photos from."""

from uuid import UUID

from fastapi import APIRouter

from bpa_service.api_ports import PortsOfApp
from bpa_service.evidence import queries, service
from bpa_service.evidence.service import Variant
from bpa_service.experts import scopes
from bpa_service.experts.dependencies import StreamingExpert
from bpa_service.experts.tokens.domain import TokenScope
from service_kit.http.access import by_key
from service_kit.http.problems import NotFound
from service_kit.http.route import CheckedRoute
from shared_schemas.rest.streams import SignedUrl

router = APIRouter(prefix="/api/v1/cases/{case_id}/evidence", route_class=CheckedRoute, tags=["evidence"])


@router.get("/{evidence_id}", dependencies=[by_key(TokenScope.CASES_READ)])
async def get_evidence(
    case_id: UUID,
    evidence_id: UUID,
    expert: StreamingExpert,
    ports: PortsOfApp,
    variant: Variant = "preview",
) -> SignedUrl:
    """A link to the photo that needs no sign-in and soon expires."""
    # The transaction is over before cabinet is asked: one that hangs must not use up the connections.
    async with ports.backbone.database.reading(scopes.of(expert)) as session:
        foreign = await queries.foreign_to(session, case_id, [evidence_id])
    if foreign:
        raise NotFound
    return await service.signed_url(ports.backbone.peer, evidence_id, variant)
