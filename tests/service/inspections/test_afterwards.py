"""What a client says once they have the answer, and that they are asked what came of it once."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from cabinet_service.api_ports import ApiPorts
from cabinet_service.inspections.afterwards.asking import WITHIN, ask_outcomes
from cabinet_service.inspections.afterwards.models import Rating
from cabinet_service.inspections.answers.models import Decision
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.notifications.models import Notification
from cabinet_service.notifications.people import Clients
from service_kit.db import database_now
from shared_schemas.events import bpa_v1 as said
from shared_schemas.words import Verdict
from tests.service.inspections.conftest import Bpa, Case, Company, Json, Person, Submitted, told

WEEKS = timedelta(days=21)
RATING: Json = {"version": 1, "stars": 4, "words": "Quick, and clear."}
OUTCOME: Json = {"version": 1, "deal": "not_bought", "proved": "by_police", "words": None}


async def put(client: Person, case: Case, what: str, body: Json) -> tuple[int, Json]:
    answer = await client.send("PUT", f"{case.path}/{what}", json=body)
    return answer.status_code, answer.json()


async def refused(client: Person, case: Case, what: str, body: Json) -> tuple[int, str]:
    status, answer = await put(client, case, what, body)
    return status, answer["code"]


async def test_an_answer_is_rated_and_the_experts_are_told(client: Person, case: Case, bpa: Bpa) -> None:
    assert await refused(client, case, "rating", RATING) == (409, "inspection_not_answered")
    assert (await client.get(f"{case.path}/afterwards")).json() == {
        "may_say": False,
        "rating": None,
        "outcome": None,
    }
    await case.decide()

    status, rated = await put(client, case, "rating", RATING)

    assert (status, rated["version"], rated["stars"], rated["words"]) == (200, 1, 4, "Quick, and clear.")
    week = datetime.fromisoformat(rated["changeable_until"]) - datetime.fromisoformat(rated["rated_at"])
    assert week == timedelta(days=7)
    event = (await bpa.envelopes(str(case.id)))[-1]
    assert (event.type, event.data["stars"], event.data["words"]) == ("answer.rated", 4, "Quick, and clear.")
    # The same again is nothing new, another opinion is.
    await put(client, case, "rating", RATING)
    assert (await bpa.was_told(str(case.id))).count("answer.rated") == 1
    await put(client, case, "rating", RATING | {"stars": 1, "words": "  "})
    assert (await bpa.envelopes(str(case.id)))[-1].data["words"] is None
    shown = (await client.get(f"{case.path}/afterwards")).json()
    assert (shown["may_say"], shown["rating"]["stars"]) == (True, 1)


async def test_a_rating_stays_after_a_week_and_each_version_has_its_own(
    client: Person, case: Case, cabinet_ports: ApiPorts
) -> None:
    await case.decide()
    await put(client, case, "rating", RATING)
    async with cabinet_ports.backbone.database.writing() as session:
        await session.execute(update(Rating).values(rated_at=Rating.rated_at - timedelta(days=7)))

    assert await refused(client, case, "rating", RATING | {"stars": 5}) == (409, "rating_settled")
    assert (await put(client, case, "rating", RATING))[0] == 200
    await case.decide(said.DecisionAmendedV1, version=2)
    assert await refused(client, case, "rating", RATING) == (409, "answer_changed")
    assert (await client.get(f"{case.path}/afterwards")).json()["rating"] is None
    assert (await put(client, case, "rating", RATING | {"version": 2, "stars": 5}))[0] == 200


@pytest.mark.parametrize("stars", [0, 6, 2.5, "many", None])
async def test_what_is_no_rating_is_refused(client: Person, case: Case, stars: object) -> None:
    await case.decide()
    status, _ = await refused(client, case, "rating", RATING | {"stars": stars})
    assert status == 422


async def test_what_came_of_it_is_told_also_once_it_is_closed(client: Person, case: Case, bpa: Bpa) -> None:
    assert await refused(client, case, "outcome", OUTCOME) == (409, "inspection_not_answered")
    await case.decide()
    await client.post(f"{case.path}/closure")

    status, answer = await put(client, case, "outcome", OUTCOME)

    assert (status, answer["outcome"]["deal"], answer["outcome"]["proved"]) == (
        200,
        "not_bought",
        "by_police",
    )
    assert (await bpa.envelopes(str(case.id)))[-1].type == "outcome.reported"
    await put(client, case, "outcome", OUTCOME)
    assert (await bpa.was_told(str(case.id))).count("outcome.reported") == 1
    await put(client, case, "outcome", OUTCOME | {"deal": "bought"})
    assert (await client.get(f"{case.path}/afterwards")).json()["outcome"]["deal"] == "bought"


async def test_nobody_says_whether_insufficient_data_were_right(client: Person, case: Case, bpa: Bpa) -> None:
    await case.decide(verdict=Verdict.INSUFFICIENT_DATA)

    for body in (OUTCOME | {"proved": "wrong"}, {"version": 1, "deal": "not_bought"}):
        status, answer = await put(client, case, "outcome", body)
        assert (status, answer["outcome"]["deal"], answer["outcome"]["proved"]) == (
            200,
            "not_bought",
            "unknown",
        )
    assert (await bpa.envelopes(str(case.id)))[-1].data["proved"] == "unknown"
    assert (await bpa.was_told(str(case.id))).count("outcome.reported") == 1


async def test_nobody_says_it_of_what_is_not_theirs(stranger: Person, case: Case) -> None:
    await case.decide()
    for what, body in (("rating", RATING), ("outcome", OUTCOME)):
        assert await refused(stranger, case, what, body) == (404, "not_found")


async def asked(ports: ApiPorts, later: timedelta = WEEKS + timedelta(hours=1)) -> None:
    """As the worker does it, so much later."""
    async with ports.backbone.database.writing() as session:
        await ask_outcomes(session, await database_now(session) + later, after=WEEKS)


async def test_it_is_asked_once_some_weeks_later(client: Person, case: Case, cabinet_ports: ApiPorts) -> None:
    await case.decide()
    await asked(cabinet_ports, WEEKS - timedelta(hours=1))
    assert "outcome" not in await told(cabinet_ports, case)
    # A worker that is killed has asked and noted that, or neither.
    with pytest.raises(RuntimeError):
        async with cabinet_ports.backbone.database.writing() as session:
            now = await database_now(session) + WEEKS + timedelta(hours=1)
            await ask_outcomes(session, now, after=WEEKS)
            raise RuntimeError
    assert "outcome" not in await told(cabinet_ports, case)

    for _ in range(3):
        await asked(cabinet_ports)

    assert (await told(cabinet_ports, case)).count("outcome") == 1
    shown = (await client.get(f"{case.path}/afterwards")).json()
    assert shown["outcome"] is None
    assert (await put(client, case, "outcome", OUTCOME))[0] == 200


async def test_who_has_said_it_is_cancelled_or_too_long_ago_is_not_asked(
    client: Person, bpa: Bpa, submitted: Submitted, cabinet_ports: ApiPorts
) -> None:
    reported, disputed, old = [Case(bpa, await submitted()) for _ in range(3)]
    for case in (reported, disputed, old):
        await case.queue()
        await case.claim()
        await case.decide()
    await put(client, reported, "outcome", OUTCOME)
    await client.post(f"{disputed.path}/disputes", {"reason": "Look again"})
    async with cabinet_ports.backbone.database.writing() as session:
        long_ago = update(Decision).where(Decision.inspection_id == old.id)
        await session.execute(long_ago.values(decided_at=Decision.decided_at - WITHIN - timedelta(days=1)))

    await asked(cabinet_ports)

    for case in (reported, disputed, old):
        assert "outcome" not in await told(cabinet_ports, case)


async def test_a_companys_people_are_not_asked(
    bpa: Bpa, company: Company, submitted: Submitted, cabinet_ports: ApiPorts
) -> None:
    agent = company.agents[0]
    case = Case(bpa, await submitted(agent, company_id=str(company.id)))
    await case.queue()
    await case.claim()
    await case.decide()

    await asked(cabinet_ports)

    assert "outcome" not in await told(cabinet_ports, case)
    # They may say it all the same.
    assert (await put(agent, case, "outcome", OUTCOME))[0] == 200


async def test_what_is_asked_leads_to_the_page_for_it(case: Case, cabinet_ports: ApiPorts) -> None:
    await case.decide()
    await asked(cabinet_ports)
    async with cabinet_ports.backbone.database.writing() as session:
        wanted = select(Notification).where(Notification.kind == NotificationKind.OUTCOME)
        rows = (await session.scalars(wanted)).all()
        words = await Clients("https://cabinet.example").words(session, rows)
    [wording] = words.values()
    assert wording.link == f"https://cabinet.example/inspections/{case.id}/outcome"
    assert "We ask once" in wording.letter
