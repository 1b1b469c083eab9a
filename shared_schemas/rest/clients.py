"""What bpa holds of a client, for the client to take along. What experts write among themselves is not in it."""

from typing import Literal
from uuid import UUID

from shared_schemas.base import Contract, UtcDatetime
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.evidence import AnsweredShot, EvidenceRef
from shared_schemas.words import AnswerProved, Deal, DeclineDetail, DeclineReason, InspectionState


class ClientMessage(Contract):
    """A word between the client and the experts."""

    side: Literal["client", "expert"]
    text: str
    posted_at: UtcDatetime


class ClientTask(Contract):
    """Something that was asked of the client, and what they said."""

    question: str
    asked_at: UtcDatetime
    answer: str | None
    decline_reason: DeclineReason | None
    decline_note: str | None
    ended_at: UtcDatetime | None
    decline_detail: DeclineDetail | None = None


class ClientDispute(Contract):
    """An answer that the client did not accept."""

    reason: str
    opened_at: UtcDatetime


class ClientRating(Contract):
    """What the client thinks of a version of the answer."""

    decision_version: int
    stars: int
    words: str | None
    rated_at: UtcDatetime


class ClientOutcome(Contract):
    """What came of it, as the client says."""

    decision_version: int
    deal: Deal
    proved: AnswerProved
    words: str | None
    reported_at: UtcDatetime


class ClientCase(Contract):
    """The client's part of a case."""

    inspection_id: UUID
    number: str
    state: InspectionState
    claim: VehicleClaim
    worry: str | None
    submitted_at: UtcDatetime
    opened_at: UtcDatetime
    ended_at: UtcDatetime | None
    evidence: tuple[EvidenceRef, ...]
    messages: tuple[ClientMessage, ...]
    info_tasks: tuple[ClientTask, ...]
    disputes: tuple[ClientDispute, ...]
    shot_answers: tuple[AnsweredShot, ...] = ()
    ratings: tuple[ClientRating, ...] = ()
    outcome: ClientOutcome | None = None


class ClientData(Contract):
    """A page of what a client ordered in their own name; `next_page` is None on the last one."""

    cases: tuple[ClientCase, ...]
    next_page: str | None = None
