"""Feeding: nothing is lost, doubled or taken back, whatever happens meanwhile."""

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpa_service.cases.talking import service as talking
from bpa_service.search.documents import Cases
from service_kit.db import ReadSession
from service_kit.search.documents import Change, TextField
from service_kit.search.keeping.feeding import Feeder
from service_kit.search.port import IndexAway
from shared_schemas.events import cabinet_v1 as cabinet
from tests.service.cases.conftest import Desk, at
from tests.service.search.upkeep.conftest import Keeper


async def note(desk: Desk, case_id: UUID, text: str) -> None:
    await desk.do(talking.write_note, case_id, text=text, by=desk.anna)


async def test_what_changes_between_reading_and_writing_is_fed_again(desk: Desk, keeper: Keeper) -> None:
    case_id = await desk.in_work()
    await keeper.catch_up()
    words = iter(["second", "third"])

    async def change(_changes: Sequence[Change]) -> None:
        if word := next(words, None):
            await note(desk, case_id, word)

    await note(desk, case_id, "first")
    keeper.index.before_write = change
    assert (await keeper.says(case_id, TextField.NOTES)).split() == ["first", "second", "third"]
    assert (await keeper.state()).waiting == 0


async def test_what_an_act_holds_is_not_waited_for(desk: Desk, keeper: Keeper, bpa_url: str) -> None:
    case_id, other_id = await desk.in_work(), await desk.in_work("A-0000002")
    await keeper.catch_up()
    await note(desk, case_id, "held")
    await note(desk, other_id, "free")
    act = await asyncpg.connect(bpa_url)
    try:
        transaction = act.transaction()
        await transaction.start()
        await act.execute("SELECT search_raise($1)", case_id)
        async with asyncio.timeout(20):
            await keeper.catch_up()
        assert "held" in keeper.index.documents[case_id].texts[TextField.NOTES]
        assert (await keeper.state()).waiting == 1, "it is fed again once the act is over"
        await transaction.commit()
    finally:
        await act.close()
    await keeper.catch_up()
    assert (await keeper.state()).waiting == 0


async def test_an_engine_that_is_away_gets_everything_once_it_is_back(desk: Desk, keeper: Keeper) -> None:
    case_id = await desk.in_work()
    await keeper.catch_up()
    keeper.index.away = True
    for word in ("one", "two"):
        await note(desk, case_id, word)
        with pytest.raises(IndexAway):
            await keeper.catch_up()
    state = await keeper.state()
    assert (state.waiting, state.behind.total_seconds() > 0) == (1, True)
    keeper.index.away = False
    assert (await keeper.says(case_id, TextField.NOTES)).split() == ["one", "two"]
    assert (await keeper.state()).behind.total_seconds() == 0


async def test_a_document_that_is_refused_is_counted_and_not_tried_forever(
    desk: Desk, keeper: Keeper
) -> None:
    bad_id, good_id = await desk.in_work(), await desk.in_work("A-0000002")
    keeper.index.refused = {bad_id}
    await keeper.catch_up()
    assert set(keeper.index.documents) == {good_id}
    assert ((await keeper.state()).refused, (await keeper.state()).waiting) == (1, 0)
    assert (await keeper.compare()).count == 0, "it is known, and nothing to mend"
    keeper.index.refused = set()
    await note(desk, bad_id, "mended")
    await keeper.catch_up()
    assert set(keeper.index.documents) == {bad_id, good_id}
    assert (await keeper.state()).refused == 0


async def test_a_removal_is_never_taken_for_fed_where_it_is_refused(desk: Desk, keeper: Keeper) -> None:
    case_id = await desk.opened()
    await keeper.catch_up()
    keeper.index.stubborn = True
    await desk.hear(cabinet.InspectionErasedV1(inspection_id=case_id, erased_at=at(5)), at(5))
    for _ in range(2):
        with pytest.raises(IndexAway):
            await keeper.catch_up()
    assert (await keeper.state()).waiting == 1
    keeper.index.stubborn = False
    await keeper.catch_up()
    assert (set(keeper.index.documents), (await keeper.state()).waiting) == (set(), 0)


class Clumsy(Cases):
    """Fails whenever one certain case is among those that are asked for."""

    def __init__(self) -> None:
        self.fails_at: UUID | None = None

    async def documents(self, session: ReadSession, versions: Mapping[UUID, int]) -> Sequence[Change]:
        if self.fails_at in versions:
            raise ValueError("no document can be made of it")
        return await super().documents(session, versions)


async def test_a_document_that_cannot_be_made_keeps_no_other_from_being_fed(desk: Desk) -> None:
    source = Clumsy()
    keeper = Keeper(desk.ports.backbone, source)
    ids = [await desk.in_work(f"A-000000{number}") for number in range(1, 4)]
    source.fails_at = ids[1]
    await keeper.catch_up()
    assert set(keeper.index.documents) == {ids[0], ids[2]}
    assert (await keeper.state()).refused == 1
    source.fails_at = None
    await note(desk, ids[1], "anew")
    await keeper.catch_up()
    assert set(keeper.index.documents) == set(ids)


def another_feeder(keeper: Keeper) -> Feeder:
    return Feeder(keeper.database, keeper.index, Cases(), made_of="one")


async def test_the_older_of_two_writers_takes_nothing_back(desk: Desk, keeper: Keeper) -> None:
    """One that was cut off from the database in the middle of a write, and wakes up much later."""
    case_id = await desk.in_work()
    await keeper.catch_up()
    is_late, goes_on = asyncio.Event(), asyncio.Event()

    async def falls_asleep(_changes: Sequence[Change]) -> None:
        if not is_late.is_set():
            is_late.set()
            await goes_on.wait()

    await note(desk, case_id, "old")
    keeper.index.before_write = falls_asleep
    late = asyncio.create_task(another_feeder(keeper).feed())
    await is_late.wait()
    await note(desk, case_id, "new")
    await keeper.catch_up()
    goes_on.set()
    await late
    await keeper.catch_up()
    assert "new" in keeper.index.documents[case_id].texts[TextField.NOTES]
    assert (await keeper.state()).waiting == 0


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from("anfg"), max_size=14))
async def test_versions_never_go_back_and_nothing_is_lost(desk: Desk, steps: list[str]) -> None:
    """Two feeders that read and write in any order, and notes that come in between."""
    keeper = Keeper(desk.ports.backbone)
    case_id = await desk.opened(f"A-{len(steps):07}")
    await desk.claim(case_id, desk.anna)
    await keeper.catch_up()
    turns = {name: asyncio.Event() for name in "fg"}
    running: dict[str, asyncio.Task[int]] = {}
    seen: list[int] = []

    async def wait_for_turn(changes: Sequence[Change]) -> None:
        name = asyncio.current_task().get_name()  # type: ignore[union-attr]  # it runs in a task
        if name in turns:
            await turns[name].wait()
        seen.append(len(changes))

    keeper.index.before_write = wait_for_turn
    count = 0
    for step in steps:
        before = keeper.index.documents[case_id].version
        if step in "an":
            count += 1
            await note(desk, case_id, f"word{count}")
        elif step in running:  # the one that has read writes now
            turns[step].set()
            await running.pop(step)
            turns[step].clear()
        else:
            running[step] = asyncio.create_task(another_feeder(keeper).feed(), name=step)
            await asyncio.sleep(0.02)
        assert keeper.index.documents[case_id].version >= before
    for name, task in running.items():
        turns[name].set()
        await task
    await keeper.catch_up()
    document = keeper.index.documents[case_id]
    assert document.texts.get(TextField.NOTES, "").split() == [f"word{one + 1}" for one in range(count)]
