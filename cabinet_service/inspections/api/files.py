"""Giving out the bytes of photos, so that a browser takes them for nothing but photos."""

from typing import Any, Final
from uuid import UUID

import structlog
from starlette.responses import Response, StreamingResponse

from cabinet_service.photos.intake import MediaType
from cabinet_service.photos.links import Variant
from cabinet_service.photos.queries import StoredFile
from cabinet_service.ports import FileMissing, FileStore
from service_kit.http.problems import NotFound

log = structlog.get_logger(__name__)

_EXTENSIONS: Final = {
    MediaType.JPEG: "jpg",
    MediaType.PNG: "png",
    MediaType.WEBP: "webp",
    MediaType.HEIC: "heic",
}
# For OpenAPI: what the routes that give out photos answer.
PHOTO_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The bytes of the photo.",
        "content": {kind.value: {"schema": {"type": "string", "format": "binary"}} for kind in MediaType},
    }
}


async def file_response(
    files: FileStore, stored: StoredFile, evidence_id: UUID, variant: Variant
) -> Response:
    """The file, streamed. A preview is shown in place and kept by the browser; an original is downloaded.

    Raises NotFound if the file was lost.
    """
    try:
        chunks = await files.open(stored.key)
    except FileMissing:
        log.exception("photo_lost", evidence_id=str(evidence_id), variant=variant)
        raise NotFound from None
    extension = _EXTENSIONS[MediaType(stored.media_type)]
    is_preview = variant is Variant.PREVIEW
    disposition = "inline" if is_preview else "attachment"
    headers = {
        "Content-Length": str(stored.size_bytes),
        "Content-Disposition": f'{disposition}; filename="{evidence_id}-{variant}.{extension}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, max-age=3600" if is_preview else "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(chunks, media_type=stored.media_type, headers=headers)
