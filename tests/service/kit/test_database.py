"""The pool of connections behind a network that says nothing, and statements that go past SQLAlchemy."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import make_url, text

from service_kit import audit, direct
from service_kit.db import NOBODY, Database, is_database_away
from tests.service.kit.conftest import AuditEntry, LiveHint
from tests.support.tcp_proxy import TcpProxy

POOLED = 3
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
    database = Database(url, audit_log=AuditEntry, hints=LiveHint, pool_size=POOLED, patience=1)
    yield database
    await database.close()


async def ask(database: Database, seconds: float = 0) -> None:
    async with database.engine.connect() as connection:
        await connection.execute(text(f"SELECT pg_sleep({seconds})"))


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


async def test_so_is_the_time_out_of_a_statement_past_sqlalchemy(distant: Database, proxy: TcpProxy) -> None:
    await asyncio.gather(*(ask(distant, 0.2) for _ in range(POOLED)))
    with pytest.raises(TimeoutError):
        async with distant.reading() as session:
            proxy.freeze()
            await direct.fetch(session, "SELECT 1")
    for _ in range(POOLED):
        await ask(distant)


async def test_a_statement_past_sqlalchemy_is_part_of_the_transaction(database: Database) -> None:
    with pytest.raises(LookupError):
        async with database.writing() as session:
            async with audit.attempt(session):
                await direct.fetch(session, ADD, 1)
            with pytest.raises(ZeroDivisionError):
                async with audit.attempt(session):
                    await direct.fetch(session, ADD, 2)
                    raise ZeroDivisionError
            assert await direct.fetch(session, "SELECT step FROM effects") == [(1,)]
            raise LookupError
    async with database.reading() as session:
        assert await direct.fetch(session, "SELECT step FROM effects") == []


async def test_a_statement_past_sqlalchemy_never_stands_alone(database: Database) -> None:
    async with database.reading(NOBODY) as session:
        with pytest.raises(RuntimeError):
            await direct.fetch(session, "SELECT 1")
