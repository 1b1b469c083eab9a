"""What bpa tells cabinet. Whatever touches the clock carries the whole clock, so that mirrors cannot drift."""

from enum import StrEnum
from typing import Annotated, Final, Literal
from uuid import UUID

from shared_schemas.base import Contract, UtcDatetime
from shared_schemas.clock import Clock
from shared_schemas.envelope import HistoryEvent, InspectionEvent
from shared_schemas.evidence import PlaceOnEvidence
from shared_schemas.personal import PERSONAL
from shared_schemas.words import InspectionState, Shot, Verdict


class ExpertRef(Contract):
    """An expert, as clients know them."""

    expert_id: UUID
    display_name: str


class ReleaseCause(StrEnum):
    """Why a case went back to the queue or to another expert."""

    RELEASED = "released"
    LEASE_LOST = "lease_lost"
    REASSIGNED = "reassigned"


class FindingSeverity(StrEnum):
    """How much a finding weighs."""

    CONTRADICTION = "contradiction"
    ANOMALY = "anomaly"
    UNUSUAL = "unusual"
    CONFIRMED = "confirmed"


class FindingView(Contract):
    """A finding as the client sees it, with the evidence that it rests on.

    With an `explanation` it is so, but innocently: a legal re-marking, say. Then it speaks against nothing.
    `text` is the fact; `meaning` is what it means for who buys or sells the car, and `to_do` what to do about it,
    where the expert has put that into words of their own.
    """

    finding_id: UUID
    severity: FindingSeverity
    text: Annotated[str, PERSONAL]
    places: tuple[PlaceOnEvidence, ...]
    record_ref: Annotated[str | None, PERSONAL] = None
    rule_ref: str | None = None
    explanation: Annotated[str | None, PERSONAL] = None
    meaning: Annotated[str | None, PERSONAL] = None
    to_do: Annotated[str | None, PERSONAL] = None


class DecisionView(Contract):
    """A version of the answer. `not_covered` names what could not be checked: silence is never "clean".

    `reason` is why it replaces an earlier one.
    """

    version: int
    verdict: Verdict
    summary: Annotated[str, PERSONAL]
    advice: Annotated[str | None, PERSONAL]
    findings: tuple[FindingView, ...]
    not_covered: Annotated[tuple[str, ...], PERSONAL]
    expert: ExpertRef
    decided_at: UtcDatetime
    reason: Annotated[str | None, PERSONAL] = None


class CaseQueuedV1(InspectionEvent):
    """The experts have it. Sent once, when the case is opened, and again when a dispute reopens it."""

    TYPE = "case.queued"
    clock: Clock
    state: Literal[InspectionState.QUEUED, InspectionState.DISPUTED]


class CaseClaimedV1(InspectionEvent):
    """An expert works on it. Who takes over while the client or a second expert is awaited awaits them too.

    `usual_seconds` is within how long of work nine of the latest ten answers came; None with too few to tell.
    """

    TYPE = "case.claimed"
    expert: ExpertRef
    claimed_at: UtcDatetime
    state: InspectionState
    usual_seconds: int | None = None


class CaseReleasedV1(InspectionEvent):
    """The expert no longer holds it; `state` is where that leaves the case."""

    TYPE = "case.released"
    cause: ReleaseCause
    released_at: UtcDatetime
    state: InspectionState


class CaseMessagePostedV1(InspectionEvent):
    """An expert wrote to the client."""

    TYPE = "case.message_posted"
    message_id: UUID
    author: ExpertRef
    text: Annotated[str, PERSONAL]
    posted_at: UtcDatetime


class CaseUnprocessableV1(InspectionEvent):
    """No answer is possible: it cannot be worked on, or the client did not reply for too long."""

    TYPE = "case.unprocessable"
    state: Literal[InspectionState.UNPROCESSABLE, InspectionState.EXPIRED]
    reason: Annotated[str, PERSONAL]
    note: Annotated[str | None, PERSONAL]
    clock: Clock
    ended_at: UtcDatetime


class SecondOpinionRequestedV1(InspectionEvent):
    """A second expert is asked; the clock runs on. `state` is where that leaves the case."""

    TYPE = "case.second_opinion_requested"
    requested_at: UtcDatetime
    state: InspectionState


class SecondOpinionGivenV1(InspectionEvent):
    """The second expert has spoken, or the request was withdrawn; `state` is where that leaves the case."""

    TYPE = "case.second_opinion_given"
    given_at: UtcDatetime
    state: InspectionState


class CaseDisputeWithdrawnV1(InspectionEvent):
    """The client took the dispute back, as bpa has heard: the last answer stands, the clock is stopped."""

    TYPE = "case.dispute_withdrawn"
    clock: Clock
    state: Literal[InspectionState.ANSWERED]
    settled_at: UtcDatetime


class CaseDisputeGivenUpV1(InspectionEvent):
    """The dispute gets no new answer: it could not be looked at, or the client did not reply for too long.

    The last answer stands again, the clock is stopped. `dispute_ids` are those that this ends.
    """

    TYPE = "case.dispute_given_up"
    cause: Literal[InspectionState.UNPROCESSABLE, InspectionState.EXPIRED]
    dispute_ids: tuple[UUID, ...]
    reason: Annotated[str, PERSONAL]
    note: Annotated[str | None, PERSONAL]
    clock: Clock
    state: Literal[InspectionState.ANSWERED]
    settled_at: UtcDatetime


class CaseErasedV1(InspectionEvent):
    """Nothing of the client's is left on the experts' side, nor found there. Nothing comes after it."""

    TYPE = "case.erased"
    erased_at: UtcDatetime


class InfoTaskCreatedV1(InspectionEvent):
    """Something is asked of the client: a photo of `shot`, an answer to `question`, or both."""

    TYPE = "info_task.created"
    task_id: UUID
    shot: Shot | None
    question: Annotated[str, PERSONAL]
    place: PlaceOnEvidence | None
    blocking: bool
    asked_by: ExpertRef
    created_at: UtcDatetime


class InfoTaskWithdrawnV1(InspectionEvent):
    """It is no longer asked."""

    TYPE = "info_task.withdrawn"
    task_id: UUID
    withdrawn_at: UtcDatetime


class ClockPausedV1(InspectionEvent):
    """The clock stands still. `state` is what the inspection is in meanwhile."""

    TYPE = "clock.paused"
    clock: Clock
    state: InspectionState


class ClockResumedV1(InspectionEvent):
    """A pause ended. The clock runs again unless another pause is still open."""

    TYPE = "clock.resumed"
    clock: Clock
    state: InspectionState


class ClockMovedV1(InspectionEvent):
    """Of a test, in a sandbox: its client let time pass. What that brings about is told as ever, after this."""

    TYPE = "clock.moved"
    clock: Clock


class SlaAtRiskV1(InspectionEvent):
    """`percent` (50, 75 or 90) of the budget is used."""

    TYPE = "sla.at_risk"
    clock_number: int
    percent: int
    reached_at: UtcDatetime


class SlaBreachedV1(InspectionEvent):
    """The whole budget is used and there is no answer yet."""

    TYPE = "sla.breached"
    clock_number: int
    breached_at: UtcDatetime


class DecisionPreliminaryV1(InspectionEvent):
    """A first word, e.g. "do not pay a deposit yet". The clock runs on."""

    TYPE = "decision.preliminary"
    decision: DecisionView


class DecisionIssuedV1(InspectionEvent):
    """The answer."""

    TYPE = "decision.issued"
    decision: DecisionView
    clock: Clock


class DecisionAmendedV1(InspectionEvent):
    """A new version of the answer, after a dispute or by a senior who is not the author."""

    TYPE = "decision.amended"
    decision: DecisionView
    clock: Clock


class ReportReadyV1(InspectionEvent):
    """There is a report of this version of the answer. It is fetched (`/internal/v1/reports`): it may be large.

    `sha256` is the digest of its content, in hex.
    """

    TYPE = "report.ready"
    report_id: UUID
    version: int
    sha256: str
    made_at: UtcDatetime


class HistoryReadyV1(HistoryEvent):
    """There is the report of what sources know. It is fetched (`/internal/v1/histories`): it may be large.

    `sha256` is the digest of its content, in hex.
    """

    TYPE = "history.ready"
    report_id: UUID
    sha256: str
    made_at: UtcDatetime


class HistoryForgottenV1(HistoryEvent):
    """What was asked and answered for this order is erased here, as it is there. Nothing comes after it."""

    TYPE = "history.forgotten"
    forgotten_at: UtcDatetime


EVENTS: Final = (
    CaseQueuedV1,
    CaseClaimedV1,
    CaseReleasedV1,
    CaseMessagePostedV1,
    CaseUnprocessableV1,
    SecondOpinionRequestedV1,
    SecondOpinionGivenV1,
    CaseDisputeWithdrawnV1,
    CaseDisputeGivenUpV1,
    CaseErasedV1,
    InfoTaskCreatedV1,
    InfoTaskWithdrawnV1,
    ClockPausedV1,
    ClockResumedV1,
    ClockMovedV1,
    SlaAtRiskV1,
    SlaBreachedV1,
    DecisionPreliminaryV1,
    DecisionIssuedV1,
    DecisionAmendedV1,
    ReportReadyV1,
    HistoryReadyV1,
    HistoryForgottenV1,
)
