"""What the client says once they have the answer. Nothing is asked for twice, and nothing has to be said."""

from uuid import UUID

from cabinet_service.inspections.afterwards import queries
from cabinet_service.inspections.afterwards.errors import RatingSettled
from cabinet_service.inspections.afterwards.models import Outcome, Rating
from cabinet_service.inspections.afterwards.schemas import CHANGEABLE, OutcomeIn, RatingIn
from cabinet_service.inspections.answers import queries as answers
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.core.acting import ClientActing
from cabinet_service.inspections.core.domain import LOOKED_BACK_IN, OVER
from cabinet_service.inspections.core.errors import AnswerChanged, InspectionIsOver, NotAnswered
from cabinet_service.inspections.core.models import Inspection
from shared_schemas.events.cabinet_v1 import AnswerRatedV1, OutcomeReportedV1
from shared_schemas.words import AnswerProved, Verdict


async def rate(acting: ClientActing, inspection_id: UUID, said: RatingIn) -> Rating:
    """Say what one thinks of the answer, or change that for a week. Said again the same changes nothing.

    Raises AnswerChanged or RatingSettled.
    """
    inspection, _ = await _of_answer(acting, inspection_id, said.version)
    rating = await queries.newest_rating(acting.session, inspection.id, version=said.version)
    if rating is not None and (rating.stars, rating.words) == (said.stars, said.words):
        return rating
    if rating is None:
        rating = Rating(inspection_id=inspection.id, decision_version=said.version, rated_at=acting.now)
        acting.session.add(rating)
    elif acting.now >= rating.rated_at + CHANGEABLE:
        raise RatingSettled
    rating.stars, rating.words, rating.changed_at = said.stars, said.words, acting.now
    acting.changed(inspection, "answer_rated")
    event = AnswerRatedV1(
        inspection_id=inspection.id,
        decision_version=said.version,
        stars=said.stars,
        words=said.words,
        rated_at=acting.now,
    )
    await acting.announce(event)
    return rating


async def report(acting: ClientActing, inspection_id: UUID, said: OutcomeIn) -> Outcome:
    """Say what came of it, or what has come of it by now. Raises AnswerChanged.

    Whether an answer of insufficient data was right is nothing that anybody knows, whatever is said.
    """
    inspection, verdict = await _of_answer(acting, inspection_id, said.version)
    proved = AnswerProved.UNKNOWN if verdict is Verdict.INSUFFICIENT_DATA else said.proved
    outcome = await queries.outcome(acting.session, inspection.id)
    if outcome is None:
        outcome = Outcome(inspection_id=inspection.id)
        acting.session.add(outcome)
    elif (outcome.decision_version, outcome.deal, outcome.proved, outcome.words) == (
        said.version,
        said.deal,
        proved,
        said.words,
    ):
        return outcome
    outcome.decision_version, outcome.deal, outcome.proved = said.version, said.deal, proved
    outcome.words, outcome.reported_at = said.words, acting.now
    acting.changed(inspection, "outcome_reported")
    event = OutcomeReportedV1(
        inspection_id=inspection.id,
        decision_version=said.version,
        deal=said.deal,
        proved=proved,
        words=said.words,
        reported_at=acting.now,
    )
    await acting.announce(event)
    return outcome


async def _of_answer(acting: ClientActing, inspection_id: UUID, version: int) -> tuple[Inspection, Verdict]:
    """The inspection, locked, whose answer the client has read in its newest version; and its verdict."""
    inspection = await inspections.locked(acting.session, inspection_id, client=acting.client)
    if inspection.erased_at is not None or inspection.state in OVER - LOOKED_BACK_IN:
        raise InspectionIsOver(state=inspection.state)
    newest = (await answers.newest_of(acting.session, [inspection.id])).get(inspection.id)
    if newest is None or inspection.state not in LOOKED_BACK_IN:
        raise NotAnswered
    if newest.version != version:
        raise AnswerChanged(version=newest.version)
    return inspection, newest.verdict
