"""What cabinet tells bpa."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from shared_schemas.base import Contract, UtcDatetime
from shared_schemas.envelope import HistoryEvent, InspectionEvent
from shared_schemas.evidence import AnsweredShot, EvidenceRef
from shared_schemas.personal import PERSONAL
from shared_schemas.words import AnswerProved, Deal, DeclineDetail, DeclineReason, IdentifierKind


class VehicleClaim(Contract):
    """What the client says the car is. Nothing in it has been checked.

    `as_seen` is whether the number breaks the rules of its kind, and is sent because it stands so on the car.
    """

    identifier_kind: IdentifierKind
    identifier: Annotated[str, PERSONAL]
    as_seen: bool = False
    plate: Annotated[str | None, PERSONAL] = None
    make: Annotated[str | None, PERSONAL] = None
    model: Annotated[str | None, PERSONAL] = None
    year: Annotated[int | None, PERSONAL] = None
    mileage_km: Annotated[int | None, PERSONAL] = None
    advert_url: Annotated[str | None, PERSONAL] = None


class ClientRef(Contract):
    """Who ordered. No contact details: bpa never needs them."""

    account_id: Annotated[UUID, PERSONAL]
    language: str
    company_id: UUID | None = None
    branch_id: UUID | None = None


class InspectionSubmittedV1(InspectionEvent):
    """The minimum evidence is there: the clock starts at `submitted_at`.

    One that `is_test` was ordered in a sandbox, and is for nobody but a sandbox.
    """

    TYPE = "inspection.submitted"
    number: str
    client: ClientRef
    claim: VehicleClaim
    worry: Annotated[str | None, PERSONAL]
    evidence: tuple[EvidenceRef, ...]
    submitted_at: UtcDatetime
    shot_answers: Annotated[tuple[AnsweredShot, ...], PERSONAL] = ()
    is_test: bool = False


class InspectionEvidenceAddedV1(InspectionEvent):
    """A photo came after the submit, for an info task or of the client's own accord."""

    TYPE = "inspection.evidence_added"
    evidence: EvidenceRef


class InspectionOriginalReceivedV1(InspectionEvent):
    """The original of a photo is held, of which only a copy was there: nothing of it is awaited any more."""

    TYPE = "inspection.original_received"
    evidence: EvidenceRef
    received_at: UtcDatetime


class InspectionMessagePostedV1(InspectionEvent):
    """The client wrote to the experts."""

    TYPE = "inspection.message_posted"
    message_id: UUID
    text: Annotated[str, PERSONAL]
    posted_at: UtcDatetime


class InspectionCancelledV1(InspectionEvent):
    """The client no longer wants an answer: none had reached them."""

    TYPE = "inspection.cancelled"
    reason: Annotated[str | None, PERSONAL]
    cancelled_at: UtcDatetime


class InfoTaskNotifiedV1(InspectionEvent):
    """The client was told about an info task over a channel that took the message."""

    TYPE = "info_task.notified"
    task_id: UUID
    channel: str
    notified_at: UtcDatetime


class InfoTaskFulfilledV1(InspectionEvent):
    """The client did what was asked; its photos were announced before."""

    TYPE = "info_task.fulfilled"
    task_id: UUID
    evidence_ids: tuple[UUID, ...]
    answer: Annotated[str | None, PERSONAL]
    fulfilled_at: UtcDatetime


class InfoTaskDeclinedV1(InspectionEvent):
    """The client cannot do what was asked, and says why: `detail` is more than `reason` can say."""

    TYPE = "info_task.declined"
    task_id: UUID
    reason: DeclineReason
    note: Annotated[str | None, PERSONAL]
    declined_at: UtcDatetime
    detail: DeclineDetail | None = None


class DisputeOpenedV1(InspectionEvent):
    """The client does not accept the answer, in the version that they had seen (older senders do not say it).

    `finding_ids` are the findings of that version that they doubt, none: all of it; `evidence_ids` are the photos
    that they show for it, announced before.
    """

    TYPE = "dispute.opened"
    dispute_id: UUID
    reason: Annotated[str, PERSONAL]
    opened_at: UtcDatetime
    decision_version: int | None = None
    finding_ids: tuple[UUID, ...] = ()
    evidence_ids: tuple[UUID, ...] = ()


class DisputeWithdrawnV1(InspectionEvent):
    """The client takes their dispute back: the last answer stands again."""

    TYPE = "dispute.withdrawn"
    dispute_id: UUID
    withdrawn_at: UtcDatetime


class InspectionClosedV1(InspectionEvent):
    """The client takes the answer as final: it can no longer be disputed."""

    TYPE = "inspection.closed"
    closed_at: UtcDatetime


class AnswerRatedV1(InspectionEvent):
    """What the client thinks of a version of the answer, or thinks of it by now."""

    TYPE = "answer.rated"
    decision_version: int
    stars: Annotated[int, Field(ge=1, le=5)]
    words: Annotated[str | None, PERSONAL]
    rated_at: UtcDatetime


class OutcomeReportedV1(InspectionEvent):
    """What came of it, as the client says or says by now: what they did, and whether the answer was right."""

    TYPE = "outcome.reported"
    decision_version: int
    deal: Deal
    proved: AnswerProved
    words: Annotated[str | None, PERSONAL]
    reported_at: UtcDatetime


class InspectionTimeAdvancedV1(InspectionEvent):
    """Of a test, in a sandbox: let its clock have run for `seconds` more, with all that follows from that."""

    TYPE = "inspection.time_advanced"
    seconds: Annotated[int, Field(gt=0)]
    advanced_at: UtcDatetime


class InspectionErasedV1(InspectionEvent):
    """The client's data is erased here, and has to be there. Nothing comes after it."""

    TYPE = "inspection.erased"
    erased_at: UtcDatetime


class HistoryOrderedV1(HistoryEvent):
    """A client asks what sources know of the car with this number; nobody looks at it. `is_test`: to try."""

    TYPE = "history.ordered"
    number: str
    claim: VehicleClaim
    ordered_at: UtcDatetime
    is_test: bool = False


class HistoryErasedV1(HistoryEvent):
    """The client's data is erased here, and has to be there. Nothing comes after it."""

    TYPE = "history.erased"
    erased_at: UtcDatetime


EVENTS: Final = (
    InspectionSubmittedV1,
    InspectionEvidenceAddedV1,
    InspectionOriginalReceivedV1,
    InspectionMessagePostedV1,
    InspectionCancelledV1,
    InfoTaskNotifiedV1,
    InfoTaskFulfilledV1,
    InfoTaskDeclinedV1,
    DisputeOpenedV1,
    DisputeWithdrawnV1,
    InspectionClosedV1,
    AnswerRatedV1,
    OutcomeReportedV1,
    InspectionTimeAdvancedV1,
    InspectionErasedV1,
    HistoryOrderedV1,
    HistoryErasedV1,
)
