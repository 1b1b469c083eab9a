"""What bpa asks for, and the signed links that it passes on to experts' screens."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response, StreamingResponse

from cabinet_service.api_ports import PortsOfApp
from cabinet_service.inspections.evidence.files import PHOTO_RESPONSES, IfNoneMatch, file_response
from cabinet_service.photos import links
from cabinet_service.photos import queries as photos
from cabinet_service.photos.links import Variant
from service_kit.http.access import ANYBODY
from service_kit.http.edge import Now, ServiceReading
from service_kit.http.peer_access import only_peer
from service_kit.http.route import CheckedRoute
from shared_schemas.rest.hashes import MOST_HASHES, PhotoHashes
from shared_schemas.rest.links import PATH
from shared_schemas.rest.streams import SignedUrl

router = APIRouter(tags=["internal"], route_class=CheckedRoute)


@router.get("/internal/v1/evidence/hashes", dependencies=[Depends(only_peer)])
async def list_hashes(
    evidence_id: Annotated[list[UUID], Query(min_length=1, max_length=MOST_HASHES)], session: ServiceReading
) -> PhotoHashes:
    """What photos look like, for as many as are asked about at once; those that are gone are left out."""
    return PhotoHashes(hashes=tuple(await photos.hashes(session, evidence_id)))


@router.get("/internal/v1/evidence/{evidence_id}", dependencies=[Depends(only_peer)])
async def sign_evidence_link(
    evidence_id: UUID, variant: Variant, session: ServiceReading, now: Now, ports: PortsOfApp
) -> SignedUrl:
    """A link to a photo that needs no sign-in and soon expires. 404 while there is no such file to give out."""
    file = await photos.file_of(session, evidence_id, variant)
    link = links.signed_url(ports.backbone.keys, ports.settings.public_url, evidence_id, variant, now=now)
    return link.model_copy(update={"incomplete": file.incomplete})


@router.get(
    PATH,
    response_class=StreamingResponse,
    responses=PHOTO_RESPONSES,
    tags=["evidence"],
    dependencies=[ANYBODY],  # the link itself is the secret
)
async def get_signed_evidence(
    evidence_id: UUID,
    variant: Variant,
    expires: Annotated[int, Query(ge=0, le=2**33)],
    signature: Annotated[str, Query(max_length=64)],
    session: ServiceReading,
    now: Now,
    ports: PortsOfApp,
    known: IfNoneMatch = None,
) -> Response:
    """The bytes of a photo, for whoever has the link."""
    links.check(ports.backbone.keys, evidence_id, variant, expires=expires, signature=signature, now=now)
    stored = await photos.file_of(session, evidence_id, variant)
    response = await file_response(ports.files, stored, evidence_id, variant, known=known)
    # The desk of the experts is on another origin and reads pixels. The link is the secret, no cookie is.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
