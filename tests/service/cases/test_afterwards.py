"""What clients said of their answers: on the case, and counted over many."""

from datetime import datetime
from uuid import UUID

import httpx

from bpa_service.cases.afterwards import queries
from bpa_service.cases.afterwards.schemas import CountsOfWordsOut
from bpa_service.experts.domain import Role
from service_kit.ids import new_id
from shared_schemas.events import cabinet_v1 as cabinet
from shared_schemas.words import AnswerProved, Deal, Verdict
from tests.service.cases.answers import NOTHING_SEEN, amend, answered
from tests.service.cases.caller import Caller
from tests.service.cases.conftest import Desk, at
from tests.support.experts import sign_in


async def rated(desk: Desk, case_id: UUID, stars: int, version: int = 1, at_: datetime | None = None) -> None:
    now = at_ or at(10)
    fact = cabinet.AnswerRatedV1(
        inspection_id=case_id, decision_version=version, stars=stars, words=f"{stars} stars", rated_at=now
    )
    await desk.hear(fact, now)


async def reported(desk: Desk, case_id: UUID, deal: Deal, proved: AnswerProved, version: int = 1) -> None:
    fact = cabinet.OutcomeReportedV1(
        inspection_id=case_id,
        decision_version=version,
        deal=deal,
        proved=proved,
        words="It has papers.",
        reported_at=at(20),
    )
    await desk.hear(fact, at(20))


async def test_the_newest_word_counts_and_moves_nothing(desk: Desk) -> None:
    case_id = await answered(desk)
    state = await desk.state(case_id)
    for stars in (5, 2):
        await rated(desk, case_id, stars)
    for deal in (Deal.THINKING, Deal.BOUGHT):
        await reported(desk, case_id, deal, AnswerProved.UNKNOWN)

    async with desk.ports.backbone.database.reading() as session:
        ratings = await queries.ratings_of(session, case_id)
        outcome = await queries.outcome_of(session, case_id)
    assert [(one.decision_version, one.stars, one.words) for one in ratings] == [(1, 2, "2 stars")]
    assert outcome is not None
    assert (outcome.deal, outcome.words) == (Deal.BOUGHT, "It has papers.")
    assert await desk.state(case_id) is state
    assert (await desk.trail(case_id))[-4:] == ["answer_rated"] * 2 + ["outcome_reported"] * 2


async def test_accuracy_is_counted_by_the_verdict_that_was_spoken_of(desk: Desk) -> None:
    amended, other, old = [await answered(desk) for _ in range(3)]
    await amend(desk, amended, NOTHING_SEEN, desk.vera)
    await reported(desk, amended, Deal.NOT_BOUGHT, AnswerProved.WRONG, version=2)
    await reported(desk, other, Deal.BOUGHT, AnswerProved.BY_SERVICE)
    await rated(desk, other, 4)
    await rated(desk, amended, 1, version=2)
    await rated(desk, old, 5, at_=at(1))

    async with desk.ports.backbone.database.reading() as session:
        said = CountsOfWordsOut.of(await queries.counted(session, at(5)))

    assert (said.ratings, said.mean_stars, said.stars) == (2, 2.5, [1, 0, 0, 1, 0])
    assert said.deals == {
        Deal.BOUGHT: 1,
        Deal.NOT_BOUGHT: 1,
        Deal.PRICE_CHANGED: 0,
        Deal.THINKING: 0,
    }
    by_verdict = {one.verdict: (one.reported, one.confirmed, one.wrong, one.unknown) for one in said.accuracy}
    assert by_verdict == {
        Verdict.CLEAN: (0, 0, 0, 0),
        Verdict.DOUBTS: (0, 0, 0, 0),
        Verdict.FORGERY_SIGNS: (1, 1, 0, 0),
    }, "insufficient data prove neither right nor wrong"


async def test_ratings_are_for_seniors_and_who_leads_and_what_came_of_it_for_all(
    bpa_api: httpx.AsyncClient, desk: Desk
) -> None:
    case_id = await answered(desk)
    await rated(desk, case_id, 3)
    await reported(desk, case_id, Deal.BOUGHT, AnswerProved.WRONG)
    anna = Caller(bpa_api, await sign_in(desk.ports, Role.EXPERT, "anna"))
    vera = Caller(bpa_api, await sign_in(desk.ports, Role.SENIOR, "vera"))

    hers, seniors = [(await one.get(f"/cases/{case_id}/afterwards")).json() for one in (anna, vera)]

    assert hers["ratings"] is None
    assert [one["stars"] for one in seniors["ratings"]] == [3]
    assert hers["outcome"] == seniors["outcome"]
    assert hers["outcome"]["proved"] == "wrong"
    assert (await anna.get(f"/cases/{new_id()}/afterwards")).status_code == 404
    assert (await anna.get("/statistics/answers")).status_code == 403
    assert (await vera.get("/statistics/answers?days=0")).status_code == 422
    assert set((await vera.get("/statistics/answers")).json()) == {
        *("ratings", "mean_stars", "stars", "deals", "accuracy")
    }
