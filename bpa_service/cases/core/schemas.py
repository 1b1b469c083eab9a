"""What several slices say of a case and of the people at it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from bpa_service.cases.core import domain
from bpa_service.cases.core.models import Case
from service_kit.http.schemas import ApiOutput
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.words import InspectionState

MediumText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]

Names = Mapping[UUID, str]


def ref(expert_id: UUID, names: Names) -> ExpertRef:
    return ExpertRef(expert_id=expert_id, display_name=names[expert_id])


def maybe_ref(expert_id: UUID | None, names: Names) -> ExpertRef | None:
    return ref(expert_id, names) if expert_id else None


def holder_of(case: Case, name: str | None, now: datetime) -> ExpertRef | None:
    held_by = domain.holder(case.standing, now)
    return ref(held_by, {held_by: name}) if held_by and name else None


class CaseHead(ApiOutput):
    """A case in short."""

    id: UUID
    number: str
    state: InspectionState
    version: int
    submitted_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, case: Case) -> "CaseHead":
        return cls(
            id=case.id,
            number=case.number,
            state=case.state,
            version=case.version,
            submitted_at=case.submitted_at,
            ended_at=case.ended_at,
        )
