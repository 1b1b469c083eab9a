"""The pool of connections behind a network that says nothing, and what changes under a statement."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import make_url, select

from service_kit import audit
from service_kit.db import Database, ReadSession, is_database_away
from service_kit.http import middleware
from tests.service.kit.conftest import Effect, LiveHint
from tests.support.tcp_proxy import TcpProxy

POOLED = 3
STALE = "SELECT step FROM effects"
ADD = "INSERT INTO effects (inspection_id, step) VALUES (gen_random_uuid(), $1)"


@pytest.fixture
async def proxy(toy_url: str) -> AsyncIterator[TcpProxy]:
    proxy = TcpProxy(make_url(toy_url).port or 5432)
    await proxy.start()
    yield proxy
    await proxy.stop()


@pytest.fixture
async def distant(toy_url: str, proxy: TcpProxy) -> AsyncIterator[Database]:
    url = make_url(toy_url).set(port=proxy.port).render_as_string(hide_password=False)
    database = Database(url, hints=LiveHint, pool_size=POOLED, patience=1)
    yield database
    await database.close()


async def ask(database: Database, seconds: float = 0) -> None:
    async with database.pool.statements() as session:
        await session.fetch(f"SELECT pg_sleep({seconds})")


async def test_one_time_out_is_enough_to_give_up_all_dead_connections(
    distant: Database, proxy: TcpProxy
) -> None:
    await asyncio.gather(*(ask(distant, 0.2) for _ in range(POOLED)))
    proxy.freeze()
    with pytest.raises(TimeoutError) as silence:
        await ask(distant)
    assert is_database_away(silence.value)
    for _ in range(POOLED):
        await ask(distant)


async def test_so_is_the_time_out_in_a_transaction(distant: Database, proxy: TcpProxy) -> None:
    await asyncio.gather(*(ask(distant, 0.2) for _ in range(POOLED)))
    with pytest.raises(TimeoutError):
        async with distant.reading() as session:
            proxy.freeze()
            await session.fetch("SELECT 1")
    for _ in range(POOLED):
        await ask(distant)


async def test_sql_is_part_of_the_transaction(database: Database) -> None:
    with pytest.raises(LookupError):
        async with database.writing() as session:
            async with audit.attempt(session):
                await session.fetch(ADD, 1)
            with pytest.raises(ZeroDivisionError):
                async with audit.attempt(session):
                    await session.fetch(ADD, 2)
                    raise ZeroDivisionError
            assert await session.fetch("SELECT step FROM effects") == [(1,)]
            raise LookupError
    async with database.reading() as session:
        assert await session.fetch("SELECT step FROM effects") == []


async def read_it_as_a_statement(session: ReadSession) -> None:
    await session.execute(select(Effect.step))


async def read_it_as_sql(session: ReadSession) -> None:
    await session.fetch(STALE)


@pytest.mark.parametrize("read", [read_it_as_a_statement, read_it_as_sql])
async def test_a_column_that_changes_under_a_prepared_statement_is_a_503_that_passes(
    database: Database, read: Callable[[ReadSession], Awaitable[None]]
) -> None:
    app = FastAPI()
    app.add_middleware(middleware.Failures)

    @app.get("/steps")
    async def steps() -> str:  # pyright: ignore[reportUnusedFunction] - FastAPI calls it
        async with database.reading() as session:
            await read(session)
        return "read"

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://toy") as client:
        assert (await client.get("/steps")).status_code == 200
        async with database.pool.statements() as migration:
            await migration.fetch("ALTER TABLE effects ALTER COLUMN step TYPE bigint")
        first, *others = [await client.get("/steps") for _ in range(4)]
    assert (first.status_code, first.json()["code"]) == (503, "temporarily_unavailable")
    assert first.headers["retry-after"]
    assert {answer.status_code for answer in others} == {200}
