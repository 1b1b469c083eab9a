"""What the engine for vehicle records keeps to, by the driver that talks to any of its kind."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from bpa_service.adapters.clickhouse import ClickHouse
from bpa_service.vehicles.store.analytics import EngineAway, EngineRefused
from deploy.embedded.clickhouse import EmbeddedClickHouse
from deploy.embedded.processes import free_port, wait_until
from tests.servers.clickhouse import SERVER, ClickHouseServer

UNKNOWN_TABLE = 60
IDLE_SECONDS = 1.0


@dataclass(frozen=True)
class Embedded:
    """chDB behind the protocol of a server: whoever connects next starts it again."""

    engine: EmbeddedClickHouse
    wrong_password = 516  # AUTHENTICATION_FAILED

    def kill(self) -> None:
        self.engine.process.kill()


@dataclass(frozen=True)
class Genuine:
    """Debian's server. Of 2018 as it is, it speaks the protocol as servers do; what our tables need it lacks."""

    engine: ClickHouseServer
    wrong_password = 193  # WRONG_PASSWORD, as it was called then

    def kill(self) -> None:
        self.engine.kill()
        self.engine.start()


def _embedded(folder: Path) -> Embedded:
    return Embedded(
        EmbeddedClickHouse(
            folder / "data", password="for-tests", logs=folder, pids=folder, idle_seconds=IDLE_SECONDS
        )
    )


def _genuine(folder: Path) -> Genuine:
    if not SERVER.exists():
        pytest.skip("Debian's clickhouse-server is not installed")
    folder.chmod(0o755)  # root's server runs as nobody and has to get through
    return Genuine(ClickHouseServer(folder / "server", password="for-tests"))


@pytest.fixture(scope="module", params=[_embedded, _genuine], ids=["chDB", "18.16"])
def one(request: pytest.FixtureRequest) -> Generator[Embedded | Genuine]:
    # Not in a folder of pytest's: those above it let nobody through.
    with tempfile.TemporaryDirectory(prefix="clickhouse-", ignore_cleanup_errors=True) as folder:
        found: Embedded | Genuine = request.param(Path(folder))
        found.engine.start()
        yield found
        found.engine.stop()


@pytest.fixture
async def engine(one: Embedded | Genuine) -> AsyncGenerator[ClickHouse]:
    engine = ClickHouse(one.engine.url())
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


async def test_only_who_has_the_password_is_answered(one: Embedded | Genuine) -> None:
    stranger = ClickHouse(one.engine.url().replace("for-tests", "guessed"))
    with pytest.raises(EngineRefused) as refused:
        await stranger.rows("SELECT 1")
    assert refused.value.code == one.wrong_password
    await stranger.close()


async def test_an_engine_that_is_not_there_is_away() -> None:
    nobody = ClickHouse(f"clickhouse://default:x@127.0.0.1:{free_port()}/default")
    with pytest.raises(EngineAway):
        await nobody.rows("SELECT 1")
    await nobody.close()


async def test_what_was_acknowledged_outlives_its_process(
    one: Embedded | Genuine, engine: ClickHouse
) -> None:
    await engine.command("DROP TABLE IF EXISTS kept")
    await engine.command("CREATE TABLE kept (number UInt64) ENGINE = MergeTree ORDER BY number")
    await engine.insert("INSERT INTO kept (number) VALUES", [[1, 2, 3]])
    await asyncio.to_thread(one.kill)
    with suppress(EngineAway):  # a connection may have to find out first
        await engine.rows("SELECT 1")
    assert await engine.rows("SELECT number FROM kept ORDER BY number") == [(1,), (2,), (3,)]


@pytest.mark.parametrize("one", [_embedded], indirect=True)
async def test_its_process_goes_when_nobody_is_left_and_comes_with_the_next(
    one: Embedded, engine: ClickHouse
) -> None:
    embedded = one.engine
    assert await engine.rows("SELECT 1") == [(1,)]
    assert embedded.process.is_running()
    await engine.close()
    gone = wait_until(lambda: not embedded.process.is_running(), seconds=60)
    assert gone
    again = ClickHouse(embedded.url())
    assert await again.rows("SELECT 2") == [(2,)]
    await again.close()


@pytest.mark.parametrize("one", [_embedded], indirect=True)
async def test_its_process_goes_though_its_client_stays_and_comes_with_its_next_question(
    one: Embedded,
) -> None:
    embedded = one.engine
    client = ClickHouse(embedded.url(), kept_seconds=0.2)
    assert await asyncio.gather(*(client.rows("SELECT 1") for _ in range(3))) == [[(1,)]] * 3
    gone = await asyncio.to_thread(wait_until, lambda: not embedded.process.is_running(), seconds=60)
    assert gone
    assert await client.rows("SELECT 2") == [(2,)]
    await client.close()
