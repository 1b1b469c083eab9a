"""The board: where each check of a company stands, who sees it, and a reminder at most once an hour."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from cabinet_service.api_ports import ApiPorts
from cabinet_service.inspections.board import queries
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.notifications.models import Notification
from service_kit.db import database_now
from service_kit.http.problems import TooManyRequests
from service_kit.limiting import RateLimits
from tests.service.companies.conftest import Firm
from tests.service.companies.orders import Photo, ready, send
from tests.service.inspections.conftest import Bpa, Case, Json, Person

VIN = "WVWZZZ1JZ3W386752"
AN_HOUR = timedelta(hours=1, seconds=1)


async def board(person: Person, firm: Firm, **params: Any) -> list[Json]:
    """Every row of a phase, page by page."""
    found: list[Json] = []
    while True:
        answer = await person.get(f"{firm.path}/board", **params)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        if answer.json()["next_cursor"] is None:
            return found
        params["cursor"] = answer.json()["next_cursor"]


async def counts(person: Person, firm: Firm, **params: Any) -> Json:
    return (await person.get(f"{firm.path}/board/counts", **params)).json()["counts"]


async def remind(person: Person, inspection: Json, *, key: str | None = None) -> Any:
    return await person.post(f"/inspections/{inspection['id']}/reminders", key=key)


async def told(ports: ApiPorts, inspection: Json, *, to_come: bool = False) -> list[UUID]:
    """Who was reminded of it, or (`to_come`) is still to be."""
    of_it = [Notification.subject_id == UUID(inspection["id"]), Notification.kind == "reminder"]
    if to_come:
        of_it += [Notification.withdrawn_at.is_(None), Notification.escalate_at.is_not(None)]
    async with ports.backbone.database.reading() as session:
        return list(await session.scalars(select(Notification.person_id).where(*of_it)))


@pytest.fixture
async def agent(firm: Firm, client: Person) -> Person:
    """An agent of the northern branch."""
    await firm.join(client)
    return client


async def test_each_check_is_in_the_phase_in_which_it_stands(
    firm: Firm, agent: Person, photo: Photo, bpa: Bpa
) -> None:
    empty = await agent.start(company_id=firm.id)
    draft = await ready(agent, photo, company_id=firm.id)
    sent = (await send(agent, await ready(agent, photo, company_id=firm.id))).json()
    answered = (await send(agent, await ready(agent, photo, company_id=firm.id))).json()
    case = Case(bpa, answered)
    await case.queue()
    await case.claim()
    await case.decide()
    deleted = await agent.start(company_id=firm.id)
    assert (await agent.post(f"/inspections/{deleted['id']}/cancellation", {})).status_code == 201
    link = await agent.post(f"/inspections/{draft['id']}/yard-links", {})
    assert link.status_code == 201

    rows = await board(firm.boss, firm, limit=1)
    assert [(one["id"], one["photos"], one["has_link"]) for one in rows] == [
        (draft["id"], 1, True),
        (empty["id"], 0, False),
    ]
    assert rows[0]["name"] == f"Person {agent.account_id.hex[:6]}"
    assert rows[0]["account_id"] == str(agent.account_id)
    assert [one["id"] for one in await board(agent, firm, phase="expert")] == [sent["id"]]
    [row] = await board(firm.boss, firm, phase="answered")
    assert (row["id"], row["verdict"]) == (answered["id"], "doubts")
    assert await board(firm.boss, firm, phase="over") == []
    assert await counts(agent, firm) == {"photos": 2, "expert": 1, "answered": 1, "over": 0}


async def test_it_is_filtered_by_branch_and_person_and_searched(firm: Firm, agent: Person) -> None:
    north = await agent.start(company_id=firm.id, claim={"identifier": VIN})
    south = await firm.boss.start(company_id=firm.id, branch_id=firm.south, claim={"plate": "А123ВС77"})
    frame = await firm.boss.start(company_id=firm.id, claim={"identifier": "SV30-0169266"})

    async def found(**params: Any) -> list[str]:
        return [one["id"] for one in await board(firm.boss, firm, **params)]

    assert await found() == [frame["id"], south["id"], north["id"]]
    assert await found(branch_id=firm.south) == [south["id"]]
    assert await found(account_id=str(agent.account_id)) == [north["id"]]
    none = dict.fromkeys(("photos", "expert", "answered", "over"), 0)
    assert await counts(firm.boss, firm, branch_id=firm.south, account_id=str(agent.account_id)) == none
    for text in (VIN, "wvw zzz", north["number"], north["number"].lower(), north["number"][2:]):
        assert await found(q=text) == [north["id"]], text
    assert await found(q="а 123") == [south["id"]]
    for text in ("sv30-01", "SV30"):
        assert await found(q=text) == [frame["id"]], text
    for text in ("%", "%%%", "W", "WV", "А1", "-"):
        assert await found(q=text) == [], text
    assert await found(q=" ") == [frame["id"], south["id"], north["id"]]
    assert await found(q=VIN, branch_id=firm.south) == []
    # What was never sent and is deleted is nobody's business, whoever knows its number.
    assert (await agent.post(f"/inspections/{north['id']}/cancellation", {})).status_code == 201
    for text in (VIN, north["number"]):
        assert await found(phase="over", q=text) == [], text


async def test_searching_is_counted(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[tuple[str, str]] = []

    async def hit(_limits: RateLimits, name: str, subject: str, **_more: Any) -> None:
        counted.append((name, subject))

    monkeypatch.setattr(RateLimits, "hit", hit)
    await board(firm.boss, firm)
    await board(firm.boss, firm, q=VIN)
    assert [subject for name, subject in counted if name == "searches_per_account"] == [
        str(firm.boss.account_id)
    ]


async def test_an_index_knows_how_numbers_begin(cabinet_ports: ApiPorts) -> None:
    """Also where the order of words is a language's, in which a plain index knows whole numbers alone."""
    async with cabinet_ports.backbone.database.reading() as session:
        definitions = await session.fetch(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'inspections' AND indexdef ~ 'text_pattern_ops'"
        )
    assert len(definitions) == 2


async def test_nobody_sees_what_is_not_theirs(firm: Firm, agent: Person, stranger: Person) -> None:
    south = await firm.boss.start(company_id=firm.id, branch_id=firm.south, claim={"identifier": VIN})
    own = await agent.start(claim={"identifier": VIN})
    # An agent sees their branch, whichever they ask for.
    for params in ({}, {"branch_id": firm.south}, {"q": VIN}, {"account_id": str(firm.boss.account_id)}):
        assert await board(agent, firm, **params) == [], params
    assert (await counts(agent, firm, branch_id=firm.south))["photos"] == 0
    assert [one["id"] for one in await board(firm.boss, firm)] == [south["id"]]
    for path in ("board", "board/counts"):
        assert (await stranger.get(f"{firm.path}/{path}")).status_code == 404
    for person, inspection in ((agent, south), (stranger, south), (firm.boss, own)):
        assert (await remind(person, inspection)).status_code == 404
    # Of what is one's own nobody is reminded.
    answer = await remind(agent, own)
    assert (answer.status_code, answer.json()["code"]) == (409, "nobody_to_remind")
    assert (await firm.boss.get(f"{firm.path}/board", phase="lost")).status_code == 422


async def test_whoever_has_to_photograph_is_reminded_once_an_hour(
    firm: Firm, agent: Person, photo: Photo, cabinet_ports: ApiPorts
) -> None:
    draft = await ready(agent, photo, company_id=firm.id)
    url = (await agent.post(f"/inspections/{draft['id']}/yard-links", {})).json()["url"]
    answer = await remind(firm.boss, draft)
    assert answer.status_code == 201, answer.text
    said = answer.json()
    assert (said["told"], said["name"]) == (True, f"Person {agent.account_id.hex[:6]}")
    assert said["links"] == [url]
    assert await told(cabinet_ports, draft) == [agent.account_id]
    [row] = await board(firm.boss, firm)
    assert row["reminded_at"] == said["reminded_at"]

    for person in (firm.boss, agent):
        again = await remind(person, draft)
        assert (again.status_code, again.json()["code"]) == (429, "reminded_lately")
        assert 3_000 < int(again.headers["Retry-After"]) <= 3_600
        assert "60 min" in again.json()["detail"] or "59 min" in again.json()["detail"]
    assert await told(cabinet_ports, draft) == [agent.account_id]

    async with cabinet_ports.backbone.database.writing() as session:
        earlier = await database_now(session) - AN_HOUR
        await session.execute(update(Inspection).values(reminded_at=earlier))
        await session.commit()
    assert (await remind(firm.boss, draft)).status_code == 201
    assert len(await told(cabinet_ports, draft)) == 2
    # What is one's own one needs no letter of, and what is sent waits for nobody.
    assert len(await told(cabinet_ports, draft, to_come=True)) == 2
    sent = (await send(agent, draft)).json()
    assert (await remind(firm.boss, sent)).json()["code"] == "nobody_to_remind"
    # A reminder that quiet hours have held up is called off.
    assert await told(cabinet_ports, draft, to_come=True) == []


async def test_a_reminder_is_called_off_with_the_check(
    firm: Firm, agent: Person, cabinet_ports: ApiPorts
) -> None:
    draft, other = [await agent.start(company_id=firm.id) for _ in range(2)]
    for one in (draft, other):
        assert (await remind(firm.boss, one)).status_code == 201
    assert (await agent.post(f"/inspections/{draft['id']}/cancellation", {})).status_code == 201
    assert await told(cabinet_ports, draft, to_come=True) == []
    assert await told(cabinet_ports, other, to_come=True) == [agent.account_id]


async def test_one_person_is_not_harried_by_another(
    firm: Firm, agent: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []

    async def hit(_limits: RateLimits, name: str, subject: str, **_more: Any) -> None:
        if name == "reminders_per_pair":
            counted.append(subject)
            if len(counted) > 1:
                raise TooManyRequests(retry_after=60)

    monkeypatch.setattr(RateLimits, "hit", hit)
    first, second = [await agent.start(company_id=firm.id) for _ in range(2)]
    assert (await remind(firm.boss, first)).status_code == 201
    refused = await remind(firm.boss, second)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert counted == [f"{firm.boss.account_id} {agent.account_id}"] * 2
    rows = {row["id"]: row["reminded_at"] for row in await board(firm.boss, firm)}
    assert rows[second["id"]] is None


async def test_a_reminder_whose_answer_got_lost_is_told_again_with_the_links_that_work(
    firm: Firm, agent: Person, cabinet_ports: ApiPorts
) -> None:
    draft = await agent.start(company_id=firm.id)
    links = f"/inspections/{draft['id']}/yard-links"
    link = (await agent.post(links, {})).json()
    first = await remind(firm.boss, draft, key="a-reminder")
    again = await remind(firm.boss, draft, key="a-reminder")
    assert again.status_code == first.status_code == 201
    assert again.json() == first.json()
    assert again.json()["links"] == [link["url"]]
    assert await told(cabinet_ports, draft) == [agent.account_id]

    assert (await agent.delete(f"{links}/{link['id']}")).status_code == 204
    assert (await remind(firm.boss, draft, key="a-reminder")).json()["links"] == []


async def test_nobody_is_told_who_does_it_or_has_left(
    firm: Firm, agent: Person, cabinet_ports: ApiPorts
) -> None:
    mine = await firm.boss.start(company_id=firm.id)
    said = (await remind(firm.boss, mine)).json()
    assert (said["told"], said["name"], said["links"]) == (False, None, [])
    left = await agent.start(company_id=firm.id)
    assert (await agent.delete(f"{firm.path}/membership")).status_code == 204
    assert (await remind(firm.boss, left)).json()["told"] is False
    assert await told(cabinet_ports, left) == []


async def test_more_than_anybody_counts_on_is_told_as_more(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_COUNTED", 2)
    monkeypatch.setattr("cabinet_service.inspections.board.schemas.MOST_COUNTED", 2)
    for _ in range(3):
        await firm.boss.start(company_id=firm.id)
    answer = (await firm.boss.get(f"{firm.path}/board/counts")).json()
    assert (answer["counts"]["photos"], answer["more"], answer["most"]) == (2, ["photos"], 2)
