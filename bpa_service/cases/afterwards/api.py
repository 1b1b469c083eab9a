"""What clients said of their answers."""

from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from bpa_service.cases.afterwards import queries
from bpa_service.cases.afterwards.schemas import AfterwardsOut, CountsOfWordsOut, OutcomeOut, RatingOut
from bpa_service.cases.core import queries as cases
from bpa_service.experts.dependencies import CurrentExpert, only
from bpa_service.experts.domain import OVERSEERS, Expert, Role
from service_kit.http.edge import Now, Reading
from service_kit.http.problems import NotFound
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1", route_class=CheckedRoute)

_SEE_RATINGS: Final = OVERSEERS | {Role.SENIOR}
MOST_DAYS: Final = 366


@router.get("/cases/{case_id}/afterwards", tags=["cases"])
async def get_afterwards(case_id: UUID, expert: CurrentExpert, session: Reading) -> AfterwardsOut:
    """What the client said of the answer; what they think of it to seniors and who leads."""
    if await cases.version(session, case_id) is None:
        raise NotFound
    outcome = await queries.outcome_of(session, case_id)
    sees = expert.role in _SEE_RATINGS
    ratings = await queries.ratings_of(session, case_id) if sees else ()
    return AfterwardsOut(
        ratings=[RatingOut.of(rating) for rating in ratings] if sees else None,
        outcome=OutcomeOut.of(outcome) if outcome else None,
    )


@router.get("/statistics/answers", tags=["shifts"])
async def count_what_clients_say(
    _expert: Annotated[Expert, Depends(only(*_SEE_RATINGS))],
    session: Reading,
    now: Now,
    days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 91,
) -> CountsOfWordsOut:
    """What clients said of answers in these days, in counts: nobody is named."""
    return CountsOfWordsOut.of(await queries.counted(session, now - timedelta(days=days)))
