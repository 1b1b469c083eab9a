"""The headers of tus as this API takes and gives them: what is wrong with one becomes its problem."""

from email.utils import format_datetime
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Header, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from cabinet_service.inspections.evidence.schemas import UploadFields
from cabinet_service.photos.limits import MAX_FILE_BYTES
from cabinet_service.uploads import domain
from cabinet_service.uploads.domain import Checksum
from cabinet_service.uploads.errors import BadUploadHeader, ChecksumNotOffered, TusVersion, UploadNotOffered
from cabinet_service.uploads.models import Upload
from service_kit.http.openapi import header

CONTENT_TYPE: Final = "application/offset+octet-stream"
DESCRIPTION: Final = {
    "Tus-Version": domain.VERSION,
    "Tus-Extension": domain.EXTENSIONS,
    "Tus-Max-Size": str(MAX_FILE_BYTES),
    "Tus-Checksum-Algorithm": ",".join(domain.ALGORITHMS),
}
DECLARED: Final = {
    "Location": header("Where the bytes go; relative to this service."),
    "Upload-Offset": header("How many bytes are held.", of="integer"),
    "Upload-Length": header("How many bytes the whole file has.", of="integer"),
    "Upload-Expires": header("Until when the upload can be gone on with, as RFC 9110 writes dates."),
    "Tus-Version": header("The version of tus that is spoken."),
    "Tus-Extension": header("Its extensions that are offered, with commas between them."),
    "Tus-Max-Size": header("The largest file that is taken, in bytes.", of="integer"),
    "Tus-Checksum-Algorithm": header("The checksums that are taken, with commas between them."),
}
"""The headers of answers, for the contract."""
# What a creation asks for by a header, and we do not do.
_NOT_OFFERED: Final = {"Upload-Defer-Length": "creation-defer-length", "Upload-Concat": "concatenation"}


async def _speaks_tus(tus_resumable: Annotated[str | None, Header(max_length=16)] = None) -> None:
    if tus_resumable != domain.VERSION:
        raise TusVersion(version=domain.VERSION, headers={"Tus-Version": domain.VERSION})


async def _asks_for_what_is_offered(request: Request) -> None:
    asked = [extension for header, extension in _NOT_OFFERED.items() if header in request.headers]
    if request.headers.get("content-length", "0").strip("0"):
        asked.append("creation-with-upload")
    if asked:
        raise UploadNotOffered(extension=asked[0], offered=domain.EXTENSIONS)


async def _has_bytes(content_type: Annotated[str, Header(max_length=200)] = "") -> None:
    if content_type.partition(";")[0].strip().lower() != CONTENT_TYPE:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


SPEAKS_TUS: Final[Any] = Depends(_speaks_tus)
ASKS_FOR_WHAT_IS_OFFERED: Final[Any] = Depends(_asks_for_what_is_offered)
HAS_BYTES: Final[Any] = Depends(_has_bytes)


async def _length(upload_length: Annotated[str, Header(max_length=20)] = "") -> int:
    return _number(upload_length, "Upload-Length")


async def _offset(upload_offset: Annotated[str, Header(max_length=20)] = "") -> int:
    return _number(upload_offset, "Upload-Offset")


async def _checksum(upload_checksum: Annotated[str | None, Header(max_length=200)] = None) -> Checksum | None:
    try:
        return None if upload_checksum is None else domain.checksum(upload_checksum)
    except domain.NotOffered:
        raise ChecksumNotOffered(offered=", ".join(domain.ALGORITHMS)) from None
    except domain.Unreadable:
        raise BadUploadHeader(header="Upload-Checksum") from None


async def _metadata(upload_metadata: Annotated[str, Header()] = "") -> tuple[UUID, UploadFields]:
    try:
        found = dict(domain.metadata(upload_metadata))
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


Length = Annotated[int, Depends(_length)]
Offset = Annotated[int, Depends(_offset)]
Digest = Annotated[Checksum | None, Depends(_checksum)]
Metadata = Annotated[tuple[UUID, UploadFields], Depends(_metadata)]
"""For which inspection, and the fields of the photo."""


def standing(upload: Upload) -> dict[str, str]:
    """How far an upload has come, and until when it can be gone on with."""
    return {
        "Upload-Offset": str(upload.offset_bytes),
        "Upload-Expires": format_datetime(upload.expires_at, usegmt=True),
    }


def _number(text: str, header: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise BadUploadHeader(header=header)
    return int(text)
