"""Photos: sent by the client, and shown to them."""

from collections.abc import Awaitable
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, Final, Protocol
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response
from starlette.responses import StreamingResponse

from cabinet_service.accounts import quotas, scopes
from cabinet_service.accounts.dependencies import Bearer, Cookie, CurrentClient
from cabinet_service.accounts.domain import Client, KeyScope
from cabinet_service.api_ports import ApiPorts, PortsOfApp
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.core.acting import ClientActing, state_after
from cabinet_service.inspections.core.dependencies import CurrentAct
from cabinet_service.inspections.core.domain import Act
from cabinet_service.inspections.evidence import service
from cabinet_service.inspections.evidence.files import PHOTO_RESPONSES, IfNoneMatch, file_response
from cabinet_service.inspections.evidence.schemas import CopyFields, UploadFields
from cabinet_service.inspections.yard.holders import Sent, enter_as_bringer
from cabinet_service.photos import queries as photo_queries
from cabinet_service.photos import service as photos
from cabinet_service.photos.intake import MediaType
from cabinet_service.photos.limits import MAX_FILE_BYTES
from cabinet_service.photos.links import Variant
from cabinet_service.photos.schemas import EvidenceOut
from cabinet_service.photos.service import Received, TakenIn
from cabinet_service.photos.storage import COPIES
from cabinet_service.ports import FileStore
from service_kit.db import NOBODY, database_now
from service_kit.http.access import by_key, declares
from service_kit.http.edge import Reading
from service_kit.http.forms import FORM_TYPE, receive_form
from service_kit.http.problems import Problem
from service_kit.http.route import CheckedRoute

router = APIRouter(
    prefix="/api/v1/inspections/{inspection_id}/evidence", tags=["evidence"], route_class=CheckedRoute
)

# 50 MiB take 14 minutes at half a megabit.
UPLOAD_SECONDS: Final = 15 * 60

# A megabyte takes 3 minutes at 50 kbit/s.
COPY_SECONDS: Final = 5 * 60

_FORM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["file", "shot", "sha256"],
    "properties": {
        "file": {
            "type": "string",
            "format": "binary",
            "description": "JPEG, PNG, WebP or HEIC, up to 50 MiB.",
        },
        "shot": {"$ref": "#/components/schemas/Shot"},
        "sha256": {"type": "string", "pattern": "^[0-9a-fA-F]{64}$", "description": "Of the file, in hex."},
        "captured_at": {"type": "string", "format": "date-time"},
        "info_task_id": {
            "type": "string",
            "format": "uuid",
            "description": "The info task it was taken for.",
        },
    },
}
_COPY_FORM: Final[dict[str, Any]] = {
    "type": "object",
    "required": [*_FORM["required"], "media_type", "size_bytes"],
    "properties": {
        **_FORM["properties"],
        "file": {
            "type": "string",
            "format": "binary",
            "description": "A small copy, up to 1 MiB, of the same proportions and upright.",
        },
        "sha256": {
            "type": "string",
            "pattern": "^[0-9a-fA-F]{64}$",
            "description": "Of the original, in hex.",
        },
        "media_type": {"type": "string", "enum": list(MediaType), "description": "Of the original."},
        "size_bytes": {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_FILE_BYTES,
            "description": "Of the original.",
        },
    },
}


@declares
async def _who_may_add(
    inspection_id: UUID, sent: Sent, ports: PortsOfApp, _bearer: Bearer, _cookie: Cookie
) -> Client:
    """Who sends a photo; refuses early what would be refused once the whole body is here.

    No database session is held afterwards.
    """
    async with ports.backbone.database.reading(NOBODY) as session:
        client = await enter_as_bringer(session, sent, ports)
        inspection = await inspections.inspection(session, inspection_id, client=client)
        state_after(inspection, Act.ADD_PHOTO)
        return client


MayAdd = Annotated[Client, Depends(_who_may_add)]


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    responses={
        HTTPStatus.OK: {"model": EvidenceOut, "description": "The inspection has this photo already."}
    },
    openapi_extra={"requestBody": {"required": True, "content": {FORM_TYPE: {"schema": _FORM}}}},
    dependencies=[by_key(KeyScope.PHOTOS_WRITE)],
)
async def upload_evidence(
    inspection_id: UUID, request: Request, response: Response, client: MayAdd, ports: PortsOfApp
) -> EvidenceOut:
    """Send a photo. It is kept byte for byte; sent again, it is the same photo and the answer is 200.

    No database session is held while the body comes in, and nothing of it is read for who is not signed in.
    """
    await quotas.count(ports.limits, "photos", client)
    async with photos.arriving(ports.files) as arrival:
        fields = await receive_form(request, UploadFields, arrival, seconds=UPLOAD_SECONDS)
        photo = await photos.take_in(arrival, sha256=fields.sha256)
    add = partial(service.add_photo, inspection_id=inspection_id, photo=photo, fields=fields)
    received = await _attach(ports, photo, client, add)
    if not received.is_new:
        response.status_code = HTTPStatus.OK
    return received.view


@router.post(
    "/copies",
    status_code=HTTPStatus.CREATED,
    responses={
        HTTPStatus.OK: {"model": EvidenceOut, "description": "The inspection has this photo already."}
    },
    openapi_extra={"requestBody": {"required": True, "content": {FORM_TYPE: {"schema": _COPY_FORM}}}},
    dependencies=[by_key(KeyScope.PHOTOS_WRITE)],
)
async def upload_copy(
    inspection_id: UUID, request: Request, response: Response, client: MayAdd, ports: PortsOfApp
) -> EvidenceOut:
    """Send a small copy of a photo ahead over a bad line: experts see it while the original is on its way.

    The original, known by its SHA-256, becomes part of this evidence whichever way it comes. Until then
    `original` is `awaited`, and the copy is to be had as the preview and as nothing else.
    """
    await quotas.count(ports.limits, "photos", client)
    async with photos.arriving(ports.files, COPIES) as arrival:
        fields = await receive_form(request, CopyFields, arrival, seconds=COPY_SECONDS)
        copy = await photos.take_copy_in(arrival)
    add = partial(service.add_copy, inspection_id=inspection_id, copy=copy, fields=fields)
    received = await _attach(ports, copy, client, add)
    if not received.is_new:
        response.status_code = HTTPStatus.OK
    return received.view


class _Add(Protocol):
    """`service.add_photo` or `service.add_copy`, with what came."""

    def __call__(self, acting: ClientActing, *, files: FileStore) -> Awaitable[Received]: ...


async def _attach(ports: ApiPorts, photo: TakenIn, client: Client, add: _Add) -> Received:
    try:
        async with ports.backbone.database.writing(scopes.of(client)) as session:
            acting = ClientActing(session=session, now=await database_now(session), client=client)
            received = await add(acting, files=ports.files)
    except Problem:
        # Refused, so surely no row mentions the file. After any other error one may: the sweep will tell.
        await ports.files.delete(photo.key)
        raise
    if not received.took_file:
        await ports.files.delete(photo.key)
    return received


@router.get(
    "/{evidence_id}/{variant}",
    response_class=StreamingResponse,
    responses=PHOTO_RESPONSES,
    dependencies=[by_key(KeyScope.INSPECTIONS_READ)],
)
async def get_evidence_file(
    inspection_id: UUID,
    evidence_id: UUID,
    variant: Annotated[Variant, Path(description="The small copy, or the file as it was sent.")],
    client: CurrentClient,
    session: Reading,
    ports: PortsOfApp,
    known: IfNoneMatch = None,
) -> Response:
    """The bytes of a photo, as soon as it was decoded: until then neither of its files is given out."""
    inspection = await inspections.inspection(session, inspection_id, client=client)
    stored = await photo_queries.file_of(session, evidence_id, variant, inspection_id=inspection.id)
    return await file_response(ports.files, stored, evidence_id, variant, known=known)


@router.delete(
    "/{evidence_id}", status_code=HTTPStatus.NO_CONTENT, dependencies=[by_key(KeyScope.PHOTOS_WRITE)]
)
async def remove_evidence(inspection_id: UUID, evidence_id: UUID, acting: CurrentAct) -> None:
    """Take a photo out of a draft."""
    await service.remove_photo(acting, inspection_id, evidence_id)
