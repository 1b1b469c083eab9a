"""What the index answers is shown by the cases as they are, and what it does not answer is said."""

from dataclasses import replace
from itertools import product
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from bpa_service.entrypoints.app import create_app
from bpa_service.experts import scopes
from bpa_service.experts.domain import Role
from bpa_service.search import finding
from bpa_service.search.questions import Wanted
from bpa_service.settings import Settings
from service_kit.db import NOBODY
from service_kit.search.questions import NamePattern, Place, Words
from service_kit.search.showing import matching, patience
from tests.service.cases.conftest import Desk, at
from tests.service.search.conftest import CLAIMS, PATH, VIN, Json, Seeker
from tests.support.api import running
from tests.support.experts import sign_in
from tests.support.scripted_index import ScriptedIndex

pytestmark = pytest.mark.usefixtures("cases")
FIRST, SECOND, THIRD, FOURTH = CLAIMS


def put(index: ScriptedIndex, cases: dict[str, UUID], **fits: int) -> None:
    """Let the index answer with these cases: the numbers without what they share."""
    minutes = {number: minute for minute, number in enumerate(CLAIMS)}
    for short, fit in fits.items():
        number = f"A-000000{short[1:]}"
        index.places.append(Place(fit, at(minutes[number]), cases[number]))


async def test_cases_come_in_the_order_of_the_index(
    anna: Seeker, index: ScriptedIndex, cases: dict[str, UUID]
) -> None:
    put(index, cases, n1=2, n2=1, n3=2)

    page = await anna.page("сварка стойка")
    assert [one["case"]["number"] for one in page["items"]] == [THIRD, FIRST, SECOND]
    assert page["items"][1]["case"] | {"id": "", "version": 0} == {
        "id": "",
        "version": 0,
        "number": FIRST,
        "state": "queued",
        "submitted_at": "2026-03-02T12:00:00Z",
        "ended_at": None,
        "identifier": "XTA 210990 Y2766389",
        "plate": "А 123 ВС 77",
        "make": "SKODA",
        "model": "Octavia",
        "year": 2019,
        "verdict": None,
    }
    assert (page["total"], page["more_than_total"], page["limited"], page["next_cursor"]) == (
        3,
        False,
        None,
        None,
    )
    assert page["counts"] is None
    assert page["understood"] == [
        {"text": "сварка", "as": "words", "since": None, "until": None},
        {"text": "стойка", "as": "words", "since": None, "until": None},
    ]


async def test_what_is_typed_and_chosen_is_what_the_index_is_asked(
    anna: Seeker, index: ScriptedIndex
) -> None:
    facets = ["verdict:clean", "verdict:doubts", "make:LADA: 2"]
    await anna.page(
        "7654 skoda в марте 2026 ", facet=facets, since="2026-02-01", until="2026-03-15", counts=True
    )

    [asked] = index.asked
    assert [term.alternatives for term in asked.terms] == [
        (NamePattern("7654"), Words(("7654",))),
        (Words(("skoda",)),),
    ]
    assert asked.facets == {"verdict": {"clean", "doubts"}, "make": {"LADA: 2"}}
    assert asked.owner == "desk"
    assert (asked.since, asked.until) == (at(0).replace(day=1, hour=0), at(0).replace(day=16, hour=0))
    assert "expert" in asked.counting


async def test_pages_go_on_where_the_one_before_ended_and_show_each_case_once(
    anna: Seeker, index: ScriptedIndex, cases: dict[str, UUID]
) -> None:
    put(index, cases, n1=1, n2=1, n3=2, n4=1)
    shown: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(4):
        page = await anna.page("сварка", limit=1, **cursor)
        shown += [one["case"]["number"] for one in page["items"]]
        cursor = {"cursor": page["next_cursor"]}
    assert shown == [THIRD, FOURTH, SECOND, FIRST]
    assert cursor == {"cursor": None}


async def test_exact_numbers_come_first_and_once_whatever_the_index_says_of_them(
    anna: Seeker, index: ScriptedIndex, cases: dict[str, UUID]
) -> None:
    said: list[dict[str, int]] = [
        {},
        {"n1": 3},
        {"n1": 5, "n4": 5},
        {"n4": 2, "n2": 5},
        {"n1": 1, "n2": 3, "n3": 4},
    ]
    for limit, stale in product((1, 2, 3, 4), said):
        index.places.clear()
        put(index, cases, **stale)
        shown: list[str] = []
        asked: dict[str, Any] = {"limit": limit}
        while True:
            page = await anna.page(VIN, **asked)
            shown += [one["case"]["number"] for one in page["items"]]
            if page["next_cursor"] is None:
                break
            asked["cursor"] = page["next_cursor"]

        others = {f"A-000000{short[1:]}" for short in stale}
        assert [number for number in shown if number in {FIRST, FOURTH}] == [FOURTH, FIRST]
        assert len(shown) == len(set(shown))
        assert set(shown) == {FIRST, FOURTH} | others


async def test_exact_numbers_keep_to_the_facets_that_are_chosen(
    anna: Seeker, index: ScriptedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So that it has to read on.
    monkeypatch.setattr(finding, "_AT_ONCE", 1)
    for index.away in (False, True):
        for facet, expected in (
            ("make:SKODA", [FIRST]),
            (["make:SKODA", "state:answered"], []),
            ("state:answered", []),
        ):
            for limit in (1, 50):
                page = await anna.page(VIN, facet=facet, limit=limit)
                assert [one["case"]["number"] for one in page["items"]] == expected
                assert (page["total"], page["more_than_total"], page["next_cursor"]) == (
                    len(expected),
                    False,
                    None,
                )
        first = await anna.page(VIN, facet="state:queued", limit=1)
        assert (first["total"], first["more_than_total"]) == (1, True)
        [second] = (await anna.page(VIN, facet="state:queued", limit=1, cursor=first["next_cursor"]))["items"]
        assert [first["items"][0]["case"]["number"], second["case"]["number"]] == [FOURTH, FIRST]


async def test_all_cases_are_looked_through_for_a_facet_but_not_at_once(
    anna: Seeker, index: ScriptedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "_AT_ONCE", 1)
    monkeypatch.setattr(finding, "_MOST_LOOKED_THROUGH", 2)
    index.away = True
    shown: list[list[str]] = []
    asked: dict[str, Any] = {"facet": "make:SKODA", "limit": 1}
    for _ in range(3):
        page = await anna.page(**asked)
        shown.append([one["case"]["number"] for one in page["items"]])
        asked["cursor"] = page["next_cursor"]
    assert (shown, asked["cursor"]) == ([[], [FIRST], []], None)


async def test_an_index_that_is_away_leaves_what_is_exactly_known(
    anna: Seeker, index: ScriptedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 0.05)
    for how, why in (("away", "index_away"), ("hangs", "index_away"), ("wrong", "index_building")):
        setattr(index, how, True)
        page = await anna.page(f"шкода {VIN}")
        assert [one["case"]["number"] for one in page["items"]] == [FOURTH, FIRST]
        assert page["limited"] == {"why": why, "behind_seconds": None}
        assert await anna.numbers("шкода") == []
        assert await anna.numbers() == [FOURTH, THIRD, SECOND, FIRST]
        setattr(index, how, False)


async def test_pages_of_what_is_exactly_known_go_on_so_when_the_index_is_back(
    anna: Seeker, index: ScriptedIndex, cases: dict[str, UUID]
) -> None:
    index.away = True
    first = await anna.page(f"шкода {VIN}", limit=1)
    index.away = False
    put(index, cases, n4=6, n1=6)
    second = await anna.page(f"шкода {VIN}", limit=1, cursor=first["next_cursor"])

    assert [one["case"]["number"] for page in (first, second) for one in page["items"]] == [FOURTH, FIRST]
    assert second["limited"]["why"] == "index_away"


async def test_pages_that_the_index_leaves_in_between_hide_no_case_that_is_exactly_known(
    anna: Seeker, index: ScriptedIndex, cases: dict[str, UUID]
) -> None:
    """Of one number, and of all, none comes twice; among other things that were asked they begin anew."""
    for q, fits, first, rest in (
        (VIN, {"n1": 5, "n4": 5, "n3": 2}, [FOURTH], [FIRST]),
        (VIN, {"n3": 2}, [FOURTH, FIRST, THIRD], []),
        ("", {"n1": 0, "n2": 0, "n3": 0, "n4": 0}, [FOURTH, THIRD], [SECOND, FIRST]),
        (f"шкода {VIN}", {"n1": 6, "n2": 3, "n4": 3}, [FIRST], [FOURTH, FIRST]),
        (f"шкода {VIN}", {"n1": 3, "n2": 6, "n4": 3}, [SECOND], [FOURTH, FIRST]),
    ):
        index.places.clear()
        # There is more, or there would be no other page.
        index.places.append(Place(0, at(-1), UUID(int=9)))
        put(index, cases, **fits)
        page = await anna.page(q, limit=len(first))
        assert [one["case"]["number"] for one in page["items"]] == first
        index.away = True
        shown: list[str] = []
        while page["next_cursor"]:
            page = await anna.page(q, limit=1, cursor=page["next_cursor"])
            shown += [one["case"]["number"] for one in page["items"]]
            assert page["limited"]["why"] == "index_away"
        assert shown == rest, q
        index.away = False


async def test_what_waits_for_long_is_said(anna: Seeker, desk: Desk) -> None:
    assert (await anna.page("шкода"))["limited"] is None
    async with desk.ports.backbone.database.writing() as session:
        await session.fetch("UPDATE search_marks SET since = since - interval '1 hour' RETURNING id")
    limited = (await anna.page("шкода"))["limited"]
    assert limited["why"] == "index_behind"
    assert 3600 <= limited["behind_seconds"] < 4000


async def test_what_the_index_still_has_of_a_case_that_is_gone_is_not_shown(
    anna: Seeker, index: ScriptedIndex, cases: dict[str, UUID]
) -> None:
    put(index, cases, n1=1)
    index.places.append(Place(1, at(9), UUID(int=9)))
    assert await anna.numbers("шкода") == [FIRST]


async def test_facets_are_counted_and_experts_have_names(
    anna: Seeker, index: ScriptedIndex, desk: Desk
) -> None:
    index.counts = {"expert": ((str(desk.vera.id), 3), (str(UUID(int=5)), 1)), "make": (("SKODA", 2),)}

    counts = (await anna.page("шкода", counts=True))["counts"]
    assert counts["expert"] == [
        {"value": str(desk.vera.id), "label": "Vera", "count": 3},
        {"value": str(UUID(int=5)), "label": None, "count": 1},
    ]
    assert counts["make"] == [{"value": "SKODA", "label": None, "count": 2}]
    assert counts["sla"] == []
    assert set(counts) == {"state", "verdict", "make", "model", "year", "marking", "expert", "company", "sla"}


async def test_whoever_leads_is_told_which_engine_is_asked(desk: Desk, index: ScriptedIndex) -> None:
    for url, engine in (("", "postgresql"), ("http://127.0.0.1:1", "elasticsearch")):
        settings = desk.ports.settings.model_copy(update={"search_url": url})
        state = await finding.state(
            replace(desk.ports, search=index, settings=settings), scopes.of_person(desk.anna.id)
        )
        assert state.engine == engine


async def matched(
    anna: Seeker, index: ScriptedIndex, cases: dict[str, UUID], q: str
) -> list[tuple[str, str]]:
    """What of the first case answers, with the marks as brackets."""
    index.places.clear()
    put(index, cases, n1=1)
    [one] = [item for item in (await anna.page(q))["items"] if item["case"]["number"] == FIRST]
    return [(match["what"], bracketed(match)) for match in one["matched"]]


def bracketed(match: Json) -> str:
    text = match["text"]
    for begin, end in reversed(match["marks"]):
        text = f"{text[:begin]}[{text[begin:end]}]{text[end:]}"
    return text


MARKED: list[tuple[str, list[tuple[str, str]]]] = [
    (VIN, [("number", f"[{VIN}]")]),
    ("XTA2109 ", [("number", "[XTA2109]90Y2766389")]),
    ("766389 ", [("number", "XTA210990Y2[766389]")]),
    ("0990Y ", [("number", "XTA21[0990Y]2766389")]),
    ("XTA210990Y2766388 ", [("number", f"[{VIN}]")]),
    ("*6389", [("number", "XTA210990Y276[6389]")]),
    ("XTA*0990*389", [("number", "[XTA]21[0990]Y2766[389]")]),
    ("XTA21***0Y27663?9", [("number", f"[{VIN}]")]),
    ("а123вс77", [("plate", "[A123BC77]")]),
    ("A-0000001", [("case", "[A0000001]")]),
    ("octavia ", [("about", "SKODA [Octavia] 2019")]),
    ("octav", [("about", "SKODA [Octavia] 2019")]),
    ("genuine ", [("messages", "Are the digits [genuine]?")]),
    ('"the digits" ', [("messages", "Are [the] [digits] genuine?")]),
    ("digit 766389 ", [("number", "XTA210990Y2[766389]"), ("messages", "Are the [digits] genuine?")]),
    ("vin:A123 ", []),
    ("plate:A123 ", [("plate", "[A123]BC77")]),
    ("note:genuine ", []),
]


async def test_what_answers_is_shown_with_marks(
    anna: Seeker, index: ScriptedIndex, cases: dict[str, UUID]
) -> None:
    for typed, expected in MARKED:
        found = await matched(anna, index, cases, typed)
        shown = [(what, text.splitlines()[0] if what == "about" else text) for what, text in found]
        assert shown == expected, typed


async def test_what_would_take_too_long_to_mark_is_shown_without_marks(
    anna: Seeker,
    index: ScriptedIndex,
    cases: dict[str, UUID],
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    never = "SELECT place, pg_sleep(600) FROM unnest($1::int[], $2::text[], $3::text[]) AS said (place)"
    monkeypatch.setattr(matching, "_HEADLINES", never)
    monkeypatch.setattr(patience, "_ENOUGH", 0)
    put(index, cases, n1=1)
    index.counts = {"expert": ((str(desk.vera.id), 3),)}
    page = await anna.page("digit 766389 ", counts=True)
    [item] = [one for one in page["items"] if one["case"]["number"] == FIRST]
    assert [(one["what"], bracketed(one)) for one in item["matched"]] == [("number", "XTA210990Y2[766389]")]
    # The transaction goes on.
    assert (page["limited"], page["counts"]["expert"][0]["label"]) == (None, "Vera")


async def test_nothing_is_shown_to_who_may_not_see_it_whatever_the_index_answers(
    desk: Desk, index: ScriptedIndex, cases: dict[str, UUID]
) -> None:
    """Nobody, and somebody of whom it is not known yet what they may see."""
    put(index, cases, n1=5, n2=3, n3=1, n4=4)
    ports = replace(desk.ports, search=index)
    for scope, typed in product(
        (NOBODY, scopes.of_person(desk.anna.id)), (VIN, "7654", "шкода", "", "A-0000001")
    ):
        for index.away in (False, True):
            page = await finding.page(
                ports,
                scope,
                ZoneInfo("UTC"),
                desk.now,
                Wanted(typed=typed),
                whose="somebody",
                cursor=None,
                limit=50,
            )
            assert page.items == []


async def test_no_connection_is_held_while_the_index_is_asked(
    desk: Desk, anna: Seeker, index: ScriptedIndex
) -> None:
    held: list[int] = []

    async def look() -> None:
        async with desk.ports.backbone.database.reading() as session:
            [[count]] = await session.fetch(_OTHERS_IN_TRANSACTIONS)
            held.append(count)

    index.before_answer = look
    await anna.page("шкода")
    assert held == [0]


_OTHERS_IN_TRANSACTIONS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle in transaction'
"""


async def test_nobody_searches_without_end(bpa_settings: Settings, desk: Desk, index: ScriptedIndex) -> None:
    app = create_app(bpa_settings.model_copy(update={"searches_per_expert": "2/minute"}))
    async with running(app) as api:
        app.state.ports = replace(app.state.ports, search=index)
        anna = Seeker(api, await sign_in(desk.ports, Role.EXPERT, "anna"))
        answers = [await anna.get(PATH, {"q": "шкода"}) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
