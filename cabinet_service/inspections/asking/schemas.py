"""What the experts ask, as the API speaks of it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from pydantic import BeforeValidator, Field

from cabinet_service.inspections.core.domain import TaskState
from cabinet_service.inspections.core.models import InfoTask
from cabinet_service.inspections.core.schemas import Reason, nothing_for_empty
from service_kit.http.schemas import ApiInput, ApiOutput, LongText
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.evidence import PlaceOnEvidence
from shared_schemas.words import DeclineDetail, DeclineReason, Shot

MAX_IDS: Final = 60


class Fulfilment(ApiInput):
    """Photos of this inspection by their ids, an answer, or both."""

    evidence_ids: Annotated[tuple[UUID, ...], Field(max_length=MAX_IDS)] = ()
    answer: Annotated[LongText | None, BeforeValidator(nothing_for_empty)] = None


class RefusalReason(StrEnum):
    """Why a client cannot do what is asked: the promised reasons, and those that are told as a detail of one."""

    UNREADABLE = DeclineDetail.UNREADABLE
    NOT_FOUND = DeclineReason.NOT_FOUND
    NO_ACCESS = DeclineReason.NO_ACCESS
    CAR_GONE = DeclineReason.CAR_GONE
    OTHER = DeclineReason.OTHER


class Refusal(ApiInput):
    reason: RefusalReason
    note: Reason = None

    def told(self) -> tuple[DeclineReason, DeclineDetail | None]:
        """The reason as it is promised to everybody who is told of it, and what it says beyond that."""
        if self.reason in set(DeclineDetail):
            return DeclineReason.OTHER, DeclineDetail(self.reason)
        return DeclineReason(self.reason), None


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
    decline_detail: DeclineDetail | None = Field(description="Which `other` it is, where the client said so.")
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
            decline_detail=task.decline_detail,
            decline_note=task.decline_note,
        )
