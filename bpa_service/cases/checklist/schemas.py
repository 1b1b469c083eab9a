"""The checklist as the API speaks of it."""

from datetime import datetime
from uuid import UUID

from bpa_service.cases.checklist.models import CheckOutcome, CheckResult
from bpa_service.cases.core.schemas import Names, maybe_ref
from bpa_service.playbook.models import Check
from service_kit.http.schemas import ApiInput, ApiOutput
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.words import Shot


class CheckResultIn(ApiInput):
    outcome: CheckOutcome


class CheckResultOut(ApiOutput):
    """A check that the case is asked; `outcome` is null while it is open."""

    check_id: UUID
    shot: Shot | None
    text: str
    text_en: str | None = None
    required: bool
    outcome: CheckOutcome | None
    author: ExpertRef | None
    recorded_at: datetime | None

    @classmethod
    def of(cls, check: Check, result: CheckResult | None, names: Names) -> "CheckResultOut":
        return cls(
            check_id=check.id,
            shot=Shot(check.shot) if check.shot else None,
            text=check.text,
            text_en=check.text_en,
            required=check.required,
            outcome=result and result.outcome,
            author=maybe_ref(result and result.author_id, names),
            recorded_at=result and result.recorded_at,
        )
