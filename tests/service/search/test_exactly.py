"""What is exactly known of a case finds it, whether or not there is an index."""

import pytest

from tests.service.cases.caller import problem
from tests.service.search.conftest import PATH, VIN, Seeker

pytestmark = pytest.mark.usefixtures("cases")


TYPED = {
    VIN: ["A-0000004", "A-0000001"],
    "хта 210990-у2766389": ["A-0000004", "A-0000001"],
    "а123вс77": ["A-0000001"],
    "a 123 bc 77 RUS": ["A-0000001"],
    "sv30 0169266": ["A-0000002"],
    "к 987 тс 166": ["A-0000003"],
    "A-0000003": ["A-0000003"],
    "а0000003": ["A-0000003"],
    "XTA210990Y2766380": [],
    "A-0000009": [],
}


async def test_a_case_is_found_by_any_of_its_numbers(anna: Seeker) -> None:
    assert {typed: await anna.numbers(typed) for typed in TYPED} == TYPED


async def test_pages_of_one_number_have_each_case_once_and_know_their_question(anna: Seeker) -> None:
    first = await anna.page(VIN, limit=1)
    second = await anna.page(VIN, limit=1, cursor=first["next_cursor"])

    shown = [page["items"][0]["case"]["number"] for page in (first, second)]
    assert shown == ["A-0000004", "A-0000001"]
    assert second["next_cursor"] is None
    for other in ({"q": "A-0000001"}, {"q": VIN, "since": "2020-01-01"}, {"q": VIN, "facet": "make:SKODA"}):
        answer = await anna.get(PATH, {**other, "limit": 1, "cursor": first["next_cursor"]})
        assert problem(answer) == (400, "bad_cursor"), other


async def test_days_are_whole_ones(anna: Seeker) -> None:
    assert len(await anna.numbers(VIN, since="2026-03-02", until="2026-03-02")) == 2
    assert await anna.numbers(VIN, since="2026-03-03") == []
    assert await anna.numbers(VIN, until="2026-03-01") == []
