"""Photos as the API takes them."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from cabinet_service.photos.intake import MediaType
from cabinet_service.photos.limits import MAX_FILE_BYTES
from service_kit.http.schemas import ApiInput, Instant
from shared_schemas.words import Shot


class UploadFields(ApiInput):
    """The fields that come with an uploaded file."""

    shot: Shot
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$")]
    captured_at: Instant | None = None
    info_task_id: UUID | None = None


class CopyFields(UploadFields):
    """The fields that come with the copy of a photo: what its original, which follows, is."""

    media_type: MediaType
    size_bytes: Annotated[int, Field(gt=0, le=MAX_FILE_BYTES)]
