"""Resumable uploads over HTTP: tus 1.0.0 with creation, checksum, expiration and termination.

`Upload-Metadata` of a creation: `inspection_id`, `shot`, `sha256` of the whole file in hex, and if known
`captured_at` and `info_task_id`. With the last byte the file is compared with its hash, examined and made
evidence; `GET /uploads/{id}` says what became of it, also to whoever missed that answer.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Sequence
from email.utils import format_datetime
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.requests import ClientDisconnect

from cabinet_service.accounts import scopes
from cabinet_service.accounts.dependencies import Bearer, Cookie, CurrentClient, SentToken, enter_as
from cabinet_service.accounts.domain import Client
from cabinet_service.inspections.schemas import UploadFields
from cabinet_service.photos import service as photos
from cabinet_service.photos.errors import PhotoEmpty, PhotoTooLarge
from cabinet_service.photos.limits import MAX_FILE_BYTES
from cabinet_service.photos.service import TakenIn
from cabinet_service.photos.storage import room_needed
from cabinet_service.ports import Ports, PortsOfApp
from cabinet_service.uploads import domain, service
from cabinet_service.uploads.errors import (
    BadUploadHeader,
    TusVersion,
    UploadChecksum,
    UploadOverrun,
)
from cabinet_service.uploads.models import Upload
from cabinet_service.uploads.schemas import UploadOut, UploadProblem
from service_kit.db import NOBODY, database_now
from service_kit.http.access import ANYBODY, declares
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.problems import Problem, TimedOut
from service_kit.http.route import CheckedRoute
from service_kit.scratch import nameless_file

PREFIX: Final = "/api/v1/uploads"
CONTENT: Final = "/content"
CONTENT_TYPE: Final = "application/offset+octet-stream"
# 50 MiB in one request take 14 minutes at half a megabit.
PART_SECONDS: Final = 15 * 60
_HEADERS: Final = {"Tus-Resumable": domain.VERSION, "Cache-Control": "no-store"}
_OPTIONS: Final = {
    "Tus-Version": domain.VERSION,
    "Tus-Extension": domain.EXTENSIONS,
    "Tus-Max-Size": str(MAX_FILE_BYTES),
    "Tus-Checksum-Algorithm": domain.ALGORITHM,
}
_NO_CONTENT: Final[dict[int | str, dict[str, Any]]] = {HTTPStatus.NO_CONTENT: {"description": "Done."}}


async def _speaks_tus(tus_resumable: Annotated[str | None, Header(max_length=16)] = None) -> None:
    if tus_resumable != domain.VERSION:
        raise TusVersion(version=domain.VERSION, headers={"Tus-Version": domain.VERSION})


SPEAKS_TUS: Final[Any] = Depends(_speaks_tus)
router = APIRouter(prefix=PREFIX, tags=["uploads"], route_class=CheckedRoute)


@router.options("", status_code=HTTPStatus.NO_CONTENT, dependencies=[ANYBODY])
async def describe_uploads() -> Response:
    """What of the tus protocol is spoken here."""
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=_OPTIONS)


@router.post("", status_code=HTTPStatus.CREATED, dependencies=[SPEAKS_TUS])
async def begin_upload(
    client: CurrentClient,
    session: WriteSession,
    now: Now,
    upload_length: Annotated[str, Header(max_length=20)] = "",
    upload_metadata: Annotated[str, Header()] = "",
) -> Response:
    """Begin the upload of a photo; `Location` is where its bytes go. Begun again it is the same upload."""
    size = _number(upload_length, "Upload-Length")
    if size == 0:
        raise PhotoEmpty
    if size > MAX_FILE_BYTES:
        raise PhotoTooLarge(size=size, most=MAX_FILE_BYTES)
    inspection_id, fields = _fields(upload_metadata)
    upload = await service.begin(session, inspection_id, fields, size=size, client=client, now=now)
    location = {"Location": f"{PREFIX}/{upload.id}{CONTENT}"}
    return Response(status_code=HTTPStatus.CREATED, headers=_standing(upload) | location)


@router.get("/{upload_id}")
async def get_upload(upload_id: UUID, client: CurrentClient, session: Reading) -> UploadOut:
    """How far it has come, and what became of it."""
    return _view(await service.one(session, upload_id, client=client))


@router.head("/{upload_id}/content", dependencies=[SPEAKS_TUS])
async def look_at_upload(upload_id: UUID, client: CurrentClient, session: Reading) -> Response:
    """Where to go on from: `Upload-Offset`."""
    upload = await service.one(session, upload_id, client=client)
    length = {"Upload-Length": str(upload.size_bytes)}
    return Response(status_code=HTTPStatus.OK, headers=_standing(upload) | length)


@router.delete(
    "/{upload_id}/content",
    status_code=HTTPStatus.NO_CONTENT,
    dependencies=[SPEAKS_TUS],
)
async def drop_upload(
    upload_id: UUID, client: CurrentClient, session: WriteSession, ports: PortsOfApp
) -> Response:
    """Forget an upload that is not needed any more. Evidence that it became stays."""
    # Files that a failed commit leaves without a row are the sweep's; rows without files only fail to complete.
    await _delete(ports, await service.drop(session, upload_id, client=client))
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=_HEADERS)


@declares
async def _who_sends(token: SentToken, ports: PortsOfApp, _bearer: Bearer, _cookie: Cookie) -> Client:
    """Who sends bytes. No database session is held while they come."""
    async with ports.backbone.database.reading(NOBODY) as session:
        return await enter_as(session, token)


@router.patch(
    "/{upload_id}/content",
    status_code=HTTPStatus.NO_CONTENT,
    dependencies=[SPEAKS_TUS],
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {CONTENT_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def send_part(
    upload_id: UUID,
    request: Request,
    client: Annotated[Client, Depends(_who_sends)],
    ports: PortsOfApp,
    upload_offset: Annotated[str, Header(max_length=20)] = "",
    upload_checksum: Annotated[str | None, Header(max_length=200)] = None,
    content_type: Annotated[str, Header(max_length=200)] = "",
) -> Response:
    """Send bytes from `Upload-Offset` on. What came before a cut is kept, unless a checksum was announced."""
    if content_type.partition(";")[0].strip().lower() != CONTENT_TYPE:
        raise BadUploadHeader(header="Content-Type")
    at = _number(upload_offset, "Upload-Offset")
    digest = _checksum(upload_checksum)
    async with ports.backbone.database.reading(scopes.of(client)) as session:
        upload = await service.one(session, upload_id, client=client)
        service.check_going_on(upload, at, now=await database_now(session))
    with room_needed(), nameless_file() as path:
        size = await _receive(
            request, path, most=upload.size_bytes - at, whole=upload.size_bytes, digest=digest
        )
        if size:
            upload = await _keep(ports, upload_id, path, at=at, size=size, client=client)
    if upload.offset_bytes == upload.size_bytes:
        await _finish(ports, upload, client)
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=_standing(upload))


async def _receive(request: Request, path: Path, *, most: int, whole: int, digest: bytes | None) -> int:
    """Write the body to `path`; returns how many bytes that are. Raises UploadOverrun or UploadChecksum."""
    received, hashed = 0, hashlib.sha256()
    with path.open("wb") as file:
        try:
            async with asyncio.timeout(PART_SECONDS):
                async for chunk in request.stream():
                    received += len(chunk)
                    if received > most:
                        raise UploadOverrun(size=whole)
                    hashed.update(chunk)
                    await asyncio.to_thread(file.write, chunk)
        except ClientDisconnect:
            pass  # what came is worth keeping
        except TimeoutError:
            raise TimedOut from None
    if digest is not None and hashed.digest() != digest:
        raise UploadChecksum
    return received


async def _keep(ports: Ports, upload_id: UUID, path: Path, *, at: int, size: int, client: Client) -> Upload:
    """Make the part durable, then say so. A part that somebody else was faster with is dropped again."""
    name = secrets.token_hex(16)
    key = f"{service.PARTS}{name[:2]}/{name[2:]}"
    await ports.files.put(key, path)
    try:
        async with ports.backbone.database.writing(scopes.of(client)) as session:
            now = await database_now(session)
            return await service.add_part(
                session, upload_id, at=at, size=size, file_key=key, client=client, now=now
            )
    except Problem:
        await ports.files.delete(key)
        raise


async def _finish(ports: Ports, upload: Upload, client: Client) -> None:
    """Make all parts one photo and that evidence. A refusal is kept and raised; after other errors send nothing
    from the end on to have it tried again.
    """
    database, scope = ports.backbone.database, scopes.of(client)
    async with database.reading(scope) as session:
        keys = await service.parts(session, upload.id)
    try:
        photo = await _joined(ports, upload, keys)
        try:
            async with database.writing(scope) as session:
                now = await database_now(session)
                took_file = await service.complete(
                    session, upload.id, photo, client=client, files=ports.files, now=now
                )
        except Problem:
            await ports.files.delete(photo.key)
            raise
        if not took_file:
            await ports.files.delete(photo.key)
    except Problem as problem:
        if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise
        async with database.writing(scope) as session:
            await service.refuse(session, upload.id, problem, client=client)
        await _delete(ports, keys)
        raise
    await _delete(ports, keys)


async def _joined(ports: Ports, upload: Upload, keys: Sequence[str]) -> TakenIn:
    """The photo that the parts make, taken in. Raises StorageFull or why it is refused."""
    with room_needed(), nameless_file() as path, path.open("r+b") as whole:
        for key in keys:
            async for chunk in await ports.files.open(key):
                await asyncio.to_thread(whole.write, chunk)
        return await photos.take_in(ports.files, whole, sha256=upload.sha256.hex())


async def _delete(ports: Ports, keys: Sequence[str]) -> None:
    for key in keys:
        await ports.files.delete(key)


def _fields(header: str) -> tuple[UUID, UploadFields]:
    """Raises BadUploadHeader, or what FastAPI raises for values that are not as documented."""
    try:
        found = dict(domain.metadata(header))
        inspection_id = UUID(found.pop("inspection_id", ""))
    except ValueError:
        raise BadUploadHeader(header="Upload-Metadata") from None
    known = {name: found[name] for name in UploadFields.model_fields if name in found}
    try:
        return inspection_id, UploadFields.model_validate(known)
    except ValidationError as error:
        raise RequestValidationError(
            [{**one, "loc": ("header", "Upload-Metadata", *one["loc"])} for one in error.errors()]
        ) from None


def _number(text: str, header: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise BadUploadHeader(header=header)
    return int(text)


def _checksum(header: str | None) -> bytes | None:
    try:
        return None if header is None else domain.checksum(header)
    except domain.Unreadable:
        raise BadUploadHeader(header="Upload-Checksum") from None


def _standing(upload: Upload) -> dict[str, str]:
    expires = format_datetime(upload.expires_at, usegmt=True)
    return {**_HEADERS, "Upload-Offset": str(upload.offset_bytes), "Upload-Expires": expires}


def _view(upload: Upload) -> UploadOut:
    return UploadOut(
        id=upload.id,
        inspection_id=upload.inspection_id,
        sha256=upload.sha256.hex(),
        size_bytes=upload.size_bytes,
        offset_bytes=upload.offset_bytes,
        state=upload.state,
        evidence_id=upload.evidence_id,
        problem=None if upload.problem is None else UploadProblem(**upload.problem),
        expires_at=upload.expires_at,
    )
