"""Questions that are kept: one's own, and shared ones."""

from typing import Final

import httpx
import pytest

from bpa_service.experts.domain import Role
from bpa_service.search.views.service import MOST_VIEWS
from shared_schemas.events.cabinet_v1 import InspectionErasedV1
from tests.service.cases.caller import Caller, Json, problem
from tests.service.cases.conftest import Desk, at
from tests.support.experts import sign_in

PATH = "/search/views"


async def caller(api: httpx.AsyncClient, desk: Desk, role: Role, login: str) -> Caller:
    return Caller(api, await sign_in(desk.ports, role, login))


@pytest.fixture
async def boris(bpa_api: httpx.AsyncClient, desk: Desk) -> Caller:
    return await caller(bpa_api, desk, Role.EXPERT, "boris")


@pytest.fixture
async def lead(bpa_api: httpx.AsyncClient, desk: Desk) -> Caller:
    return await caller(bpa_api, desk, Role.SHIFT_LEAD, "lena")


def view(name: str, q: str = "шкода казань", **fields: object) -> Json:
    return {"name": name, "query": {"q": q, "facets": ["verdict:doubts"], "since": "2026-03-01"}, **fields}


async def kept(who: Caller) -> list[tuple[str, str, str, bool]]:
    found = (await who.get(PATH)).json()["items"]
    return [
        (one["name"], one["query"]["q"], one["owner"]["display_name"], one["may_change"]) for one in found
    ]


async def test_a_question_is_kept_for_oneself_and_the_last_write_of_a_name_counts(
    anna: Caller, boris: Caller
) -> None:
    for name, q in (("B", "one"), ("A", "two"), ("B", "three")):
        assert (await anna.send("PUT", PATH, view(name, q))).status_code == 204

    assert await kept(anna) == [("A", "two", "Anna", True), ("B", "three", "Anna", True)]
    assert await kept(boris) == []
    found = (await anna.get(PATH)).json()["items"][0]
    assert found["query"] == {"q": "two", "facets": ["verdict:doubts"], "since": "2026-03-01", "until": None}
    for _ in range(2):
        assert (await anna.send("DELETE", f"{PATH}?name=A")).status_code == 204
    assert [name for name, *_ in await kept(anna)] == ["B"]


async def test_what_is_shared_is_everybodys_to_see_and_the_owners_or_a_leads_to_change(
    anna: Caller, boris: Caller, lead: Caller
) -> None:
    await anna.send("PUT", PATH, view("Shared", shared=True))
    await anna.send("PUT", PATH, view("Private"))
    theirs = f"{PATH}?owner={anna.expert.id}"

    assert await kept(boris) == [("Shared", "шкода казань", "Anna", False)]
    assert await kept(lead) == [("Shared", "шкода казань", "Anna", True)]
    assert problem(await boris.send("PUT", theirs, view("Shared", "mine"))) == (403, "others_search_view")
    assert problem(await boris.send("DELETE", f"{theirs}&name=Shared")) == (403, "others_search_view")
    # What one does not see is not there.
    assert problem(await lead.send("PUT", theirs, view("Private"))) == (404, "not_found")
    assert (await lead.send("DELETE", f"{theirs}&name=Private")).status_code == 204
    assert [name for name, *_ in await kept(anna)] == ["Private", "Shared"]

    assert (await lead.send("PUT", theirs, view("Shared", "better"))).status_code == 204
    assert await kept(boris) == [("Shared", "better", "Anna", False)]
    assert (await lead.send("DELETE", f"{theirs}&name=Shared")).status_code == 204
    assert await kept(boris) == []
    trail = (await lead.get("/audit", {"limit": 50})).json()["items"]
    acts = [(entry["act"], entry["actor_name"]) for entry in trail if entry["act"].startswith("search_view")]
    assert acts == [
        ("search_view_dropped", "Lena"),
        ("search_view_shared", "Lena"),
        ("search_view_shared", "Anna"),
    ]


async def test_one_keeps_no_more_than_the_most(anna: Caller) -> None:
    for number in range(MOST_VIEWS):
        await anna.send("PUT", PATH, view(f"{number}"))
    assert problem(await anna.send("PUT", PATH, view("one more"))) == (409, "too_many_search_views")
    assert (await anna.send("PUT", PATH, view("0", "changed"))).status_code == 204


NO_QUESTIONS: Final[list[Json]] = [
    {},
    view(""),
    view("n" * 61),
    view("n", "q" * 501),
    {"name": "n", "query": {"facets": ["colour:red"]}},
    {"name": "n", "query": {"facets": ["verdict"]}},
    {"name": "n", "query": {"facets": ["make:\0"]}},
    {"name": "n", "query": {"q": "\0"}},
    {"name": "n", "query": {"since": "yesterday"}},
]


async def test_what_is_no_question_is_not_kept(anna: Caller) -> None:
    for body in NO_QUESTIONS:
        assert (await anna.send("PUT", PATH, body)).status_code == 422, body


async def test_with_an_erased_case_go_the_questions_about_its_car(
    desk: Desk, anna: Caller, boris: Caller, lead: Caller
) -> None:
    case_id, number = await desk.opened(), "SAL1A2A40SA606662"
    typed = f"{number[:3].lower()} {number[3:]}"
    await anna.send("PUT", PATH, view("Mine", f"шкода {typed}"))
    await anna.send("PUT", PATH, view(number, "the number is its name"))
    await anna.send("PUT", PATH, view("A part", number[-6:]))
    await boris.send("PUT", PATH, view("Shared", typed, shared=True))
    await boris.send("PUT", PATH, view("Words", shared=True))
    await desk.hear(InspectionErasedV1(inspection_id=case_id, erased_at=at(5)))
    assert [name for name, *_ in await kept(anna)] == ["A part", "Words"]
    assert [name for name, *_ in await kept(boris)] == ["Words"]
    trail = (await lead.get("/audit", {"limit": 50})).json()["items"]
    dropped = [entry for entry in trail if entry["act"] == "search_view_dropped"]
    assert [one["details"] for one in dropped] == [{"owner": str(boris.expert.id)}]
