"""A new copy: nothing is missed while it is built, whoever is killed, and it has what changed meanwhile."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from uuid import UUID

import asyncpg
import pytest

from bpa_service.cases.talking import service as talking
from bpa_service.search.documents import Cases
from service_kit import failpoints
from service_kit.db import ReadSession
from service_kit.failpoints import Point
from service_kit.search.documents import Change, Document, TextField
from service_kit.search.keeping import copies, rebuilding, upkeep
from service_kit.search.keeping.tables import CopyState
from service_kit.search.port import IndexAway
from shared_schemas.events import cabinet_v1 as cabinet
from tests.service.cases.conftest import START, Desk
from tests.service.search.upkeep.conftest import Keeper
from tests.support.kept_index import KeptIndex

_ON_THE_WAY = (
    Point.COPY_CREATED,
    Point.COPIED,
    Point.COPY_NOTED,
    Point.PUBLISHING_COPY,
    Point.COPY_PUBLISHED,
    Point.COPY_DROPPED,
)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(rebuilding, "AT_ONCE", 2)
    yield
    failpoints.disarm()


@pytest.fixture
async def case_ids(desk: Desk, keeper: Keeper) -> list[UUID]:
    """Seven cases that can be found."""
    ids = [await desk.opened(f"A-000000{number}") for number in range(1, 8)]
    await keeper.catch_up()
    assert set(keeper.index.documents) == set(ids)
    return ids


async def known(keeper: Keeper) -> list[tuple[int, CopyState]]:
    async with keeper.database.reading() as session:
        return [(one.copy, one.state) for one in await copies.known(session)]


async def test_documents_by_other_rules_are_built_anew_and_found_all_the_time(
    keeper: Keeper, case_ids: list[UUID]
) -> None:
    keeper.start_anew("two")
    seen: list[int | None] = []
    while await keeper.upkeep.step():
        seen.append(keeper.index.published)
        assert set(keeper.index.documents) == set(case_ids)
    assert seen == sorted(seen, key=lambda copy: copy or 0)
    assert set(seen) == {1, 2}
    assert set(keeper.index.kept) == {2}
    assert await known(keeper) == [(2, CopyState.LIVE)]


async def test_what_changes_while_a_copy_is_built_is_in_it(
    desk: Desk, keeper: Keeper, case_ids: list[UUID]
) -> None:
    keeper.start_anew("two")
    await desk.claim(case_ids[0], desk.anna)
    await desk.claim(case_ids[6], desk.anna)
    steps = 0
    opened: list[UUID] = []
    while await keeper.upkeep.step():
        steps += 1
        if steps in (3, 5):  # behind where the scan is, and before it
            for case_id in (case_ids[0], case_ids[6]):
                await desk.do(talking.write_note, case_id, text=f"step{steps}", by=desk.anna)
            opened.append(await desk.opened(f"A-000001{steps}"))
        if steps == 4:
            await desk.hear(cabinet.InspectionErasedV1(inspection_id=case_ids[1], erased_at=START))
    assert keeper.index.published == 2
    assert set(keeper.index.documents) == {*case_ids, *opened} - {case_ids[1]}
    for case_id in (case_ids[0], case_ids[6]):
        assert keeper.index.documents[case_id].texts[TextField.NOTES].split() == ["step3", "step5"]
    assert (await keeper.compare()).count == 0


@pytest.mark.parametrize("point", _ON_THE_WAY)
async def test_whoever_is_killed_is_followed_by_who_goes_on(
    keeper: Keeper, case_ids: list[UUID], point: Point, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(failpoints.VARIABLE, f"{point}=error")
    failpoints.arm(environment="test")
    keeper.start_anew("two")
    with pytest.raises(failpoints.Injected):
        await keeper.catch_up()
    assert set(keeper.index.documents) == set(case_ids)
    before = keeper.index.writes
    keeper.start_anew("two")
    await keeper.catch_up()
    assert set(keeper.index.documents) == set(case_ids)
    assert len(keeper.index.kept) == 1, "no copy is left behind"
    assert await known(keeper) == [(keeper.index.published, CopyState.LIVE)]
    assert (await keeper.compare()).count == 0
    if point is Point.COPY_NOTED:
        assert keeper.index.writes - before == len(case_ids) - 2, "what was noted is not copied again"


@pytest.mark.parametrize("point", [Point.INDEXING, Point.INDEXED, Point.FED])
async def test_whoever_is_killed_while_feeding_has_lost_nothing(
    desk: Desk, keeper: Keeper, case_ids: list[UUID], point: Point, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(failpoints.VARIABLE, f"{point}=error")
    failpoints.arm(environment="test")
    await desk.claim(case_ids[0], desk.anna)
    with pytest.raises(failpoints.Injected):
        await keeper.catch_up()
    keeper.start_anew()
    await keeper.catch_up()
    assert keeper.index.documents[case_ids[0]].facets["state"] == {"in_work"}
    assert (await keeper.compare()).count == 0
    assert (await keeper.state()).waiting == 0


async def test_an_index_that_is_deleted_by_hand_is_built_anew(keeper: Keeper, case_ids: list[UUID]) -> None:
    keeper.index.kept.clear()
    keeper.index.published = None
    keeper.start_anew()
    await keeper.catch_up()
    assert set(keeper.index.documents) == set(case_ids)
    assert keeper.index.published == 2


async def test_what_acts_hold_is_not_waited_for_while_a_copy_is_built(
    keeper: Keeper, case_ids: list[UUID], bpa_url: str
) -> None:
    """And what became of it in the new copy is known in the end."""
    keeper.index.refused = {case_ids[0], case_ids[6]}
    keeper.start_anew("two")
    act = await asyncpg.connect(bpa_url)
    try:
        transaction = act.transaction()
        await transaction.start()
        await act.execute("SELECT FROM search_marks WHERE id = ANY ($1) FOR UPDATE", case_ids[:3])
        async with asyncio.timeout(20):
            while len(keeper.index.kept.get(2, ())) < 5 or (await keeper.state()).refused == 0:
                await keeper.upkeep.step()
        assert (await keeper.state()).refused == 1, "that of the other one nobody holds"
        await transaction.rollback()
    finally:
        await act.close()
    await keeper.catch_up()
    assert (keeper.index.published, set(keeper.index.documents)) == (2, set(case_ids[1:6]))
    assert ((await keeper.state()).refused, (await keeper.state()).waiting) == (2, 0)


async def test_a_copy_that_the_database_does_not_know_goes(
    desk: Desk, keeper: Keeper, case_ids: list[UUID]
) -> None:
    """Whoever made it was killed before that was noted."""
    keeper.index.kept |= {7: {}, 9: {**keeper.index.kept[1]}}
    keeper.index.dropped_at_once = 2
    keeper.start_anew()
    while len(keeper.index.kept.get(9, ())) > 5:
        await keeper.upkeep.step()
    await desk.claim(case_ids[0], desk.anna)
    await keeper.upkeep.step()
    assert keeper.index.documents[case_ids[0]].facets["state"] == {"in_work"}
    assert len(keeper.index.kept[9]) == 3
    await keeper.catch_up()
    assert (set(keeper.index.kept), set(keeper.index.documents)) == ({1}, set(case_ids))


async def test_a_live_copy_that_cannot_be_written_to_is_built_anew(
    desk: Desk, keeper: Keeper, case_ids: list[UUID]
) -> None:
    del keeper.index.kept[1]
    await desk.claim(case_ids[0], desk.anna)
    await keeper.catch_up()
    assert keeper.index.documents[case_ids[0]].facets["state"] == {"in_work"}
    assert set(keeper.index.documents) == set(case_ids)


async def test_a_copy_that_is_made_otherwise_is_looked_into_until_there_is_another(
    keeper: Keeper, case_ids: list[UUID]
) -> None:
    keeper.index.wrong = True
    keeper.start_anew()
    while await keeper.upkeep.step():
        assert set(keeper.index.documents) == set(case_ids)
    assert (keeper.index.published, keeper.index.wrong) == (2, False)


async def test_a_copy_that_is_lost_while_it_is_built_is_begun_anew(
    keeper: Keeper, case_ids: list[UUID]
) -> None:
    async def lose(_changes: Sequence[Change]) -> None:
        keeper.index.kept.pop(2, None)

    keeper.index.before_write = lose
    keeper.start_anew("two")
    with pytest.raises(IndexAway):
        await keeper.catch_up()
    keeper.index.before_write = None
    await keeper.catch_up()
    assert (keeper.index.published, set(keeper.index.documents)) == (3, set(case_ids))


class ByOtherRules(Cases):
    async def documents(self, session: ReadSession, versions: Mapping[UUID, int]) -> Sequence[Change]:
        return [
            replace(one, texts={TextField.ABOUT: "otherwise"}) if isinstance(one, Document) else one
            for one in await super().documents(session, versions)
        ]


@pytest.mark.parametrize("killed_at", [Point.INDEXED, Point.COPY_CREATED, None])
async def test_nothing_is_left_of_a_worker_of_other_rules(
    desk: Desk,
    keeper: Keeper,
    case_ids: list[UUID],
    killed_at: Point | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = Keeper(keeper.backbone, ByOtherRules(), keeper.index)
    other.start_anew("older")
    await desk.claim(case_ids[0], desk.anna)
    if killed_at is not None:
        monkeypatch.setenv(failpoints.VARIABLE, f"{killed_at}=error")
        failpoints.arm(environment="test")
    with pytest.raises(failpoints.Injected) if killed_at else nullcontext():
        await other.upkeep.step()
    failpoints.disarm()
    assert keeper.index.documents[case_ids[0]].texts == {TextField.ABOUT: "otherwise"}, "nothing waits"
    keeper.start_anew()
    await keeper.catch_up()
    assert set(keeper.index.documents) == set(case_ids)
    for document in keeper.index.documents.values():
        assert "genuine" in document.texts[TextField.MESSAGES]
    assert await known(keeper) == [(keeper.index.published, CopyState.LIVE)]


async def test_what_changes_is_fed_while_an_old_copy_is_dropped(
    desk: Desk, keeper: Keeper, case_ids: list[UUID]
) -> None:
    keeper.index.dropped_at_once = 2
    keeper.start_anew("two")
    while keeper.index.published != 2:
        await keeper.upkeep.step()
    await desk.claim(case_ids[0], desk.anna)
    await keeper.upkeep.step()
    assert keeper.index.documents[case_ids[0]].facets["state"] == {"in_work"}
    assert len(keeper.index.kept[1]) == 5
    await keeper.catch_up()
    assert set(keeper.index.kept) == {2}
    assert await known(keeper) == [(2, CopyState.LIVE)]


async def test_what_changes_is_fed_while_a_copy_is_dropped_that_was_never_whole(
    desk: Desk, keeper: Keeper, case_ids: list[UUID]
) -> None:
    keeper.start_anew("two")
    while len(keeper.index.kept.get(2, ())) < 6:
        await keeper.upkeep.step()
    keeper.index.dropped_at_once = 2
    keeper.start_anew("three")
    await keeper.upkeep.step()
    await desk.claim(case_ids[0], desk.anna)
    await keeper.upkeep.step()
    assert keeper.index.documents[case_ids[0]].facets["state"] == {"in_work"}
    assert len(keeper.index.kept[2]) == 2
    assert (await keeper.state()).waiting == 0
    await keeper.catch_up()
    assert await known(keeper) == [(3, CopyState.LIVE)]


async def test_what_changes_is_fed_while_another_engine_is_cleared(
    desk: Desk, keeper: Keeper, case_ids: list[UUID]
) -> None:
    retired = KeptIndex({4: {**keeper.index.kept[1]}, 5: {}}, dropped_at_once=2)
    keeper.start_anew("one", retired)
    await keeper.upkeep.step()
    await desk.claim(case_ids[0], desk.anna)
    await keeper.upkeep.step()
    assert keeper.index.documents[case_ids[0]].facets["state"] == {"in_work"}
    assert len(retired.kept[4]) == 3
    await keeper.catch_up()
    assert retired.kept == {}


async def test_an_operator_has_it_built_anew(keeper: Keeper, case_ids: list[UUID]) -> None:
    async with keeper.database.writing() as session:
        await copies.make_anew(session)
    await keeper.upkeep.step()
    await keeper.upkeep.step()
    building = (await keeper.state()).building
    assert building is not None
    assert (building.copy, building.done, building.about) == (2, 2, len(case_ids))
    await keeper.catch_up()
    assert (keeper.index.published, set(keeper.index.documents)) == (2, set(case_ids))


async def test_what_was_published_is_not_dropped_where_nobody_noted_it(
    keeper: Keeper, case_ids: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(failpoints.VARIABLE, f"{Point.COPY_PUBLISHED}=error")
    failpoints.arm(environment="test")
    keeper.start_anew("two")
    with pytest.raises(failpoints.Injected):
        await keeper.catch_up()
    assert keeper.index.published == 2
    keeper.start_anew("three")
    while await keeper.upkeep.step():
        assert set(keeper.index.documents) == set(case_ids)
    assert (keeper.index.published, set(keeper.index.kept)) == (3, {3})


async def test_an_engine_that_makes_no_copy_ends_no_worker(
    desk: Desk, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "MIN_BACKOFF", 0.01)
    monkeypatch.setattr(upkeep, "MAX_BACKOFF", 0.02)
    case_id = await desk.opened("A-00000001")
    keeper.index.unwilling = True
    keeper.start_anew()
    working = asyncio.create_task(keeper.upkeep.run())
    try:
        ended, _ = await asyncio.wait([working], timeout=0.5)
        assert not ended
        keeper.index.unwilling = False
        async with asyncio.timeout(20):
            while keeper.index.published is None or case_id not in keeper.index.documents:
                await asyncio.sleep(0.05)
    finally:
        working.cancel()
        await asyncio.wait([working])
