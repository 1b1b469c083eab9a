"""What the engine for vehicle records keeps to, by the driver that talks to any of its kind."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import suppress
from datetime import date

import pytest

from bpa_service.adapters.clickhouse import ClickHouse
from bpa_service.vehicles.store.analytics import EngineAway, EngineRefused
from deploy.embedded.clickhouse import EmbeddedClickHouse
from deploy.embedded.processes import free_port, wait_until

UNKNOWN_TABLE = 60
WRONG_PASSWORD = 516
IDLE_SECONDS = 1.0


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Generator[EmbeddedClickHouse]:
    folder = tmp_path_factory.mktemp("clickhouse")
    engine = EmbeddedClickHouse(
        folder / "data",
        password="for-tests",
        logs=folder,
        pids=folder,
        idle_seconds=IDLE_SECONDS,
    )
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
async def engine(embedded: EmbeddedClickHouse) -> AsyncGenerator[ClickHouse]:
    engine = ClickHouse(embedded.url())
    yield engine
    await engine.close()


async def test_what_goes_in_comes_out(engine: ClickHouse) -> None:
    await engine.command("DROP TABLE IF EXISTS pairs")
    await engine.command("CREATE TABLE pairs (day Date, words Array(String)) ENGINE = MergeTree ORDER BY day")
    days, words = [date(2020, 1, day) for day in (1, 2)], [["Ж", "'"], []]
    await engine.insert("INSERT INTO pairs (day, words) VALUES", [days, words])
    assert await engine.rows("SELECT day, words FROM pairs ORDER BY day") == list(
        zip(days, words, strict=True)
    )


async def test_more_rows_than_a_block_holds(engine: ClickHouse) -> None:
    rows = await engine.rows("SELECT number FROM numbers(200000) ORDER BY number")
    assert [number for (number,) in rows] == list(range(200_000))


@pytest.mark.parametrize("value", ["' OR 1 = 1 --", "\\", "\\'", "a\nb", "Ж", "%s", "{x:String}", ""])
async def test_a_parameter_is_a_value_whatever_it_holds(engine: ClickHouse, value: str) -> None:
    assert await engine.rows("SELECT %(it)s", {"it": value}) == [(value,)]
    assert await engine.rows("SELECT %(it)s IN %(all)s", {"it": value, "all": (value, "other")}) == [(1,)]


async def test_each_of_many_at_once_gets_its_own_answer(engine: ClickHouse) -> None:
    answers = await asyncio.gather(*(engine.rows("SELECT %(it)s", {"it": number}) for number in range(200)))
    assert answers == [[(number,)] for number in range(200)]


async def test_what_is_refused_says_its_code_and_ends_nothing(engine: ClickHouse) -> None:
    with pytest.raises(EngineRefused) as refused:
        await engine.insert("INSERT INTO nowhere (a) VALUES", [[1]])
    assert refused.value.code == UNKNOWN_TABLE
    assert await engine.rows("SELECT 1") == [(1,)]


async def test_only_who_has_the_password_is_answered(embedded: EmbeddedClickHouse) -> None:
    stranger = ClickHouse(embedded.url().replace("for-tests", "guessed"))
    with pytest.raises(EngineRefused) as refused:
        await stranger.rows("SELECT 1")
    assert refused.value.code == WRONG_PASSWORD
    await stranger.close()


async def test_an_engine_that_is_not_there_is_away() -> None:
    nobody = ClickHouse(f"clickhouse://default:x@127.0.0.1:{free_port()}/default")
    with pytest.raises(EngineAway):
        await nobody.rows("SELECT 1")
    await nobody.close()


async def test_what_was_acknowledged_outlives_its_process(
    embedded: EmbeddedClickHouse, engine: ClickHouse
) -> None:
    await engine.command("DROP TABLE IF EXISTS kept")
    await engine.command("CREATE TABLE kept (number UInt64) ENGINE = MergeTree ORDER BY number")
    await engine.insert("INSERT INTO kept (number) VALUES", [[1, 2, 3]])
    await asyncio.to_thread(embedded.process.kill)
    with suppress(EngineAway):  # a connection may have to find out first
        await engine.rows("SELECT 1")
    assert await engine.rows("SELECT number FROM kept ORDER BY number") == [(1,), (2,), (3,)]


async def test_its_process_goes_when_nobody_is_left_and_comes_with_the_next(
    embedded: EmbeddedClickHouse, engine: ClickHouse
) -> None:
    assert await engine.rows("SELECT 1") == [(1,)]
    assert embedded.process.is_running()
    await engine.close()
    gone = wait_until(lambda: not embedded.process.is_running(), seconds=60)
    assert gone
    again = ClickHouse(embedded.url())
    assert await again.rows("SELECT 2") == [(2,)]
    await again.close()
