"""A verdict as far as it is written, as the API speaks of it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from bpa_service.cases.core.schemas import Names, ref
from bpa_service.cases.deciding.schemas import MAX_LEFT_OUT
from bpa_service.cases.drafting.models import SavedDraft
from service_kit.http.schemas import ApiInput, ApiOutput
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.words import Verdict

UnfinishedText = Annotated[str, StringConstraints(max_length=20_000)]


class UnfinishedReason(ApiInput):
    """Why a finding is left out, as far as that is written."""

    finding_id: UUID
    reason: Annotated[str, StringConstraints(max_length=2000)]


class WritingIn(ApiInput):
    """A verdict as far as it is written. `not_covered` has one thing a line; `without` are findings left out,
    `left_out` says why they are, and `reason` why an answer changes. `ordered` are findings in the order in which
    they are to be told; those that are not in it follow.

    `amends` is the version of the answer that it is to replace; null, or nothing: there is none yet.
    """

    verdict: Verdict | None = None
    summary: UnfinishedText = ""
    advice: UnfinishedText = ""
    not_covered: UnfinishedText = ""
    without: Annotated[tuple[UUID, ...], Field(max_length=MAX_LEFT_OUT)] = ()
    ordered: Annotated[tuple[UUID, ...], Field(max_length=MAX_LEFT_OUT)] = ()
    left_out: Annotated[tuple[UnfinishedReason, ...], Field(max_length=MAX_LEFT_OUT)] = ()
    reason: UnfinishedText = ""
    amends: int | None = None


class UnfinishedReasonOut(ApiOutput):
    """Why a finding is left out, as far as that is written."""

    finding_id: UUID
    reason: str


class WritingOut(ApiOutput):
    """The verdict as far as somebody has written it."""

    verdict: Verdict | None
    summary: str
    advice: str
    not_covered: str
    without: list[UUID]
    ordered: list[UUID]
    left_out: list[UnfinishedReasonOut]
    reason: str
    author: ExpertRef
    saved_at: datetime

    @classmethod
    def of(cls, draft: SavedDraft, names: Names) -> "WritingOut":
        return cls(
            verdict=draft.verdict,
            summary=draft.summary,
            advice=draft.advice,
            not_covered=draft.not_covered,
            without=draft.without,
            ordered=draft.ordered,
            left_out=[
                UnfinishedReasonOut(finding_id=UUID(finding_id), reason=reason)
                for finding_id, reason in draft.reasons.items()
            ],
            reason=draft.reason,
            author=ref(draft.author_id, names),
            saved_at=draft.saved_at,
        )


class Saved(ApiOutput):
    """That it is kept, and since when."""

    saved_at: datetime
