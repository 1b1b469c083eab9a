"""Questions to the client as the API speaks of them."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from bpa_service.cases.asking.models import InfoTask, TaskState
from bpa_service.cases.core.places import PlaceIn
from bpa_service.cases.core.schemas import Names, ref
from service_kit.http.schemas import ApiInput, ApiOutput, LongText
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.evidence import PlaceOnEvidence
from shared_schemas.words import DeclineDetail, DeclineReason, Shot


class InfoTaskIn(ApiInput):
    """Ask for a photo of `shot`, an answer to `question`, or both; `place` is where on an earlier photo."""

    shot: Shot | None = None
    question: LongText
    place: PlaceIn | None = None
    blocking: bool


class InfoTaskOut(ApiOutput):
    """Something asked of the client, and what became of it."""

    task_id: UUID
    state: TaskState
    shot: Shot | None
    question: str
    place: PlaceOnEvidence | None
    blocking: bool
    asked_by: ExpertRef
    asked_at: datetime
    notified_at: datetime | None
    channel: str | None
    ended_at: datetime | None
    evidence_ids: list[UUID]
    answer: str | None
    decline_reason: DeclineReason | None
    decline_detail: DeclineDetail | None = Field(description="Which `other` it is, where the client said so.")
    decline_note: str | None

    @classmethod
    def of(cls, task: InfoTask, names: Names) -> "InfoTaskOut":
        return cls(
            task_id=task.id,
            state=task.state,
            shot=task.shot,
            question=task.question,
            place=PlaceOnEvidence.model_validate(task.place) if task.place else None,
            blocking=task.blocking,
            asked_by=ref(task.asked_by, names),
            asked_at=task.asked_at,
            notified_at=task.notified_at,
            channel=task.channel,
            ended_at=task.ended_at,
            evidence_ids=task.evidence_ids,
            answer=task.answer,
            decline_reason=task.decline_reason,
            decline_detail=task.decline_detail,
            decline_note=task.decline_note,
        )
