"""The client says what they think of the answer, or what came of it. It moves nothing."""

from sqlalchemy.dialects.postgresql import insert

from bpa_service.cases.afterwards.models import Outcome, Rating
from bpa_service.cases.core.acting import Acting, client_of
from shared_schemas.events.cabinet_v1 import AnswerRatedV1, OutcomeReportedV1


async def record_rating(acting: Acting, fact: AnswerRatedV1) -> None:
    """Keep it, in place of what they thought before."""
    case = await acting.lock(fact.inspection_id)
    said = {"stars": fact.stars, "words": fact.words, "rated_at": fact.rated_at}
    await acting.session.execute(
        insert(Rating)
        .values(case_id=case.id, decision_version=fact.decision_version, **said)
        .on_conflict_do_update(index_elements=[Rating.case_id, Rating.decision_version], set_=said)
    )
    version, client = fact.decision_version, client_of(case)
    acting.record(case, "answer_rated", by=client, decision_version=version, stars=fact.stars)


async def record_outcome(acting: Acting, fact: OutcomeReportedV1) -> None:
    """Keep it, in place of what they said before."""
    case = await acting.lock(fact.inspection_id)
    said = {
        "decision_version": fact.decision_version,
        "deal": fact.deal,
        "proved": fact.proved,
        "words": fact.words,
        "reported_at": fact.reported_at,
    }
    await acting.session.execute(
        insert(Outcome)
        .values(case_id=case.id, **said)
        .on_conflict_do_update(index_elements=[Outcome.case_id], set_=said)
    )
    version, client = fact.decision_version, client_of(case)
    acting.record(case, "outcome_reported", by=client, decision_version=version, proved=fact.proved)
