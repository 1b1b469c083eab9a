"""Inspections as the API speaks of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from cabinet_service.inspections.answers.schemas import DecisionOut
from cabinet_service.inspections.asking.schemas import InfoTaskOut
from cabinet_service.inspections.core.domain import Act, Kind, Missing, Role
from cabinet_service.inspections.core.models import TimelineEntry
from cabinet_service.inspections.disputes.schemas import DisputeOut
from cabinet_service.inspections.drafting.claims import ClaimOut
from cabinet_service.inspections.ending.schemas import EndingOut
from cabinet_service.photos.schemas import EvidenceOut
from service_kit.http.schemas import ApiOutput
from shared_schemas.clock import Clock
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.evidence import AnsweredShot
from shared_schemas.words import InspectionState, Verdict


class InspectionRow(ApiOutput):
    """An inspection in a list. `due_at` is null while the clock does not run; `is_test`: ordered in a sandbox."""

    id: UUID
    number: str
    state: InspectionState
    is_test: bool
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
    answer is due; null while the clock does not run. One that `is_test` was ordered in a sandbox: no person has
    looked at it.
    """

    id: UUID
    number: str
    state: InspectionState
    is_test: bool
    company_id: UUID | None
    branch_id: UUID | None
    claim: ClaimOut
    worry: str | None
    shot_answers: list[AnsweredShot]
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


class TimelineEntryOut(ApiOutput):
    """`who` is `client`, `system`, or the name of an expert."""

    id: UUID
    at: datetime
    kind: Kind
    role: Role
    who: str
    actor_id: UUID | None
    data: dict[str, Any]

    @classmethod
    def of(cls, entry: TimelineEntry) -> "TimelineEntryOut":
        named = entry.actor_role is Role.EXPERT and entry.actor_name
        return cls(
            id=entry.id,
            at=entry.at,
            kind=entry.kind,
            role=entry.actor_role,
            who=named or entry.actor_role,
            actor_id=entry.actor_id,
            data=entry.data,
        )
