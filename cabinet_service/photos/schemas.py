"""A photo as the client's API shows it."""

from datetime import datetime
from uuid import UUID

from cabinet_service.photos.models import PreviewState
from service_kit.http.schemas import ApiOutput
from shared_schemas.words import CapturedAtSource, Original, Shot


class EvidenceOut(ApiOutput):
    """A photo that is kept. `width` and `height` are of the upright picture; `sha256` is of the original.

    `has_location` says that the original tells where it was taken; no preview does. `preview_problem` is the
    code of what keeps the photo from being opened: it has to be taken again. `incomplete` says that it opens, but
    a part of the picture is missing in the file: it should be taken again.

    Where `captured_at_source` is `exif_local`, `captured_at` is what the camera's clock showed in a zone that
    nobody knows, written as if that were UTC.

    `link_id` is the link for somebody at the car by which it was brought; null where the client sent it.

    While `original` is `awaited` only a copy is here: `width` and `height` are the copy's, and `sha256`,
    `media_type` and `size_bytes` what was announced of the original.
    """

    id: UUID
    shot: Shot
    info_task_id: UUID | None
    link_id: UUID | None
    original: Original
    sha256: str
    media_type: str
    size_bytes: int
    width: int
    height: int
    captured_at: datetime | None
    captured_at_source: CapturedAtSource
    received_at: datetime
    has_location: bool
    preview: PreviewState
    preview_width: int | None
    preview_height: int | None
    preview_problem: str | None
    incomplete: bool

    @property
    def opens(self) -> bool:
        """False once the worker has found that it cannot be decoded."""
        return self.preview is not PreviewState.FAILED
