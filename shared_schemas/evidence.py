"""Evidence and places on it, as both services speak of them."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from shared_schemas.base import Contract, UtcDatetime
from shared_schemas.personal import PERSONAL
from shared_schemas.words import CapturedAtSource, Original, Shot, ShotAnswer

Share = Annotated[float, Field(ge=0, le=1)]


class Region(Contract):
    """A rectangle on a photo, as shares (0 to 1) of the upright picture's width and height."""

    x: Share
    y: Share
    width: Annotated[float, Field(gt=0, le=1)]
    height: Annotated[float, Field(gt=0, le=1)]

    @model_validator(mode="after")
    def _lies_on_the_photo(self) -> "Region":
        tolerance = 1e-6  # the sum of two rounded shares
        if self.x + self.width > 1 + tolerance or self.y + self.height > 1 + tolerance:
            raise ValueError("the region reaches beyond the photo")
        return self


class PlaceOnEvidence(Contract):
    """A photo, and where on it if not the whole of it."""

    evidence_id: UUID
    region: Region | None = None


class AnsweredShot(Contract):
    """A shot that the client answered with words. Once it is sent, a photo of the shot takes the answer back."""

    shot: Shot
    answer: ShotAnswer


class EvidenceRef(Contract):
    """What bpa knows of a stored photo. Its bytes stay with cabinet; `sha256` is hex, of the original.

    While `original` is awaited a copy is shown: `width` and `height` are then the copy's, and `sha256`,
    `size_bytes` and `media_type` are what the client announced.

    Where `captured_at_source` is `exif_local`, `captured_at` is what the camera's clock showed, written as if
    that were UTC: it is to be shown as it is, and not to be moved to another zone.

    `by_link`: it was not the client who brought it, but somebody to whom they gave a link to the car.
    """

    evidence_id: UUID
    shot: Shot
    sha256: Annotated[str, PERSONAL]
    media_type: str
    size_bytes: int
    width: int
    height: int
    captured_at: Annotated[UtcDatetime | None, PERSONAL]
    received_at: UtcDatetime
    info_task_id: UUID | None = None
    original: Original = Original.HELD
    captured_at_source: CapturedAtSource = CapturedAtSource.UNKNOWN
    by_link: bool = False
