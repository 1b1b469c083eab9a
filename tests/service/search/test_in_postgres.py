"""Cases that are really found: fed to the index of PostgreSQL, asked over HTTP, by whatever is remembered."""

from collections.abc import AsyncGenerator
from typing import Final
from uuid import UUID

import httpx
import pytest

from bpa_service.cases.findings import service as findings
from bpa_service.cases.findings.schemas import FindingIn, FindingPatch
from bpa_service.cases.talking import service as talking
from bpa_service.entrypoints.app import create_app
from bpa_service.search.documents import Cases
from bpa_service.settings import Settings
from service_kit.paging import decode_cursor, encode_cursor
from service_kit.search.keeping.upkeep import Upkeep
from service_kit.search.questions import MOST_TERMS, Fit
from shared_schemas.events.bpa_v1 import FindingSeverity
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.words import IdentifierKind
from tests.service.cases.answers import decide, draft, found
from tests.service.cases.caller import problem
from tests.service.cases.conftest import Desk, at, submitted
from tests.service.search.conftest import PATH, VIN, Seeker
from tests.support.api import running

OTHER: Final = VehicleClaim(
    identifier_kind=IdentifierKind.VIN,
    identifier="XW8ZZZ61ZJG012345",
    make="Volkswagen",
    model="Polo",
    year=2018,
)

SAID: Final = "На стойке следы сварки."
CHANGED: Final = "На стойке ничего нет."
WORRY: Final = "Цвет серый, стоит в Казани."


@pytest.fixture
async def bpa_api(bpa_settings: Settings) -> AsyncGenerator[httpx.AsyncClient]:
    """With the index that the settings say."""
    async with running(create_app(bpa_settings)) as client:
        yield client


@pytest.fixture
async def case_ids(desk: Desk, cases: dict[str, UUID]) -> dict[str, UUID]:
    """The cases of CLAIMS, of which the first has words about it, and one more that is answered."""
    fact = submitted("A-0000005", at(5)).model_copy(
        update={"claim": OTHER, "worry": "Цвет серый, стоит в Казани."}
    )
    await desk.hear(fact, at(5))
    first = cases["A-0000001"]
    await desk.claim(first, desk.anna, at(6))
    statement = FindingIn(
        severity=FindingSeverity.ANOMALY,
        text="На стойке следы сварки.",
        places=(),
        rule_ref="font-7",
        record_ref=None,
    )
    await desk.do(findings.record, first, statement=statement, by=desk.anna)
    await desk.do(talking.write_note, first, text="Ask Oleg about the welder", by=desk.anna)
    ninth = await desk.in_work("A-0000009")
    await decide(desk, ninth, draft(await found(desk, ninth)))
    return {**cases, "A-0000005": fact.inspection_id, "A-0000009": ninth}


async def feed(desk: Desk) -> None:
    """Until the index is as the database is."""
    backbone = desk.ports.backbone
    upkeep = Upkeep(backbone.database, backbone.listener, desk.ports.search, Cases(), made_of="one")
    while await upkeep.step():
        pass


FOUND: Final = {
    VIN: ["A-0000004", "A-0000001"],
    "766389": ["A-0000004", "A-0000001"],
    "XTA210990Y2766388": ["A-0000004", "A-0000001"],  # one character is another
    "XTA21099Y2766389": ["A-0000004", "A-0000001"],  # one is missing
    "ХТА21О99ОУ2766З89": ["A-0000004", "A-0000001"],  # O for 0, and a letter for a digit
    "XTA21***0Y2766??9": ["A-0000004", "A-0000001"],
    "чеф210990н2766389": ["A-0000004", "A-0000001"],
    "a 123 bc 77": ["A-0000001"],
    "123вс": ["A-0000001"],
    "169266": ["A-0000002"],
    "сварка стойка": ["A-0000001"],
    "сварк": ["A-0000001"],
    '"следы сварки"': ["A-0000001"],
    '"сварки следы"': [],
    "welders": ["A-0000001"],
    "note:welder": ["A-0000001"],
    "finding:welder": [],
    "octavia 2019": ["A-0000001"],
    "шкода": ["A-0000001"],
    "irjlf": ["A-0000001"],
    "фольксваген казань": ["A-0000005"],
    "серую 12345": ["A-0000005"],
    "ends in 2345 or 9266": ["A-0000005", "A-0000002"],
    "case:0000009": ["A-0000009"],
    "перебитый номер": ["A-0000009"],
    "anna": ["A-0000009", "A-0000001"],
    "в марте 2026 polo": ["A-0000005"],
    "polo вчера": [],
    "nothing like it": [],
}


async def test_cases_are_found_by_whatever_is_remembered(
    desk: Desk, anna: Seeker, case_ids: dict[str, UUID]
) -> None:
    assert (await anna.page(VIN))["limited"]["why"] == "index_building"
    await feed(desk)
    assert {typed: await anna.numbers(typed) for typed in FOUND} == FOUND
    assert (await anna.page("polo"))["limited"] is None
    assert len(await anna.numbers()) == len(case_ids)
    # Pages of what fits equally well.
    first = await anna.page("в марте 2026", limit=4)
    second = await anna.page("в марте 2026", limit=4, cursor=first["next_cursor"])
    shown = [one["case"]["number"] for page in (first, second) for one in page["items"]]
    assert (len(shown), len(set(shown)), first["total"]) == (6, 6, 6)


async def test_facets_narrow_and_are_counted(desk: Desk, anna: Seeker, case_ids: dict[str, UUID]) -> None:
    await feed(desk)
    page = await anna.page(facet="state:in_work", counts=True)
    assert [one["case"]["id"] for one in page["items"]] == [str(case_ids["A-0000001"])]
    assert {"value": "queued", "label": None, "count": 4} in page["counts"]["state"]
    assert page["counts"]["verdict"] == []
    assert page["counts"]["expert"] == [{"value": str(desk.anna.id), "label": "Anna", "count": 1}]
    assert await anna.numbers(facet=["verdict:forgery_signs", "verdict:clean"]) == ["A-0000009"]
    assert await anna.numbers(facet=["make:SKODA", "year:2019"]) == ["A-0000001"]
    assert await anna.numbers(facet=["make:SKODA", "year:2018"]) == []


async def test_what_changes_is_shown_as_it_is_before_the_index_knows(
    desk: Desk, anna: Seeker, case_ids: dict[str, UUID]
) -> None:
    await feed(desk)
    case_id = case_ids["A-0000001"]
    [finding] = (await desk.full(case_id)).findings
    change = FindingPatch(text=CHANGED)
    await desk.do(findings.change, case_id, finding.id, change=change, by=desk.anna)

    [stale] = (await anna.page("сварка стойка"))["items"]
    assert [(match["what"], match["text"]) for match in stale["matched"]] == [
        ("findings", "На стойке ничего нет.")
    ]
    await feed(desk)
    assert await anna.numbers("сварка стойка") == []


BAD: Final = [
    *("*", "???", "*?*?", "a" * 500, "я" * 500, "* " * 250, "?1" * 250, "*a" * 250),
    *('"', '"a', "«b", "(((", ")]}", "[a-z]*", "(a+)+$", "^(([a-z])+.)+[A-Z]([a-z])+$"),
    *("a AND (b OR", "NOT", "a:*", "a & b | !c", "<->", "%", "_", "'; DROP TABLE cases"),
    *("\\", "\\\\'", "😀", "😀😀 vin", "\u202e\u05e9\u05dc", "\u0645\u0631 123", "ﷺ", "\u0301\u0301"),
    *("vin:", "vin:*", "client:", "or or or", "ends in", "с по", "99.99.9999", "31.12.9999"),
    *("1 января 0000", "∀x∃y", "Ⅻ"),
]


async def test_bad_input_finds_nothing_wrong(desk: Desk, anna: Seeker, case_ids: dict[str, UUID]) -> None:
    assert case_ids
    await feed(desk)
    for typed in BAD:
        page = await anna.page(typed, counts=True)
        assert page["limited"] is None, typed
        assert len(page["items"]) <= len(case_ids), typed
    assert await anna.numbers("*") == await anna.numbers()
    for long in ("x" * 501, "x" * 10_000):
        answer = await anna.get(PATH, {"q": long})
        assert problem(answer) == (422, "question_too_long")
    for asked in (
        {"facet": "colour:red"},
        {"facet": "make"},
        {"since": "soon"},
        {"limit": 0},
        {"limit": 51},
        {"q": "x" * 20_001},
    ):
        assert problem(await anna.get(PATH, asked)) == (422, "malformed_request"), asked
    for cursor in ("", "x", "W10", "😀"):
        assert problem(await anna.get(PATH, {"cursor": cursor})) == (400, "bad_cursor"), cursor
    key = decode_cursor((await anna.page(limit=1))["next_cursor"], *[str] * 5)
    assert key is not None
    digest, is_exact, _, *rest = key
    for by_hand in (3_000_000_000, -1, MOST_TERMS * Fit.WHOLE + 1):
        cursor = encode_cursor(digest, is_exact, by_hand, *rest)
        assert problem(await anna.get(PATH, {"cursor": cursor})) == (400, "bad_cursor"), by_hand
    assert await anna.numbers(since="0001-01-01", until="9999-12-31") == await anna.numbers()


async def test_an_index_that_somebody_dropped_is_said_to_be_built(
    desk: Desk, anna: Seeker, case_ids: dict[str, UUID]
) -> None:
    await feed(desk)
    for copy in await desk.ports.search.copies():
        await desk.ports.search.drop(copy)
    page = await anna.page(VIN)
    assert page["limited"]["why"] == "index_building"
    assert [one["case"]["id"] for one in page["items"]] == [
        str(case_ids[number]) for number in ("A-0000004", "A-0000001")
    ]
