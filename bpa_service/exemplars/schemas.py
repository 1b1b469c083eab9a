"""Exemplars as the API speaks of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from bpa_service.exemplars.models import Exemplar
from bpa_service.exemplars.picture_process import MAX_FILE_BYTES
from bpa_service.exemplars.service import Description, ExemplarChange
from service_kit.http.schemas import ApiInput, ApiOutput
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.words import Shot

MAX_TAGS: Final = 20
MAX_NOTE: Final = 2000
# A note of the longest, or all the tags, in letters of four bytes.
FIELD_BYTES: Final = 4 * MAX_NOTE
OLDEST: Final = 1900
NEWEST: Final = 2100

Make = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Plant = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_NOTE)]
Year = Annotated[int, Field(ge=OLDEST, le=NEWEST)]
# No comma, which stands between tags in a form.
Tag = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, min_length=1, max_length=40, pattern=r"^[^,]*$"),
]


def _each_once(tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tags))


def _parted(tags: object) -> object:
    """The tags of a form."""
    if not isinstance(tags, str):
        return tags
    return [tag for part in tags.split(",") if (tag := part.strip())]


Tags = Annotated[tuple[Tag, ...], Field(max_length=MAX_TAGS), AfterValidator(_each_once)]


class ExemplarFields(ApiInput):
    """The fields that come with the picture. In a form, an empty one that need not be there is none."""

    make: Make
    model: Make | None = None
    plant: Plant | None = None
    year_from: Year | None = None
    year_to: Year | None = None
    marking: Shot
    tags: Annotated[Tags, BeforeValidator(_parted)] = ()
    note: Note | None = None

    @field_validator("model", "plant", "year_from", "year_to", "note", mode="before")
    @classmethod
    def _none_if_empty(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("year_to")
    @classmethod
    def _not_before_the_first(cls, value: int | None, info: ValidationInfo) -> int | None:
        first = info.data.get("year_from")
        if value is not None and first is not None and value < first:
            raise ValueError("the last year is before the first")
        return value

    def description(self) -> Description:
        return Description(
            make=self.make,
            model=self.model,
            plant=self.plant,
            year_from=self.year_from,
            year_to=self.year_to,
            marking=self.marking,
            tags=self.tags,
            note=self.note,
        )


_TEXT: Final[Mapping[str, Any]] = {"type": "string", "minLength": 1}
_YEAR: Final[Mapping[str, Any]] = {"type": "integer", "minimum": OLDEST, "maximum": NEWEST}
FORM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["file", "make", "marking"],
    "properties": {
        "file": {
            "type": "string",
            "format": "binary",
            "description": f"JPEG, PNG or WebP, up to {MAX_FILE_BYTES // 1024**2} MiB and 50 megapixels.",
        },
        "make": {**_TEXT, "maxLength": 64},
        "model": {**_TEXT, "maxLength": 64},
        "plant": {**_TEXT, "maxLength": 100},
        "year_from": {**_YEAR, "description": "The first year that it is genuine for."},
        "year_to": {**_YEAR, "description": "The last one, not before the first."},
        "marking": {"$ref": "#/components/schemas/Shot"},
        "tags": {
            **_TEXT,
            "description": f"Up to {MAX_TAGS}, with commas between, each of up to 40 characters.",
        },
        "note": {**_TEXT, "maxLength": MAX_NOTE},
    },
}


class ExemplarPatch(ApiInput):
    """What is to be different; null, or nothing, leaves it as it is. An empty `note` takes the note away."""

    tags: Tags | None = None
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_NOTE)] | None = None

    def change(self) -> ExemplarChange:
        return ExemplarChange(tags=self.tags, note=self.note)


class PictureOut(ApiOutput):
    """Of the picture that is kept, in pixels; `sha256` is hex, of the file that was uploaded."""

    width: int
    height: int
    sha256: str


class KeptFromOut(ApiOutput):
    """The photo of a case that the picture is."""

    case_id: UUID
    evidence_id: UUID


class ExemplarOut(ApiOutput):
    """A genuine stamping. `retired_at` says since when it is not to be compared with any more.

    `kept_from` is null of one that was uploaded.
    """

    id: UUID
    make: str
    model: str | None
    plant: str | None
    year_from: int | None
    year_to: int | None
    marking: Shot
    tags: list[str]
    note: str | None
    author: ExpertRef
    added_at: datetime
    retired_at: datetime | None
    picture: PictureOut
    kept_from: KeptFromOut | None

    @classmethod
    def of(cls, exemplar: Exemplar, names: Mapping[UUID, str]) -> "ExemplarOut":
        return cls(
            id=exemplar.id,
            make=exemplar.make,
            model=exemplar.model,
            plant=exemplar.plant,
            year_from=exemplar.year_from,
            year_to=exemplar.year_to,
            marking=Shot(exemplar.marking),
            tags=list(exemplar.tags),
            note=exemplar.note,
            author=ExpertRef(expert_id=exemplar.author_id, display_name=names[exemplar.author_id]),
            added_at=exemplar.added_at,
            retired_at=exemplar.retired_at,
            picture=PictureOut(width=exemplar.width, height=exemplar.height, sha256=exemplar.sha256),
            kept_from=_kept_from(exemplar),
        )


def _kept_from(exemplar: Exemplar) -> KeptFromOut | None:
    if exemplar.from_case_id is None or exemplar.from_evidence_id is None:
        return None
    return KeptFromOut(case_id=exemplar.from_case_id, evidence_id=exemplar.from_evidence_id)
