"""The pool of connections, when PostgreSQL is replaced behind a network that says nothing."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import make_url, text

from service_kit.db import Database, is_database_away
from tests.service.kit.conftest import AuditEntry, LiveHint
from tests.support.tcp_proxy import TcpProxy

POOLED = 3


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
