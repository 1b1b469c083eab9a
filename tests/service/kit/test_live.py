"""Live hints: each once, in order, also after a reconnect."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select

from service_kit import live
from service_kit.db import Database
from service_kit.listen import Listener
from service_kit.live import Hint, Hub, Resync
from tests.service.kit.conftest import LiveHint

SUBJECT = UUID(int=7)


@pytest.fixture
async def hub(database: Database) -> AsyncIterator[Hub]:
    listener = Listener(database.pool.url)
    hub = Hub(database.pool, LiveHint, listener)
    job = asyncio.create_task(listener.run())
    yield hub
    job.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await job


async def say(database: Database, audience: str, subject_id: UUID) -> None:
    async with database.writing() as session:
        live.announce(session, audience=audience, kind="changed", subject_id=subject_id)


async def take(stream: AsyncIterator[Hint | Resync | None], count: int) -> list[Hint | Resync]:
    taken: list[Hint | Resync] = []
    async with asyncio.timeout(10):
        while len(taken) < count:
            hint = await anext(stream)
            assert hint is not None, "silence is told of only to those who ask for it"
            taken.append(hint)
    return taken


async def test_each_hint_comes_once_and_in_order_although_writers_race(database: Database, hub: Hub) -> None:
    stream = hub.stream("desk", 0)
    subjects = [uuid4() for _ in range(40)]
    await asyncio.gather(*(say(database, "desk", subject) for subject in subjects))
    hints = await take(stream, 40)
    assert [hint for hint in hints if isinstance(hint, Resync)] == []
    ids = [hint.id for hint in hints if isinstance(hint, Hint)]
    assert ids == sorted(set(ids))
    assert {hint.subject_id for hint in hints if isinstance(hint, Hint)} == set(subjects)


async def test_what_was_missed_is_replayed_and_nothing_of_others_is(database: Database, hub: Hub) -> None:
    mine, theirs = uuid4(), uuid4()
    await say(database, "account:1", mine)
    [first] = await take(hub.stream("account:1", 0), 1)
    assert isinstance(first, Hint)
    await say(database, "account:2", theirs)
    await say(database, "account:1", mine)
    await say(database, "account:1", theirs)
    hints = await take(hub.stream("account:1", first.id), 2)
    assert [hint.subject_id for hint in hints if isinstance(hint, Hint)] == [mine, theirs]


async def test_said_twice_in_one_transaction_it_is_sent_once(database: Database, hub: Hub) -> None:
    async with database.writing() as session:
        for _ in range(3):
            live.announce(session, audience="desk", kind="changed", subject_id=SUBJECT)
    async with database.reading() as session:
        assert len((await session.scalars(select(LiveHint.id))).all()) == 1
    assert hub.open_streams == 0


async def test_nothing_is_said_when_the_transaction_fails(database: Database) -> None:
    with pytest.raises(RuntimeError):
        async with database.writing() as session:
            live.announce(session, audience="desk", kind="changed", subject_id=uuid4())
            raise RuntimeError
    async with database.reading() as session:
        assert (await session.scalars(select(LiveHint.id))).all() == []


async def test_who_was_away_too_long_is_told_to_resync(database: Database, hub: Hub) -> None:
    for _ in range(3):
        await say(database, "desk", uuid4())
    [first] = await take(hub.stream("desk", 0), 1)
    assert isinstance(first, Hint)
    async with database.writing() as session:
        await session.execute(delete(LiveHint).where(LiveHint.id <= first.id + 1))
    [answer] = await take(hub.stream("desk", first.id), 1)
    assert isinstance(answer, Resync)


async def test_who_opens_a_stream_waits_for_what_is_just_being_written(database: Database, hub: Hub) -> None:
    async with database.writing() as session:
        live.announce(session, audience="desk", kind="changed", subject_id=SUBJECT)
        live.hold(session, LiveHint)
        await session.flush()
        await say(database, "account:1", uuid4())  # its id is the higher one, and shows first
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(hub.newest_id("desk"), 0.5)
        assert await hub.newest_id("account:1") > 0
    async with database.reading() as session:
        ids = (await session.scalars(select(LiveHint.id).order_by(LiveHint.id))).all()
    assert await hub.newest_id("desk") == ids[-1]


async def test_a_slow_screen_gets_everything_from_the_database(
    database: Database, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MAX_BUFFERED", 4)
    stream = hub.stream("desk", 0)
    await say(database, "desk", uuid4())
    seen = await take(stream, 1)
    for _ in range(20):
        await say(database, "desk", uuid4())
    seen += await take(stream, 20)
    ids = [hint.id for hint in seen if isinstance(hint, Hint)]
    assert len(ids) == 21
    assert ids == sorted(set(ids))
