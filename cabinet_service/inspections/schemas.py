"""Bodies of the inspections' API."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    PlainSerializer,
    StringConstraints,
)

from cabinet_service.inspections.domain import Act, Kind, Missing, Role, TaskState
from cabinet_service.inspections.identifiers import Severity
from cabinet_service.photos.intake import MediaType
from cabinet_service.photos.limits import MAX_FILE_BYTES
from cabinet_service.photos.schemas import EvidenceOut
from service_kit.http.schemas import ApiInput, ApiOutput, Instant, LongText, ShortText
from shared_schemas.clock import Clock, Reckoning
from shared_schemas.events.bpa_v1 import ExpertRef, FindingView
from shared_schemas.evidence import PlaceOnEvidence
from shared_schemas.ledger import ClockLine
from shared_schemas.vin import Confidence, Region
from shared_schemas.words import DeclineReason, IdentifierKind, InspectionState, Shot, Verdict

MAX_IDS: Final = 60


def _nothing_for_empty(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _with_scheme(value: object) -> object:
    """People paste `avito.ru/…` as their browser shows it."""
    if isinstance(value, str) and value.strip() and "://" not in value:
        return f"https://{value.strip()}"
    return value


Typed = Annotated[
    Annotated[str, Field(max_length=200)] | None,
    BeforeValidator(_nothing_for_empty),
    Field(description="Kept as typed, whatever it is: a draft may hold what cannot be sent."),
]
Name = Annotated[ShortText | None, BeforeValidator(_nothing_for_empty)]
Link = Annotated[HttpUrl, PlainSerializer(str)]
Worry = Annotated[LongText | None, BeforeValidator(_nothing_for_empty)]
Reason = Annotated[
    Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] | None,
    BeforeValidator(_nothing_for_empty),
]


class ClaimIn(ApiInput):
    """What the client says the car is. In a PATCH, what is left out stays; null takes it away."""

    identifier: Typed = None
    identifier_kind: IdentifierKind | None = None
    plate: Typed = None
    make: Name = None
    model: Name = None
    year: Annotated[int, Field(ge=1886, le=2100)] | None = None
    mileage_km: Annotated[int, Field(ge=0, le=5_000_000)] | None = None
    advert_url: Annotated[Link | None, BeforeValidator(_with_scheme), BeforeValidator(_nothing_for_empty)] = (
        None
    )


class NewInspection(ApiInput):
    claim: ClaimIn = ClaimIn()
    worry: Worry = None
    company_id: UUID | None = None
    branch_id: UUID | None = None


class InspectionPatch(ApiInput):
    claim: ClaimIn | None = None
    worry: Worry = None


class MessageIn(ApiInput):
    text: LongText


class Fulfilment(ApiInput):
    """Photos of this inspection by their ids, an answer, or both."""

    evidence_ids: Annotated[tuple[UUID, ...], Field(max_length=MAX_IDS)] = ()
    answer: Annotated[LongText | None, BeforeValidator(_nothing_for_empty)] = None


class Refusal(ApiInput):
    reason: DeclineReason
    note: Reason = None


class Cancellation(ApiInput):
    reason: Reason = None


class DisputeIn(ApiInput):
    reason: LongText


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


class FromDomain(ApiOutput):
    """Read from the attributes of a domain object with the same names."""

    model_config = ConfigDict(from_attributes=True)


class ChangeOut(FromDomain):
    """The character at `position` (from 1) was typed as `typed`."""

    position: int
    typed: str
    became: str


class IssueOut(FromDomain):
    """Something about the number. An `error` keeps it from being sent, an `info` does not."""

    code: str
    severity: Severity
    positions: tuple[int, ...]
    params: Mapping[str, int | str]


class CheckDigitOut(FromDomain):
    found: str
    computed: str
    fits: bool
    mandatory: bool


class ModelYearOut(FromDomain):
    year: int
    position: int
    confidence: Confidence


class VinFactsOut(FromDomain):
    """What a VIN says of itself: information, no proof."""

    maker: str
    region: Region
    check_digit: CheckDigitOut
    model_years: tuple[ModelYearOut, ...]


class ReadingOut(FromDomain):
    """How a typed number was read: `value` is compared, `display` is shown, `changes` says what was repaired."""

    kind: IdentifierKind
    value: str
    display: str
    ok: bool
    changes: tuple[ChangeOut, ...]
    issues: tuple[IssueOut, ...]
    vin_facts: VinFactsOut | None


class ClaimOut(ApiOutput):
    """The claim as it was typed, and how its numbers are read."""

    identifier: str | None
    identifier_kind: IdentifierKind | None
    plate: str | None
    make: str | None
    model: str | None
    year: int | None
    mileage_km: int | None
    advert_url: str | None
    identifier_reading: ReadingOut | None
    plate_reading: ReadingOut | None


class InfoTaskOut(ApiOutput):
    """Something the experts ask. Blocking: their clock stands still while they wait for it."""

    id: UUID
    shot: Shot | None
    question: str
    place: PlaceOnEvidence | None
    blocking: bool
    asked_by: ExpertRef
    created_at: datetime
    state: TaskState
    ended_at: datetime | None
    evidence_ids: tuple[UUID, ...]
    answer: str | None
    decline_reason: DeclineReason | None
    decline_note: str | None


class DecisionOut(ApiOutput):
    """A version of the answer. A preliminary one is a first word; the experts go on."""

    version: int
    preliminary: bool
    verdict: Verdict
    summary: str
    advice: str | None
    findings: tuple[FindingView, ...]
    not_covered: tuple[str, ...]
    expert: ExpertRef
    decided_at: datetime


class DisputeOut(ApiOutput):
    id: UUID
    decision_version: int
    reason: str
    opened_at: datetime
    settled_at: datetime | None


class EndingOut(ApiOutput):
    """Why there is no answer: what the experts say, or the client's own reason for cancelling."""

    reason: str | None
    note: str | None


class InspectionRow(ApiOutput):
    """An inspection in a list. `due_at` is null while the clock does not run."""

    id: UUID
    number: str
    state: InspectionState
    company_id: UUID | None
    branch_id: UUID | None
    identifier: str | None
    plate: str | None
    make: str | None
    model: str | None
    year: int | None
    verdict: Verdict | None
    open_tasks: int
    due_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None


class InspectionOut(ApiOutput):
    """Everything about an inspection but its messages and its timeline.

    `missing` says what keeps a draft from being sent, `acts` what the client may do now. `due_at` is when the
    answer is due; null while the clock does not run.
    """

    id: UUID
    number: str
    state: InspectionState
    company_id: UUID | None
    branch_id: UUID | None
    claim: ClaimOut
    worry: str | None
    evidence: list[EvidenceOut]
    info_tasks: list[InfoTaskOut]
    decision: DecisionOut | None
    clock: Clock | None
    due_at: datetime | None
    expert: ExpertRef | None
    disputes: list[DisputeOut]
    ending: EndingOut | None
    missing: list[Missing]
    acts: list[Act]
    version: int
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None
    ended_at: datetime | None


class MessageOut(ApiOutput):
    id: UUID
    author: Role
    author_id: UUID
    author_name: str | None
    text: str
    posted_at: datetime


class ClockOut(ApiOutput):
    """One clock, what it says now, and the account that adds up to it."""

    clock: Clock
    reckoning: Reckoning
    used_seconds: int
    paused_seconds: int
    lines: list[ClockLine]


class TimelineEntryOut(ApiOutput):
    """`who` is `client`, `system`, or the name of an expert."""

    id: UUID
    at: datetime
    kind: Kind
    role: Role
    who: str
    actor_id: UUID | None
    data: dict[str, Any]


class NumberIn(ApiInput):
    """A number of a car as it was typed; without a kind it is read as what it looks like."""

    text: Annotated[str, Field(max_length=200)]
    kind: IdentifierKind | None = None


class CapturePlanOut(ApiOutput):
    """Which photos are asked for where the car is known by a number of this kind.

    Of `one_of` at least one is needed, the most telling first; `suggested` ones help the experts.
    """

    kind: IdentifierKind
    one_of: list[Shot]
    suggested: list[Shot]
