"""Sources and imports as the API speaks of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import StringConstraints, field_validator

from bpa_service.vehicles.importing.models import ImportRun
from bpa_service.vehicles.importing.queries import Standing
from bpa_service.vehicles.importing.states import CameBy, ImportState
from bpa_service.vehicles.mappings.answers import kinds_of
from bpa_service.vehicles.mappings.spec import Mapping as SourceMapping
from bpa_service.vehicles.records.record import IDENTIFIERS, IdentifierName
from bpa_service.vehicles.records.rejects import MOST_REJECTS_KEPT, Tally
from service_kit.http.schemas import ApiInput, ApiOutput, Instant
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.records import Kind

FileName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class UploadFields(ApiInput):
    """The fields that come with a file."""

    as_of: Instant
    name: FileName

    @field_validator("name")
    @classmethod
    def _without_folders(cls, value: str) -> str:
        """What it is called, whatever folder somebody has it in."""
        return value.replace("\\", "/").rpartition("/")[2] or "file"


FORM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["file", "as_of", "name"],
    "properties": {
        "file": {
            "type": "string",
            "format": "binary",
            "description": "CSV, JSON, NDJSON, XLSX or Parquet, packed by ZIP or GZIP or not.",
        },
        "as_of": {"type": "string", "format": "date-time", "description": "When it stood so."},
        "name": {"type": "string", "minLength": 1, "maxLength": 200, "description": "What it is called."},
    },
}


class ProgressOut(ApiOutput):
    """How far the reading of a file is. `portion` counts its portions from 1."""

    portion: int
    bytes_read: int
    """Of `size_bytes`, as the file lies on the disk."""


class TallyOut(ApiOutput):
    """What became of the rows: `rows` is always `records` + `duplicates` + all that is in `rejected`."""

    rows: int
    records: int
    duplicates: int
    """The same row once more, near the first."""
    rejected: dict[str, int]
    """How many by their reason."""
    marks: dict[str, int]
    """How many records were read with this to note."""
    blank_lines: int
    complete: bool
    """The file was read to its end."""


class StoredOut(ApiOutput):
    """What it came to in the store, in which a record has an entry for each of its identifiers.

    `sent` is `added` + `known`.
    """

    sent: int
    added: int
    known: int
    """The store had it already, and it says the same."""
    withdrawn: int
    """What the source stated before and states no more."""


class ImportOut(ApiOutput):
    """The import of one file. `number` is null until it begins; `started_by` unless somebody sent the file.

    `reason` says why it failed, or what it waits for while it runs. `can_be_undone` of the newest that holds.
    """

    id: UUID
    number: int | None
    source: str
    file: str
    sha256: str
    size_bytes: int | None
    as_of: datetime
    came_by: CameBy
    started_by: ExpertRef | None
    state: ImportState
    reason: str | None
    shows_life: bool
    """It is being worked on this very minute."""
    came_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    progress: ProgressOut
    tally: TallyOut
    stored: StoredOut | None
    """Null unless it was published."""
    rejects_kept: int
    """Rejected rows that can be downloaded."""
    can_be_undone: bool

    @classmethod
    def of(
        cls, run: ImportRun, names: Mapping[UUID, str], *, now: datetime, can_be_undone: bool = False
    ) -> "ImportOut":
        by = run.started_by
        tally = Tally(**run.tally)
        state = ImportState(run.state)
        return cls(
            id=run.id,
            number=run.number if run.started_at else None,
            source=run.source,
            file=run.file,
            sha256=run.sha256,
            size_bytes=run.size,
            as_of=run.as_of,
            came_by=CameBy(run.came_by),
            started_by=ExpertRef(expert_id=by, display_name=names[by]) if by else None,
            state=state,
            reason=run.reason,
            shows_life=state is ImportState.RUNNING and run.alive_until > now,
            came_at=run.came_at,
            started_at=run.started_at,
            ended_at=run.ended_at,
            progress=ProgressOut(portion=run.portion, bytes_read=run.bytes_read),
            tally=_tally(tally),
            stored=_stored(run),
            rejects_kept=0
            if state is ImportState.UNDONE
            else min(sum(tally.rejected.values()), MOST_REJECTS_KEPT),
            can_be_undone=can_be_undone,
        )


def _tally(tally: Tally) -> TallyOut:
    return TallyOut(
        rows=tally.rows,
        records=tally.records,
        duplicates=tally.duplicates,
        rejected=tally.rejected,
        marks=tally.marks,
        blank_lines=tally.blank_lines,
        complete=tally.complete,
    )


def _stored(run: ImportRun) -> StoredOut | None:
    if run.added is None or run.withdrawn is None:
        return None
    return StoredOut(sent=run.sent, added=run.added, known=run.sent - run.added, withdrawn=run.withdrawn)


class AskedOut(ApiOutput):
    """How a source is asked about one vehicle, at a `rate` such as `60/minute`; answers stand `fresh_hours`."""

    takes: list[IdentifierName]
    fresh_hours: float
    rate: str


class RecordSourceOut(ApiOutput):
    """A source of vehicle records. `asked` is null for one that delivers files only.

    `identifiers` are what its records go by; `country` and `language` are empty where it has none.
    """

    name: str
    title: str
    country: str
    language: str
    kinds: list[Kind]
    identifiers: list[IdentifierName]
    delivery: Literal["complete", "changes"]
    """Whether a file is the whole of what it has, so that what is not in it is taken back."""
    asked: AskedOut | None
    last: ImportOut | None
    """The newest import that holds."""
    at_work: ImportOut | None
    """What is being imported or undone."""
    next: ImportOut | None
    """The file that is imported next."""
    waiting: int
    """How many files wait."""

    @classmethod
    def of(
        cls, mapping: SourceMapping, standing: Standing, names: Mapping[UUID, str], *, now: datetime
    ) -> "RecordSourceOut":
        asking = mapping.asking

        def shown(run: ImportRun | None) -> ImportOut | None:
            return ImportOut.of(run, names, now=now) if run else None

        return cls(
            name=mapping.name,
            title=mapping.title,
            country=mapping.country,
            language=mapping.language,
            kinds=list(kinds_of(mapping)),
            identifiers=[name for name in IDENTIFIERS if any(name in one.fields for one in mapping.shape)],
            delivery=mapping.delivery,
            asked=AskedOut(takes=list(asking.takes), fresh_hours=asking.fresh_hours, rate=asking.rate)
            if asking
            else None,
            last=shown(standing.published),
            at_work=shown(standing.at_work),
            next=shown(standing.next),
            waiting=standing.waiting,
        )


class SourceList(ApiOutput):
    """All sources, by name. `can_import` says whether this installation keeps records at all."""

    can_import: bool
    can_send: bool
    """Whether files can be sent here."""
    has_drop_folder: bool
    largest_file_bytes: int
    items: list[RecordSourceOut]
