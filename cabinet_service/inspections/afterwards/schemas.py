"""What is said of an answer, as the API speaks of it."""

from datetime import datetime, timedelta
from typing import Annotated, Final

from pydantic import Field

from cabinet_service.inspections.afterwards.models import Outcome, Rating
from cabinet_service.inspections.core.schemas import Reason
from service_kit.http.schemas import ApiInput, ApiOutput
from shared_schemas.words import AnswerProved, Deal

CHANGEABLE: Final = timedelta(days=7)
"""For so long a rating may be changed."""

Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class RatingIn(ApiInput):
    """What one thinks of the answer, in the version that one has read."""

    version: Version
    stars: Annotated[int, Field(ge=1, le=5)]
    words: Reason = None


class RatingOut(ApiOutput):
    """What the client thinks of a version of the answer. After `changeable_until` it stays as it is."""

    version: int
    stars: int
    words: str | None
    rated_at: datetime
    changeable_until: datetime

    @classmethod
    def of(cls, rating: Rating) -> "RatingOut":
        return cls(
            version=rating.decision_version,
            stars=rating.stars,
            words=rating.words,
            rated_at=rating.rated_at,
            changeable_until=rating.rated_at + CHANGEABLE,
        )


class OutcomeIn(ApiInput):
    """What one did, and whether the answer was right, in the version that one has read.

    An answer that there is not enough to judge by is neither right nor wrong: `proved` says nothing of it then.
    """

    version: Version
    deal: Deal
    proved: AnswerProved = AnswerProved.UNKNOWN
    words: Reason = None


class OutcomeOut(ApiOutput):
    """What came of it, as the client said last."""

    version: int
    deal: Deal
    proved: AnswerProved
    words: str | None
    reported_at: datetime

    @classmethod
    def of(cls, outcome: Outcome | None) -> "OutcomeOut | None":
        """None as long as nothing was reported."""
        if (
            outcome is None
            or outcome.decision_version is None
            or outcome.deal is None
            or outcome.proved is None
            or outcome.reported_at is None
        ):
            return None
        return cls(
            version=outcome.decision_version,
            deal=outcome.deal,
            proved=outcome.proved,
            words=outcome.words,
            reported_at=outcome.reported_at,
        )


class AfterwardsOut(ApiOutput):
    """What was said of the answer: of its newest version, and of what came of it."""

    may_say: bool
    rating: RatingOut | None
    outcome: OutcomeOut | None
