"""What a session keeps of the rows that it read, and when it writes what became of them."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import func, make_url, select, update

from service_kit.db import Database, is_database_away
from service_kit.objects import RowGone
from service_kit.pool import Pool
from tests.service.kit.conftest import Effect, LiveHint
from tests.support.statements import statements_sent
from tests.support.tcp_proxy import TcpProxy

CAR = uuid4()
STATEMENTS = 4


def steps(database: Database) -> "asyncio.Future[list[int]]":
    async def look() -> list[int]:
        async with database.reading() as session:
            return list((await session.scalars(select(Effect.step).order_by(Effect.id))).all())

    return asyncio.ensure_future(look())


async def written(database: Database, *numbers: int) -> list[int]:
    """The keys of new rows."""
    async with database.writing() as session:
        effects = [Effect(inspection_id=CAR, step=number) for number in numbers]
        session.add_all(effects)
        await session.flush()
        return [effect.id for effect in effects]


async def test_new_rows_get_their_keys_from_the_database_in_one_statement(database: Database) -> None:
    with statements_sent() as sent:
        keys = await written(database, 1, 2, 3)
    assert len(set(keys)) == 3
    assert sum(sql.startswith("INSERT") for sql in sent) == 1
    assert await steps(database) == [1, 2, 3]


async def test_a_row_is_one_object_which_is_as_the_row_was_when_it_was_read_last(database: Database) -> None:
    [key] = await written(database, 1)
    async with database.writing() as session:
        effect = await session.get_one(Effect, key)
        await session.execute(update(Effect).values(step=5))
        assert await session.scalar(select(Effect)) is effect
        assert effect.step == 5
        assert await session.get(Effect, key) is effect


async def test_what_is_changed_is_written_before_the_next_statement_and_nothing_else_is(
    database: Database,
) -> None:
    one, other = await written(database, 1, 2)
    async with database.writing() as session:
        changed, unchanged = await session.get_one(Effect, one), await session.get_one(Effect, other)
        with statements_sent() as sent:
            changed.step, unchanged.step = 7, 2
            assert await session.scalar(select(func.sum(Effect.step))) == 9
            await session.flush()
    assert [sql.split()[0] for sql in sent] == ["UPDATE", "SELECT"]
    assert await steps(database) == [7, 2]


async def test_what_was_not_written_when_it_raised_is_not_there(database: Database) -> None:
    [key] = await written(database, 1)
    with pytest.raises(LookupError):
        async with database.writing() as session:
            (await session.get_one(Effect, key)).step = 2
            session.add(Effect(inspection_id=CAR, step=3))
            await session.flush()
            raise LookupError
    assert await steps(database) == [1]


async def test_rows_are_written_in_the_order_of_their_keys(database: Database) -> None:
    """Two transactions that change the same rows wait for each other, and not in a circle."""
    keys = await written(database, *range(8))

    async def change(order: list[int]) -> None:
        async with database.writing() as session:
            for effect in [await session.get_one(Effect, key) for key in order]:
                effect.step += 1

    await asyncio.gather(*(change(keys if turn % 2 else keys[::-1]) for turn in range(6)))


async def test_a_savepoint_takes_back_what_was_done_to_objects(database: Database) -> None:
    [key] = await written(database, 1)
    async with database.writing() as session:
        effect = await session.get_one(Effect, key)
        effect.step = 2
        lost = Effect(inspection_id=CAR, step=4)
        with pytest.raises(ZeroDivisionError):
            async with session.savepoint():
                effect.step = 3
                session.add(lost)
                await session.flush()
                raise ZeroDivisionError
        assert effect.step == 2
        assert await session.get(Effect, lost.id) is None
        async with session.savepoint():
            effect.step = 6
    assert await steps(database) == [6]


async def test_a_statement_that_fails_in_a_savepoint_does_not_end_the_transaction(database: Database) -> None:
    async with database.writing() as session:
        session.add(Effect(inspection_id=CAR, step=1))
        with pytest.raises(asyncpg.NumericValueOutOfRangeError):
            async with session.savepoint():
                await session.fetch(
                    "INSERT INTO effects (inspection_id, step) VALUES ($1, 2147483647 + 1)", CAR
                )
        session.add(Effect(inspection_id=CAR, step=2))
    assert await steps(database) == [1, 2]


async def test_a_deleted_object_goes_with_its_row(database: Database) -> None:
    one, other = await written(database, 1, 2)
    async with database.writing() as session:
        effect = await session.get_one(Effect, one)
        session.delete(effect)
        assert await session.scalar(select(func.count()).select_from(Effect)) == 1
        assert await session.get(Effect, one) is None
        assert await session.get(Effect, other) is not None


@pytest.mark.parametrize("deletes", [False, True])
async def test_a_row_that_is_gone_is_not_written_in_silence(database: Database, *, deletes: bool) -> None:
    one, other = await written(database, 1, 2)
    with pytest.raises(RowGone):
        async with database.writing() as session:
            effect, lasting = await session.get_one(Effect, one), await session.get_one(Effect, other)
            effect.step = lasting.step = 9
            if deletes:
                session.delete(effect)
            async with database.pool.statements() as somebody_else:
                await somebody_else.fetch("DELETE FROM effects WHERE id = $1", one)
    assert await steps(database) == [2]


async def test_of_a_long_answer_only_a_part_is_in_memory(database: Database) -> None:
    await written(database, *range(999))
    async with database.writing() as session:
        session.add(Effect(inspection_id=CAR, step=999))
        seen = [effect.step async for effect in session.stream(select(Effect).order_by(Effect.step))]
    assert seen == list(range(1000))


async def test_a_pool_that_is_empty_is_a_database_that_is_away(
    toy_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service_kit.pool.CHECKOUT_TIMEOUT", 0.2)
    pool = Pool(toy_url, size=1)
    async with pool.statements() as holder:
        await holder.fetch("SELECT 1")
        with pytest.raises(TimeoutError) as empty:
            async with pool.statements() as other:
                await other.fetch("SELECT 1")
        assert is_database_away(empty.value)
    async with pool.statements() as other:
        assert await other.fetch("SELECT 1") == [(1,)]
    await pool.close()


async def test_who_is_cancelled_in_a_statement_leaves_a_connection_that_works(toy_url: str) -> None:
    pool = Pool(toy_url, size=1)

    async def long_look() -> None:
        async with pool.writing() as session:
            await session.fetch("SELECT pg_sleep(30)")

    for _ in range(3):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(long_look(), 0.2)
    async with pool.writing() as session:
        assert await session.fetch("SELECT 1") == [(1,)]
    await pool.close()


@pytest.fixture
async def proxy(toy_url: str) -> AsyncIterator[TcpProxy]:
    proxy = TcpProxy(make_url(toy_url).port or 5432)
    await proxy.start()
    yield proxy
    await proxy.stop()


@pytest.mark.parametrize("place", range(STATEMENTS))
async def test_a_transaction_that_is_cut_at_any_statement_leaves_nothing(
    database: Database, toy_url: str, proxy: TcpProxy, place: int
) -> None:
    url = make_url(toy_url).set(port=proxy.port).render_as_string(hide_password=False)
    distant = Database(url, hints=LiveHint, patience=2)

    async def act(cut_at: int) -> None:
        async with distant.writing() as session:
            for number in range(STATEMENTS):
                if number == cut_at:
                    await proxy.cut()
                session.add(Effect(inspection_id=CAR, step=number))
                await session.flush()

    with pytest.raises(Exception) as cut:  # noqa: PT011 - which of the many is asked in the next line
        await act(place)
    assert is_database_away(cut.value)
    assert await steps(database) == []
    await proxy.restore()
    await act(STATEMENTS)
    assert await steps(database) == list(range(STATEMENTS))
    await distant.close()
