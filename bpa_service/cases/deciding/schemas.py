"""Decisions as the API speaks of them."""

from datetime import datetime
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from bpa_service.cases.core.schemas import MediumText, Names, ref
from bpa_service.cases.deciding.left_out import LeftOut
from bpa_service.cases.deciding.models import Decision, DecisionKind
from bpa_service.cases.holding.schemas import LeaseOut
from service_kit.http.schemas import ApiInput, ApiOutput, LongText, ShortText
from shared_schemas.events.bpa_v1 import ExpertRef, FindingView
from shared_schemas.words import Verdict

MAX_FINDINGS: Final = 50
MAX_LEFT_OUT: Final = 200
MAX_NOT_COVERED: Final = 50


class LeftOutIn(ApiInput):
    """A finding that the answer does not rest on, and why it does not."""

    finding_id: UUID
    reason: MediumText


class DraftIn(ApiInput):
    """`finding_ids` are the findings it rests on, `not_covered` what could not be checked.

    Each finding of the case that a final answer does not rest on is in `left_out`, with a reason.
    """

    verdict: Verdict
    summary: LongText
    advice: LongText | None = None
    finding_ids: Annotated[tuple[UUID, ...], Field(max_length=MAX_FINDINGS)] = ()
    not_covered: Annotated[tuple[ShortText, ...], Field(max_length=MAX_NOT_COVERED)] = ()
    left_out: Annotated[tuple[LeftOutIn, ...], Field(max_length=MAX_LEFT_OUT)] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if {one.finding_id for one in self.left_out} & set(self.finding_ids):
            raise ValueError("a finding is either one that the answer rests on, or left out")
        return self

    @property
    def reasons(self) -> dict[UUID, str]:
        """Why each finding that is left out is so, by its id."""
        return {one.finding_id: one.reason for one in self.left_out}


class DecisionIn(DraftIn):
    """A preliminary one is a first word: the work goes on.

    With `take_next` the answer is given and the next case taken, both or neither; null, or nothing, takes none.
    """

    preliminary: bool = False
    take_next: bool | None = None

    @model_validator(mode="after")
    def _goes_on_with_one(self) -> Self:
        if self.preliminary and self.take_next:
            raise ValueError("after a first word the work on the case goes on: no other is taken")
        return self


class AmendmentIn(DraftIn):
    """A new version of the answer, and why there is one. An amendment is never preliminary."""

    reason: LongText
    preliminary: Literal[False] = False


class DecisionOut(ApiOutput):
    """A version of the answer, with its findings as they were then; `reason` is why it was amended.

    `left_out` are the findings of the case that it does not rest on; the client does not see them.
    """

    version: int
    kind: DecisionKind
    verdict: Verdict
    summary: str
    advice: str | None
    findings: list[FindingView]
    left_out: list[LeftOut]
    not_covered: list[str]
    reason: str | None
    expert: ExpertRef
    decided_at: datetime

    @classmethod
    def of(cls, decision: Decision, names: Names) -> "DecisionOut":
        return cls(
            version=decision.version,
            kind=decision.kind,
            verdict=decision.verdict,
            summary=decision.summary,
            advice=decision.advice,
            findings=[FindingView.model_validate(frozen) for frozen in decision.findings],
            left_out=[LeftOut.model_validate(frozen) for frozen in decision.left_out],
            not_covered=decision.not_covered,
            reason=decision.reason,
            expert=ref(decision.author_id, names),
            decided_at=decision.decided_at,
        )


class GivenOut(DecisionOut):
    """The decision that was given. `next` is the case that one has in hand now; null where none was asked for,
    or there is none to take.
    """

    next: LeaseOut | None = None
