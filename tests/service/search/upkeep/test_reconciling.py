"""Reconciliation: whatever differs is found, counted and mended, and nothing else is."""

from dataclasses import replace
from uuid import UUID

import pytest

from service_kit.ids import new_id
from service_kit.search.documents import Document
from service_kit.search.keeping import reconciling
from shared_schemas.events import cabinet_v1 as cabinet
from tests.service.cases.conftest import Desk, at
from tests.service.search.upkeep.conftest import Keeper


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciling, "PAGE", 3)


@pytest.fixture
async def case_ids(desk: Desk, keeper: Keeper) -> list[UUID]:
    """Seven cases that can be found."""
    ids = [await desk.opened(f"A-000000{number}") for number in range(1, 8)]
    await keeper.catch_up()
    return ids


async def mended(keeper: Keeper, case_ids: list[UUID]) -> None:
    await keeper.catch_up()
    assert set(keeper.index.documents) == set(case_ids)
    assert (await keeper.compare()).count == 0


async def test_where_nothing_differs_nothing_is_found(keeper: Keeper, case_ids: list[UUID]) -> None:
    found = await keeper.compare()
    assert (found.count, found.compared) == (0, len(case_ids))
    compared = (await keeper.state()).compared
    assert compared is not None
    assert (compared.documents, compared.differences) == (len(case_ids), 0)


async def test_documents_that_are_missing_come_back(keeper: Keeper, case_ids: list[UUID]) -> None:
    for case_id in (case_ids[0], case_ids[3], case_ids[6]):
        del keeper.index.kept[1][case_id]
    found = await keeper.compare()
    assert (found.missing, found.stale, found.unwanted) == (3, 0, 0)
    await mended(keeper, case_ids)


async def test_a_whole_page_may_be_missing(keeper: Keeper, case_ids: list[UUID]) -> None:
    for case_id in case_ids[:5]:
        del keeper.index.kept[1][case_id]
    assert (await keeper.compare()).missing == 5
    await mended(keeper, case_ids)


async def test_documents_of_another_version_are_fed_anew(keeper: Keeper, case_ids: list[UUID]) -> None:
    copy = keeper.index.kept[1]
    right = copy[case_ids[2]]
    copy[case_ids[2]] = replace(right, version=right.version - 1)
    assert (await keeper.compare()).stale == 1
    await mended(keeper, case_ids)
    assert copy[case_ids[2]].version > right.version


async def test_an_index_that_is_ahead_of_a_restored_database_is_caught_up_with(
    keeper: Keeper, case_ids: list[UUID]
) -> None:
    copy = keeper.index.kept[1]
    copy[case_ids[2]] = ahead = replace(copy[case_ids[2]], version=5_000)
    assert (await keeper.compare()).stale == 1
    await mended(keeper, case_ids)
    assert copy[case_ids[2]].version > ahead.version


async def test_documents_of_nothing_go(keeper: Keeper, case_ids: list[UUID]) -> None:
    copy = keeper.index.kept[1]
    some = copy[case_ids[0]]
    assert isinstance(some, Document)
    for stranger in (UUID(int=1), new_id(), UUID(int=2**128 - 1)):
        copy[stranger] = replace(some, id=stranger, version=9)
    found = await keeper.compare()
    assert (found.missing, found.stale, found.unwanted) == (0, 0, 3)
    await mended(keeper, case_ids)


async def test_what_was_erased_and_is_there_goes(desk: Desk, keeper: Keeper, case_ids: list[UUID]) -> None:
    erased, *others = case_ids
    before = keeper.index.kept[1][erased]
    await desk.hear(cabinet.InspectionErasedV1(inspection_id=erased, erased_at=at(9)), at(9))
    await keeper.catch_up()
    keeper.index.kept[1][erased] = before
    assert (await keeper.compare()).unwanted == 1
    await mended(keeper, others)


async def test_what_was_erased_goes_even_where_its_removal_was_refused(
    desk: Desk, keeper: Keeper, case_ids: list[UUID]
) -> None:
    erased, *others = case_ids
    before = keeper.index.kept[1][erased]
    await desk.hear(cabinet.InspectionErasedV1(inspection_id=erased, erased_at=at(9)), at(9))
    await keeper.catch_up()
    keeper.index.kept[1][erased] = before
    await keeper.run("UPDATE search_marks SET refused = true WHERE id = $1", erased)
    assert (await keeper.compare()).unwanted == 1
    await mended(keeper, others)


async def test_what_waits_to_be_fed_is_no_difference(
    desk: Desk, keeper: Keeper, case_ids: list[UUID]
) -> None:
    await desk.claim(case_ids[1], desk.anna)
    await desk.opened("A-0000009")
    assert (await keeper.compare()).count == 0


async def test_the_worker_compares_when_it_starts(keeper: Keeper, case_ids: list[UUID]) -> None:
    del keeper.index.kept[1][case_ids[0]]
    await keeper.catch_up()
    assert case_ids[0] not in keeper.index.documents
    keeper.start_anew()
    await mended(keeper, case_ids)
