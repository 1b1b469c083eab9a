"""Resumable uploads over HTTP: tus 1.0.0 with creation, checksum, expiration and termination.

`Upload-Metadata` of a creation: `inspection_id`, `shot`, `sha256` of the whole file in hex, and if known
`captured_at` and `info_task_id`. With the last byte the file is compared with its hash, examined and made
evidence; `GET /uploads/{id}` says what became of it, also to whoever missed that answer.
"""

from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request, Response

from cabinet_service.accounts import quotas
from cabinet_service.accounts.domain import KeyScope
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.inspections.yard.holders import Bringer, SendingBringer
from cabinet_service.photos.errors import PhotoEmpty, PhotoTooLarge
from cabinet_service.photos.limits import MAX_FILE_BYTES
from cabinet_service.uploads import headers, receiving, service
from cabinet_service.uploads.errors import reason
from cabinet_service.uploads.headers import ASKS_FOR_WHAT_IS_OFFERED, HAS_BYTES, SPEAKS_TUS
from cabinet_service.uploads.models import Upload
from cabinet_service.uploads.schemas import UploadOut, UploadProblem
from service_kit.db import NOBODY, database_now
from service_kit.http.access import ANYBODY, by_key
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.problem_responses import language_of
from service_kit.http.problems import Language
from service_kit.http.route import CheckedRoute

PREFIX: Final = "/api/v1/uploads"
CONTENT: Final = "/content"
_CONTENT: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {headers.CONTENT_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}


def _answers(status: HTTPStatus, *names: str) -> dict[int | str, dict[str, Any]]:
    """For the document: what is said in headers."""
    return {status: {"headers": {name: headers.DECLARED[name] for name in names}}}


router = APIRouter(prefix=PREFIX, tags=["uploads"], route_class=CheckedRoute)


@router.options(
    "",
    status_code=HTTPStatus.NO_CONTENT,
    dependencies=[ANYBODY],
    responses=_answers(HTTPStatus.NO_CONTENT, *headers.DESCRIPTION),
)
async def describe_uploads() -> Response:
    """What of the tus protocol is spoken here."""
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers.DESCRIPTION)


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    dependencies=[by_key(KeyScope.PHOTOS_WRITE), SPEAKS_TUS, ASKS_FOR_WHAT_IS_OFFERED],
    responses=_answers(HTTPStatus.CREATED, "Location", "Upload-Offset", "Upload-Expires"),
)
async def begin_upload(
    client: Bringer,
    session: WriteSession,
    now: Now,
    ports: PortsOfApp,
    size: headers.Length,
    metadata: headers.Metadata,
) -> Response:
    """Begin the upload of a photo; `Location` is where its bytes go. Begun again it is the same upload."""
    if size == 0:
        raise PhotoEmpty
    if size > MAX_FILE_BYTES:
        raise PhotoTooLarge(size=size, most=MAX_FILE_BYTES)
    await quotas.count(ports.limits, "photos", client)
    inspection_id, fields = metadata
    upload = await service.begin(session, inspection_id, fields, size=size, client=client, now=now)
    location = {"Location": f"{PREFIX}/{upload.id}{CONTENT}"}
    return Response(status_code=HTTPStatus.CREATED, headers=headers.standing(upload) | location)


# An id that cannot be one is an address at which there is nothing: so tus has it.
@router.get("/{upload_id:uuid}", dependencies=[by_key(KeyScope.PHOTOS_WRITE)])
async def get_upload(upload_id: UUID, request: Request, client: Bringer, session: Reading) -> UploadOut:
    """How far it has come, and what became of it."""
    return _view(await service.one(session, upload_id, client=client), language_of(request))


@router.head(
    "/{upload_id:uuid}/content",
    dependencies=[by_key(KeyScope.PHOTOS_WRITE), SPEAKS_TUS],
    responses=_answers(HTTPStatus.OK, "Upload-Offset", "Upload-Length", "Upload-Expires"),
)
async def look_at_upload(upload_id: UUID, client: SendingBringer, ports: PortsOfApp) -> Response:
    """Where to go on from: `Upload-Offset`.

    Once all bytes are held it is the answer to the last of them again: 200 if the photo is evidence, 410 if it
    was refused (`GET` says why), 5xx if it can be neither just now. It goes back to where
    we lost bytes, if we did.
    """
    upload = await receiving.ended(ports, upload_id, client=client)
    async with ports.backbone.database.reading(NOBODY) as session:
        service.check_lasts(upload, now=await database_now(session))
    length = {"Upload-Length": str(upload.size_bytes)}
    return Response(status_code=HTTPStatus.OK, headers=headers.standing(upload) | length)


@router.delete(
    "/{upload_id:uuid}/content",
    status_code=HTTPStatus.NO_CONTENT,
    dependencies=[by_key(KeyScope.PHOTOS_WRITE), SPEAKS_TUS],
)
async def drop_upload(upload_id: UUID, client: Bringer, session: WriteSession, ports: PortsOfApp) -> Response:
    """Forget an upload that is not needed any more. Evidence that it became stays."""
    # Files that a failed commit leaves without a row are the sweep's; rows without files are cut back.
    for key in await service.drop(session, upload_id, client=client):
        await ports.files.delete(key)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.patch(
    "/{upload_id:uuid}/content",
    status_code=HTTPStatus.NO_CONTENT,
    dependencies=[by_key(KeyScope.PHOTOS_WRITE), SPEAKS_TUS, HAS_BYTES],
    responses=_answers(HTTPStatus.NO_CONTENT, "Upload-Offset", "Upload-Expires"),
    openapi_extra=_CONTENT,
)
async def send_part(
    upload_id: UUID,
    request: Request,
    client: SendingBringer,
    ports: PortsOfApp,
    at: headers.Offset,
    checksum: headers.Digest,
) -> Response:
    """Send bytes from `Upload-Offset` on. What came before a cut is kept, unless a checksum was announced.

    The end of the file may be sent again at any time, and is answered as it was the first time.
    """
    upload = await receiving.take_part(
        ports, upload_id, request.stream(), at=at, checksum=checksum, client=client
    )
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers.standing(upload))


def _view(upload: Upload, language: Language) -> UploadOut:
    kept = upload.problem
    return UploadOut(
        id=upload.id,
        inspection_id=upload.inspection_id,
        sha256=upload.sha256.hex(),
        size_bytes=upload.size_bytes,
        offset_bytes=upload.offset_bytes,
        state=upload.state,
        evidence_id=upload.evidence_id,
        problem=None if kept is None else UploadProblem(**kept, detail=reason(kept, language)),
        expires_at=upload.expires_at,
    )
