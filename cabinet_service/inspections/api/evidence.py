"""Photos: sent by the client, and shown to them."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse

from cabinet_service.accounts import scopes
from cabinet_service.accounts.dependencies import Bearer, Cookie, CurrentClient, SentToken, enter_as
from cabinet_service.accounts.domain import Client
from cabinet_service.inspections import queries
from cabinet_service.inspections.api.files import PHOTO_RESPONSES, file_response
from cabinet_service.inspections.domain import Act
from cabinet_service.inspections.schemas import UploadFields
from cabinet_service.inspections.service import evidence, happening
from cabinet_service.photos import queries as photo_queries
from cabinet_service.photos import service as photos
from cabinet_service.photos.links import Variant
from cabinet_service.photos.schemas import EvidenceOut
from cabinet_service.photos.service import Received, TakenIn
from cabinet_service.photos.storage import room_needed
from cabinet_service.ports import Ports, PortsOfApp
from service_kit.db import NOBODY, database_now
from service_kit.http.access import declares
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.problems import Problem, TimedOut
from service_kit.http.route import CheckedRoute

router = APIRouter(
    prefix="/api/v1/inspections/{inspection_id}/evidence", tags=["evidence"], route_class=CheckedRoute
)

FORM_TYPE: Final = "multipart/form-data"
MAX_FIELD_BYTES: Final = 1024
# 50 MiB take 14 minutes at half a megabit.
UPLOAD_SECONDS: Final = 15 * 60

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


@declares
async def _who_may_add(
    inspection_id: UUID, token: SentToken, ports: PortsOfApp, _bearer: Bearer, _cookie: Cookie
) -> Client:
    """Who sends a photo; refuses early what would be refused once the whole body is here.

    No database session is held afterwards.
    """
    async with ports.backbone.database.reading(NOBODY) as session:
        client = await enter_as(session, token)
        inspection = await queries.inspection(session, inspection_id, client=client)
        happening.state_after(inspection, Act.ADD_PHOTO)
        return client


MayAdd = Annotated[Client, Depends(_who_may_add)]


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    responses={
        HTTPStatus.OK: {"model": EvidenceOut, "description": "The inspection has this photo already."}
    },
    openapi_extra={"requestBody": {"required": True, "content": {FORM_TYPE: {"schema": _FORM}}}},
)
async def upload_evidence(
    inspection_id: UUID, request: Request, response: Response, client: MayAdd, ports: PortsOfApp
) -> EvidenceOut:
    """Send a photo. It is kept byte for byte; sent again, it is the same photo and the answer is 200.

    No database session is held while the body comes in, and nothing of it is read for who is not signed in.
    """
    async with _form(request) as form:
        fields, file = _parts(form)
        photo = await photos.take_in(ports.files, file.file, sha256=fields.sha256)
    received = await _attach(ports, inspection_id, photo, fields, client)
    if not received.is_new:
        response.status_code = HTTPStatus.OK
    return received.view


@asynccontextmanager
async def _form(request: Request) -> AsyncGenerator[FormData]:
    """The form, its file on disk where it is large."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != FORM_TYPE:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    fields = len(UploadFields.model_fields)
    with room_needed():
        try:
            async with asyncio.timeout(UPLOAD_SECONDS):
                form = await request.form(max_files=1, max_fields=fields, max_part_size=MAX_FIELD_BYTES)
        except TimeoutError:
            raise TimedOut from None
    try:
        yield form
    finally:
        await form.close()


def _parts(form: FormData) -> tuple[UploadFields, UploadFile]:
    """Raises what FastAPI raises for a body that is not as documented."""
    texts = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    file = form.get("file")
    problems: list[Mapping[str, Any]] = []
    if not isinstance(file, UploadFile):
        problems.append({"type": "missing", "loc": ("body", "file"), "msg": "A file is required"})
        texts.pop("file", None)
    try:
        fields = UploadFields.model_validate(texts)
    except ValidationError as error:
        problems += [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(problems) from None
    if not isinstance(file, UploadFile):
        raise RequestValidationError(problems)
    return fields, file


async def _attach(
    ports: Ports, inspection_id: UUID, photo: TakenIn, fields: UploadFields, client: Client
) -> Received:
    try:
        async with ports.backbone.database.writing(scopes.of(client)) as session:
            now = await database_now(session)
            received = await evidence.add_photo(
                session, inspection_id, photo, fields, client=client, files=ports.files, now=now
            )
    except Problem:
        # Refused, so surely no row mentions the file. After any other error one may: the sweep will tell.
        await ports.files.delete(photo.key)
        raise
    if not received.took_file:
        await ports.files.delete(photo.key)
    return received


@router.get("/{evidence_id}/{variant}", response_class=StreamingResponse, responses=PHOTO_RESPONSES)
async def get_evidence_file(
    inspection_id: UUID,
    evidence_id: UUID,
    variant: Annotated[Variant, Path(description="The small copy, or the file as it was sent.")],
    client: CurrentClient,
    session: Reading,
    ports: PortsOfApp,
) -> Response:
    """The bytes of a photo, as soon as it was decoded: until then neither of its files is given out."""
    inspection = await queries.inspection(session, inspection_id, client=client)
    stored = await photo_queries.file_of(session, evidence_id, variant, inspection_id=inspection.id)
    return await file_response(ports.files, stored, evidence_id, variant)


@router.delete("/{evidence_id}", status_code=HTTPStatus.NO_CONTENT)
async def remove_evidence(
    inspection_id: UUID, evidence_id: UUID, client: CurrentClient, session: WriteSession, now: Now
) -> None:
    """Take a photo out of a draft."""
    await evidence.remove_photo(session, inspection_id, evidence_id, client=client, now=now)
