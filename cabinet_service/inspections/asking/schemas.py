"""What the experts ask, as the API speaks of it."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import BeforeValidator, Field

from cabinet_service.inspections.core.domain import TaskState
from cabinet_service.inspections.core.models import InfoTask
from cabinet_service.inspections.core.schemas import Reason, nothing_for_empty
from service_kit.http.schemas import ApiInput, ApiOutput, LongText
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.evidence import PlaceOnEvidence
from shared_schemas.words import DeclineReason, Shot

MAX_IDS: Final = 60


class Fulfilment(ApiInput):
    """Photos of this inspection by their ids, an answer, or both."""

    evidence_ids: Annotated[tuple[UUID, ...], Field(max_length=MAX_IDS)] = ()
    answer: Annotated[LongText | None, BeforeValidator(nothing_for_empty)] = None


class Refusal(ApiInput):
    reason: DeclineReason
    note: Reason = None


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

    @classmethod
    def of(cls, task: InfoTask) -> "InfoTaskOut":
        return cls(
            id=task.id,
            shot=task.shot,
            question=task.question,
            place=None if task.place is None else PlaceOnEvidence.model_validate(task.place),
            blocking=task.blocking,
            asked_by=ExpertRef(expert_id=task.asked_by_id, display_name=task.asked_by_name),
            created_at=task.created_at,
            state=task.state,
            ended_at=task.ended_at,
            evidence_ids=tuple(task.evidence_ids),
            answer=task.answer,
            decline_reason=task.decline_reason,
            decline_note=task.decline_note,
        )
