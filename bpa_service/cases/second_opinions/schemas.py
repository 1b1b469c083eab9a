"""Second opinions as the API speaks of them."""

from datetime import datetime
from uuid import UUID

from bpa_service.cases.core.schemas import Names, maybe_ref, ref
from bpa_service.cases.second_opinions.models import SecondOpinion
from service_kit.http.schemas import ApiInput, ApiOutput, LongText
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.words import Verdict


class SecondOpinionIn(ApiInput):
    question: LongText


class SecondOpinionAnswer(ApiInput):
    verdict: Verdict
    text: LongText


class SecondOpinionOut(ApiOutput):
    """What a second expert was asked, and said. Open while it is neither answered nor withdrawn."""

    second_opinion_id: UUID
    question: str
    asked_by: ExpertRef
    asked_at: datetime
    verdict: Verdict | None
    text: str | None
    answered_by: ExpertRef | None
    answered_at: datetime | None
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, opinion: SecondOpinion, names: Names) -> "SecondOpinionOut":
        return cls(
            second_opinion_id=opinion.id,
            question=opinion.question,
            asked_by=ref(opinion.asked_by, names),
            asked_at=opinion.asked_at,
            verdict=opinion.verdict,
            text=opinion.text,
            answered_by=maybe_ref(opinion.answered_by, names),
            answered_at=opinion.answered_at,
            withdrawn_at=opinion.withdrawn_at,
        )
