"""What clients find of what they sent: their own, by whatever they remember, and nobody else's."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from cabinet_service.api_ports import ApiPorts
from cabinet_service.entrypoints.app import create_app
from cabinet_service.search.documents import Inspections
from cabinet_service.settings import Settings
from service_kit.paging import decode_cursor, encode_cursor, instant
from service_kit.search.keeping.upkeep import Upkeep
from service_kit.search.port import SearchIndex
from service_kit.search.postgres.index import PostgresIndex
from service_kit.search.questions import MOST_TERMS, Fit, Place
from tests.factories.photos import jpeg
from tests.service.inspections.conftest import Company, Person, client, company, sign_up, stranger
from tests.support.api import running
from tests.support.scripted_index import ScriptedIndex

__all__ = ["client", "company", "sign_up", "stranger"]

Json = dict[str, Any]
Fed = Callable[[], Awaitable[None]]
VIN = "XTA210990Y2766389"
PATH = "/inspections/search"


@pytest.fixture
def index(cabinet_ports: ApiPorts) -> SearchIndex:
    """What the API asks."""
    return PostgresIndex(cabinet_ports.backbone.database.pool)


@pytest.fixture
async def cabinet_api(cabinet_settings: Settings, index: SearchIndex) -> AsyncGenerator[httpx.AsyncClient]:
    app = create_app(cabinet_settings)
    async with running(app) as api:
        app.state.ports = replace(app.state.ports, search=index)
        yield api


@pytest.fixture
def fed(cabinet_ports: ApiPorts, index: SearchIndex) -> Fed:
    """Have the index be as the database is."""
    backbone = cabinet_ports.backbone
    upkeep = Upkeep(backbone.database, backbone.listener, index, Inspections(), made_of="one")

    async def feed() -> None:
        while await upkeep.step():
            pass

    return feed


async def sent(person: Person, claim: Json, **body: Any) -> UUID:
    draft = await person.start(claim, **body)
    assert (await person.send_file(draft["id"], jpeg(200, 150, comment=uuid4().bytes))).status_code == 201
    answer = await person.post(f"/inspections/{draft['id']}/submit")
    assert answer.status_code == 200, answer.text
    return UUID(draft["id"])


async def page(person: Person, q: str, **asked: Any) -> Json:
    answer = await person.get(PATH, q=q, **asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def found(person: Person, q: str, **asked: Any) -> list[UUID]:
    return [UUID(one["inspection"]["id"]) for one in (await page(person, q, **asked))["items"]]


async def all_pages(person: Person, q: str, limit: int) -> list[UUID]:
    """What is found, a page after the other."""
    seen: list[UUID] = []
    asked: dict[str, Any] = {"limit": limit}
    while True:
        answer = await page(person, q, **asked)
        assert len(answer["items"]) <= limit
        seen += [UUID(one["inspection"]["id"]) for one in answer["items"]]
        if answer["next_cursor"] is None:
            return seen
        asked["cursor"] = answer["next_cursor"]


async def test_ones_own_are_found_by_part_mistake_and_word(client: Person, fed: Fed) -> None:
    skoda = await sent(
        client, {"identifier": VIN, "plate": "A123BC77", "make": "Skoda"}, worry="Новые заклёпки"
    )
    frame = await sent(client, {"identifier": "SV30-0169266"})
    draft = (await client.start({"identifier": VIN}))["id"]
    await fed()
    for q in (
        VIN,
        "66389",
        "xta21099*389",
        "XTA210990Y2766388",
        "а123вс 77",
        "шкода",
        "заклёпками",
        "skoda 66389",
    ):
        assert await found(client, q) == [skoda], q
    assert await found(client, "sv30 0169266") == [frame]
    assert await found(client, "") == [frame, skoda]
    assert await found(client, "???") == [frame, skoda]
    assert UUID(draft) not in await found(client, VIN)
    [one] = (await page(client, "заклёпками"))["items"]
    [match] = one["matched"]
    [[begin, end]] = match["marks"]
    assert (match["what"], match["text"][begin:end], one["fit"]) == ("messages", "заклёпки", "word")


async def test_nobody_finds_what_another_sent(
    client: Person, stranger: Person, company: Company, fed: Fed
) -> None:
    mine = await sent(client, {"identifier": VIN})
    theirs = await sent(stranger, {"identifier": VIN})
    of_company = await sent(company.agents[0], {"identifier": VIN}, company_id=str(company.id))
    await fed()
    for person, own in ((client, mine), (stranger, theirs), (company.agents[0], of_company)):
        for q in (VIN, VIN[-5:], "", "*", '"', "или"):
            assert await found(person, q) == [own], q
    assert await found(company.admin, VIN) == []
    client.forget()
    assert (await client.get(PATH, q=VIN)).status_code == 401


async def test_whoever_left_a_company_is_told_nothing_of_what_they_sent_for_it(
    company: Company, cabinet_ports: ApiPorts, fed: Fed
) -> None:
    north, south = company.agents
    for _ in range(3):
        await sent(north, {"identifier": VIN}, company_id=str(company.id))
    own = await sent(north, {"identifier": "SV30-0169266"})
    theirs = await sent(south, {"identifier": VIN}, company_id=str(company.id))
    await fed()
    assert (await page(north, VIN[-5:]))["total"] == 3
    async with cabinet_ports.backbone.database.writing() as session:
        await session.execute(
            text("DELETE FROM memberships WHERE account_id = :left"), {"left": north.account_id}
        )
    for q in (VIN[-5:], VIN):
        answer = await page(north, q, limit=1)
        assert (answer["items"], answer["total"], answer["next_cursor"]) == ([], 0, None)
    answer = await page(north, "", limit=1)
    assert (len(answer["items"]), answer["total"], answer["next_cursor"]) == (1, 1, None)
    assert await found(north, "") == [own]
    assert await found(south, VIN[-5:]) == [theirs]


class TestAnIndexThatSaysMoreThanItMay:
    @pytest.fixture
    def index(self) -> ScriptedIndex:
        return ScriptedIndex()

    async def test_only_ones_own_is_shown(
        self, client: Person, stranger: Person, index: ScriptedIndex
    ) -> None:
        mine, theirs = await sent(client, {"identifier": VIN}), await sent(stranger, {"identifier": VIN})
        at = (await client.inspection(str(mine)))["submitted_at"]
        index.places = [Place(5, instant(at), one) for one in (mine, theirs)]
        assert await found(client, "66389") == [mine]
        assert index.asked[-1].owner == str(client.account_id)

    async def test_while_it_is_away_whole_numbers_are_found(
        self, client: Person, stranger: Person, index: ScriptedIndex
    ) -> None:
        mine = await sent(client, {"identifier": "SV30-0169266", "plate": "A123BC77"})
        await sent(stranger, {"identifier": "SV30-0169266"})
        index.away = True
        number = (await client.inspection(str(mine)))["number"]
        for q in ("sv30 0169266", "A 123 BC 77", number.lower(), "SV30-0169266 заклёпки"):
            answer = await page(client, q)
            assert [UUID(one["inspection"]["id"]) for one in answer["items"]] == [mine], q
            assert answer["limited"]["why"] == "index_away"
        assert await found(client, "0169266") == []

    async def test_what_is_not_fed_yet_is_found_by_its_whole_number(
        self, client: Person, index: ScriptedIndex
    ) -> None:
        mine = await sent(client, {"identifier": VIN})
        answer = await page(client, VIN)
        assert [UUID(one["inspection"]["id"]) for one in answer["items"]] == [mine]
        assert (answer["total"], answer["items"][0]["fit"]) == (1, "whole")
        index.places = [Place(5, instant(answer["items"][0]["inspection"]["submitted_at"]), mine)]
        assert await found(client, VIN) == [mine]

    async def test_pages_of_one_number_have_each_once_whatever_the_index_says(
        self, client: Person, index: ScriptedIndex
    ) -> None:
        all_of_them = [await sent(client, {"identifier": VIN}) for _ in range(5)]
        first, *_, fourth, last = all_of_them
        at = {one: instant((await client.inspection(str(one)))["submitted_at"]) for one in all_of_them}
        told = [
            {},
            {fourth: 5},
            {first: 5, last: 2},
            dict.fromkeys(all_of_them, 5),
            dict.fromkeys(all_of_them, 2),
        ]
        for fits in told:
            index.places = [Place(fit, at[one], one) for one, fit in fits.items()]
            for limit in (2, 5):
                assert await all_pages(client, VIN, limit) == all_of_them[::-1]
                assert (await page(client, VIN, limit=limit))["total"] == 5

    async def test_while_it_is_away_pages_go_on(self, client: Person, index: ScriptedIndex) -> None:
        all_of_them = [await sent(client, {"identifier": VIN}) for _ in range(5)]
        index.away = True
        for q in (VIN, f"шкода {VIN}"):
            assert await all_pages(client, q, 2) == all_of_them[::-1]

    async def test_what_goes_away_between_two_pages_hides_no_whole_number(
        self, client: Person, index: ScriptedIndex
    ) -> None:
        older, newer = [await sent(client, {"identifier": VIN}) for _ in range(2)]
        at = {one: instant((await client.inspection(str(one)))["submitted_at"]) for one in (older, newer)}
        for q, fits, rest in (
            (VIN, {older: 5, newer: 5}, [older]),
            (f"шкода {VIN}", {older: 6, newer: 3}, [newer, older]),
        ):
            index.places = [Place(fit, at[one], one) for one, fit in fits.items()]
            index.away = False
            cursor = (await page(client, q, limit=1))["next_cursor"]
            index.away = True
            assert await found(client, q, cursor=cursor) == rest
            assert (await page(client, q, cursor=cursor))["limited"]["why"] == "index_away"


async def test_pages_have_each_once_and_a_cursor_is_of_its_question(client: Person, fed: Fed) -> None:
    all_of_them = [await sent(client, {"identifier": VIN}) for _ in range(5)]
    await fed()
    for q in (VIN[-5:], VIN):
        assert await all_pages(client, q, 2) == all_of_them[::-1]
        assert (await page(client, q, limit=2))["total"] == 5
    first = (await page(client, VIN[-5:], limit=2))["next_cursor"]
    key = decode_cursor(first, *[str] * 5)
    assert key is not None
    digest, is_exact, _, *rest = key
    no_fits = (3_000_000_000, -1, MOST_TERMS * Fit.WHOLE + 1)
    by_hand = [encode_cursor(digest, is_exact, fit, *rest) for fit in no_fits]
    for q, sent_on in ((VIN[-4:], first), *((VIN[-5:], one) for one in by_hand)):
        refused = await client.get(PATH, q=q, cursor=sent_on)
        assert (refused.status_code, refused.json()["code"]) == (400, "bad_cursor")


async def test_what_is_too_long_is_refused(client: Person) -> None:
    refused = await client.get(PATH, q="x" * 501)
    assert (refused.status_code, refused.json()["code"]) == (422, "question_too_long")
    assert (await client.get(PATH, q="x" * 500)).status_code == 200
    assert [(await client.get(PATH, limit=limit)).status_code for limit in (50, 51)] == [200, 422]
