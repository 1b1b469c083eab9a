"""What a partner's server is told, version 1: thin notices with ids, states and where to fetch the rest.

Nothing in them is about a person, and the largest is far below `MOST_BYTES`. What is here gets optional fields
only; whatever else would change is a new `version`, beside this one.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal
from uuid import UUID

from shared_schemas import clock as arithmetic
from shared_schemas.base import Contract, UtcDatetime
from shared_schemas.clock import Clock, PauseCause
from shared_schemas.words import InspectionState, Verdict

VERSION: Final = 1
MOST_BYTES: Final = 20_000


class WebhookType(StrEnum):
    """What happened."""

    INSPECTION_SUBMITTED = "inspection.submitted"
    INSPECTION_QUEUED = "inspection.queued"
    INSPECTION_ANSWERED = "inspection.answered"
    INSPECTION_AMENDED = "inspection.amended"
    INSPECTION_ENDED = "inspection.ended"
    INFO_TASK_CREATED = "info_task.created"
    INFO_TASK_CLOSED = "info_task.closed"
    CLOCK_CHANGED = "clock.changed"
    DISPUTE_OPENED = "dispute.opened"
    DISPUTE_CLOSED = "dispute.closed"
    REPORT_READY = "report.ready"
    TEST = "webhook.test"


class ClockState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class ClockSummary(Contract):
    """The ledger of the 20 minutes at the instant `at`, in seconds; `paused_for` says why it stands still.

    `number` counts the clocks of an inspection: a dispute has one of its own. `due_at` is null while it is
    paused, since it moves on.
    """

    number: int
    state: ClockState
    at: UtcDatetime
    started_at: UtcDatetime
    budget_seconds: int
    used_seconds: float
    paused_seconds: float
    remaining_seconds: float
    due_at: UtcDatetime | None
    breached: bool
    paused_for: tuple[PauseCause, ...] = ()

    @classmethod
    def of(cls, clock: Clock, now: datetime) -> "ClockSummary":
        told = arithmetic.reckon(clock, now)
        causes = {pause.cause for pause in clock.open_pauses}
        state = ClockState.PAUSED if causes else ClockState.RUNNING
        if clock.stopped_at is not None:
            state, causes = ClockState.STOPPED, set[PauseCause]()
        return cls(
            number=clock.number,
            state=state,
            at=told.at,
            started_at=clock.started_at,
            budget_seconds=clock.budget_seconds,
            used_seconds=told.used_seconds,
            paused_seconds=told.paused_seconds,
            remaining_seconds=told.remaining_seconds,
            due_at=told.due_at,
            breached=told.breached,
            paused_for=tuple(sorted(causes)),
        )


class Links(Contract):
    """Where to fetch what happened: paths of this API, which a program asks at the address that it knows.

    None of them is a whole address, so that nobody sends a key to wherever a forged notice leads.
    """

    inspection: str
    clock: str
    timeline: str
    info_tasks: str
    reports: str

    @classmethod
    def to(cls, inspection_id: UUID) -> "Links":
        base = f"/api/v1/inspections/{inspection_id}"
        parts = {
            name: f"{base}/{name.replace('_', '-')}" for name in cls.model_fields if name != "inspection"
        }
        return cls(inspection=base, **parts)


class InspectionNotice(Contract):
    """An inspection as it stands now. `sequence` grows with each notice about it; numbers may be left out.

    One that `is_test` was ordered in the sandbox: no person has looked at it.
    """

    inspection_id: UUID
    number: str
    company_id: UUID
    branch_id: UUID | None
    state: InspectionState
    sequence: int
    clock: ClockSummary | None
    links: Links
    is_test: bool = False


class DecisionNotice(InspectionNotice):
    """The same, and which version of the answer says what."""

    decision_version: int
    verdict: Verdict


class InfoTaskState(StrEnum):
    OPEN = "open"
    FULFILLED = "fulfilled"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class InfoTaskNotice(InspectionNotice):
    """The same, and what is asked of the client, or asked no more."""

    info_task_id: UUID
    info_task_state: InfoTaskState


class ClockChange(StrEnum):
    PAUSED = "paused"
    RESUMED = "resumed"
    BREACHED = "breached"


class ClockNotice(InspectionNotice):
    """The same, and what became of the clock."""

    change: ClockChange


class DisputeNotice(InspectionNotice):
    """The same, and which dispute it is about."""

    dispute_id: UUID


class ReportNotice(InspectionNotice):
    """The same, and of which version of the answer there is a report."""

    report_id: UUID
    report_version: int


class TestNotice(Contract):
    """Nothing happened: somebody tries whether notices come."""

    company_id: UUID
    endpoint_id: UUID


Notice = (
    InspectionNotice
    | DecisionNotice
    | InfoTaskNotice
    | ClockNotice
    | DisputeNotice
    | ReportNotice
    | TestNotice
)
NOTICES: Final[Mapping[WebhookType, type[Contract]]] = {
    WebhookType.INSPECTION_SUBMITTED: InspectionNotice,
    WebhookType.INSPECTION_QUEUED: InspectionNotice,
    WebhookType.INSPECTION_ANSWERED: DecisionNotice,
    WebhookType.INSPECTION_AMENDED: DecisionNotice,
    WebhookType.INSPECTION_ENDED: InspectionNotice,
    WebhookType.INFO_TASK_CREATED: InfoTaskNotice,
    WebhookType.INFO_TASK_CLOSED: InfoTaskNotice,
    WebhookType.CLOCK_CHANGED: ClockNotice,
    WebhookType.DISPUTE_OPENED: DisputeNotice,
    WebhookType.DISPUTE_CLOSED: DisputeNotice,
    WebhookType.REPORT_READY: ReportNotice,
    WebhookType.TEST: TestNotice,
}
"""What the `data` of each type is."""

ABOUT: Final[Mapping[WebhookType, str]] = {
    WebhookType.INSPECTION_SUBMITTED: "An inspection was sent to the experts.",
    WebhookType.INSPECTION_QUEUED: "The experts have it, and the clock runs.",
    WebhookType.INSPECTION_ANSWERED: "There is an answer; `report.ready` follows within moments.",
    WebhookType.INSPECTION_AMENDED: "There is a newer version of the answer.",
    WebhookType.INSPECTION_ENDED: "It is over: closed, cancelled, or without an answer; `state` says which.",
    WebhookType.INFO_TASK_CREATED: "The experts ask for something.",
    WebhookType.INFO_TASK_CLOSED: "What they asked for is there, was refused, or is not needed any more.",
    WebhookType.CLOCK_CHANGED: "The clock stands still, goes on, or has run out.",
    WebhookType.DISPUTE_OPENED: "Somebody of the company disputes the answer.",
    WebhookType.DISPUTE_CLOSED: "A dispute ended without another answer: the last one stands.",
    WebhookType.REPORT_READY: "The report of an answer, or of a newer version of it, can be fetched.",
    WebhookType.TEST: "A test that somebody of the company asked for.",
}


class Webhook(Contract):
    """The body of a request. `id` is the `webhook-id`: the same however often the notice is sent."""

    id: UUID
    type: WebhookType
    version: Literal[1] = VERSION
    timestamp: UtcDatetime
    data: Notice
