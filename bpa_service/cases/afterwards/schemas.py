"""What clients said of their answers, as the API speaks of it."""

from datetime import datetime
from typing import Final

from bpa_service.cases.afterwards.models import Outcome, Rating
from bpa_service.cases.afterwards.queries import Counts
from service_kit.http.schemas import ApiOutput
from shared_schemas.words import AnswerProved, Deal, Verdict

_CONFIRMED: Final = (
    AnswerProved.BY_REGISTRATION,
    AnswerProved.BY_POLICE,
    AnswerProved.BY_SERVICE,
)


class RatingOut(ApiOutput):
    """What the client thinks of a version of the answer."""

    version: int
    stars: int
    words: str | None
    rated_at: datetime

    @classmethod
    def of(cls, rating: Rating) -> "RatingOut":
        return cls(
            version=rating.decision_version,
            stars=rating.stars,
            words=rating.words,
            rated_at=rating.rated_at,
        )


class OutcomeOut(ApiOutput):
    """What came of it, as the client says."""

    version: int
    deal: Deal
    proved: AnswerProved
    words: str | None
    reported_at: datetime

    @classmethod
    def of(cls, outcome: Outcome) -> "OutcomeOut":
        return cls(
            version=outcome.decision_version,
            deal=outcome.deal,
            proved=outcome.proved,
            words=outcome.words,
            reported_at=outcome.reported_at,
        )


class AfterwardsOut(ApiOutput):
    """What the client said of the answer. `ratings` are shown to who leads and to seniors; null for others."""

    ratings: list[RatingOut] | None
    outcome: OutcomeOut | None


_JUDGED: Final = tuple(one for one in Verdict if one is not Verdict.INSUFFICIENT_DATA)


class AccuracyOut(ApiOutput):
    """Of answers with this verdict of which somebody told what came of them, how many proved right or wrong."""

    verdict: Verdict
    reported: int
    confirmed: int
    wrong: int
    unknown: int


class CountsOfWordsOut(ApiOutput):
    """What clients said of answers, in counts. `stars` has five: of one star, of two … `accuracy` is of verdicts
    that prove right or wrong: that there was not enough to judge by does neither.
    """

    ratings: int
    mean_stars: float | None
    stars: list[int]
    deals: dict[Deal, int]
    accuracy: list[AccuracyOut]

    @classmethod
    def of(cls, counts: Counts) -> "CountsOfWordsOut":
        stars = [counts.stars.get(number, 0) for number in range(1, 6)]
        ratings = sum(stars)
        total = sum(number * count for number, count in enumerate(stars, start=1))
        return cls(
            ratings=ratings,
            mean_stars=round(total / ratings, 2) if ratings else None,
            stars=stars,
            deals={deal: counts.deals.get(deal, 0) for deal in Deal},
            accuracy=[_accuracy(verdict, counts) for verdict in _JUDGED],
        )


def _accuracy(verdict: Verdict, counts: Counts) -> AccuracyOut:
    of = {proved: counts.proved.get((verdict, proved), 0) for proved in AnswerProved}
    return AccuracyOut(
        verdict=verdict,
        reported=sum(of.values()),
        confirmed=sum(of[proved] for proved in _CONFIRMED),
        wrong=of[AnswerProved.WRONG],
        unknown=of[AnswerProved.UNKNOWN],
    )
