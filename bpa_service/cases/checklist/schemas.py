"""The checklist as the API speaks of it."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import model_validator

from bpa_service.cases.checklist.models import CheckOutcome, CheckResult
from bpa_service.cases.core.schemas import MediumText, Names, maybe_ref
from bpa_service.playbook.models import Check
from service_kit.http.schemas import ApiInput, ApiOutput
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.words import Shot


class CheckResultIn(ApiInput):
    """What came of a check; what is odd may have a reason."""

    outcome: CheckOutcome
    reason: MediumText | None = None

    @model_validator(mode="after")
    def _only_of_what_is_odd(self) -> Self:
        if self.reason is not None and self.outcome is not CheckOutcome.ODD:
            raise ValueError("only what is odd has a reason")
        return self


class RestIn(ApiInput):
    """A photo of which everything that was not said yet is fine."""

    evidence_id: UUID


class ChecksOut(ApiOutput):
    """The checks of which something was said, in the order of the checklist; none where all was said before."""

    check_ids: list[UUID]


class CheckResultOut(ApiOutput):
    """A check that the case is asked; `outcome` is null while it is open. `odd_text` and `odd_text_en` are what a
    finding says where it is odd.
    """

    check_id: UUID
    shot: Shot | None
    text: str
    text_en: str | None = None
    odd_text: str | None = None
    odd_text_en: str | None = None
    required: bool
    outcome: CheckOutcome | None
    reason: str | None = None
    author: ExpertRef | None
    recorded_at: datetime | None

    @classmethod
    def of(cls, check: Check, result: CheckResult | None, names: Names) -> "CheckResultOut":
        return cls(
            check_id=check.id,
            shot=Shot(check.shot) if check.shot else None,
            text=check.text,
            text_en=check.text_en,
            odd_text=check.odd_text,
            odd_text_en=check.odd_text_en,
            required=check.required,
            outcome=result and result.outcome,
            reason=result and result.reason,
            author=maybe_ref(result and result.author_id, names),
            recorded_at=result and result.recorded_at,
        )
