"""Giving out the bytes of photos, so that a browser takes them for nothing but photos."""

import hashlib
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

import structlog
from fastapi import Header
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
_NEVER_KEPT: Final = "private, no-store"
# For OpenAPI: what the routes that give out photos answer.
FILE_RESPONSE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The bytes of the photo.",
        "content": {kind.value: {"schema": {"type": "string", "format": "binary"}} for kind in MediaType},
    },
}
PHOTO_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    **FILE_RESPONSE,
    304: {"description": "It is the one that you have."},
}
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", description="ETags that you have.")]


async def file_response(
    files: FileStore,
    stored: StoredFile,
    evidence_id: UUID,
    variant: Variant,
    *,
    known: str | None = None,
    is_kept: bool = True,
) -> Response:
    """The file, streamed. A preview is shown in place; an original is downloaded, and never kept.

    A browser may keep a preview, but has to ask before it shows it: whoever may not see it any more, because the
    link, the access or the photo has ended, does not see it. `known` is what it has of it (`If-None-Match`).
    Where it is not `is_kept`, a preview is kept as little as an original. Raises NotFound if the file was lost.
    """
    is_preview = variant is Variant.PREVIEW
    may_keep = is_preview and is_kept
    # A new file has a new key, and the preview of a copy is not that of its original.
    tag = f'"{hashlib.sha256(stored.key.encode()).hexdigest()[:32]}"'
    kept = {"Cache-Control": "private, no-cache", "ETag": tag} if may_keep else {"Cache-Control": _NEVER_KEPT}
    if may_keep and known is not None and tag in known:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=kept)
    try:
        chunks = await files.open(stored.key)
    except FileMissing:
        log.exception("photo_lost", evidence_id=str(evidence_id), variant=variant)
        raise NotFound from None
    extension = _EXTENSIONS[MediaType(stored.media_type)]
    disposition = "inline" if is_preview else "attachment"
    headers = {
        "Content-Length": str(stored.size_bytes),
        "Content-Disposition": f'{disposition}; filename="{evidence_id}-{variant}.{extension}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        **kept,
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(chunks, media_type=stored.media_type, headers=headers)
