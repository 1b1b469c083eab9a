from collections.abc import AsyncGenerator

import asyncpg
import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from service_kit.dead_letters import DeadLetters
from service_kit.ids import new_id
from service_kit.pool import Pool
from tests.ports.buses import (
    AMQP_URL,
    Base,
    BuriedMessage,
    Harness,
    HttpHarness,
    RabbitHarness,
    needs_rabbitmq,
)

ENGINES = [pytest.param("http"), pytest.param("rabbitmq", marks=needs_rabbitmq)]


@pytest.fixture(scope="session")
async def bus_database_url(postgres_url: str) -> AsyncGenerator[str]:
    """A database of this run's own with the tables of a bus."""
    name = f"bus_{new_id().hex}"
    server = await asyncpg.connect(postgres_url)
    await server.execute(f'CREATE DATABASE "{name}"')
    url = make_url(postgres_url).set(database=name)
    engine = create_async_engine(url.set(drivername="postgresql+asyncpg"))
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()
    yield url.render_as_string(hide_password=False)
    await server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await server.close()


@pytest.fixture
async def http_harness(bus_database_url: str) -> AsyncGenerator[HttpHarness]:
    harness = HttpHarness(bus_database_url)
    await harness.start()
    yield harness
    await harness.stop()


@pytest.fixture
async def rabbit_harness() -> AsyncGenerator[RabbitHarness]:
    harness = RabbitHarness(AMQP_URL)
    await harness.start()
    yield harness
    await harness.stop()


@pytest.fixture(params=ENGINES)
def harness(request: pytest.FixtureRequest) -> Harness:
    """Each engine in turn: what is asserted through it is promised by the port."""
    fixtures = {"http": "http_harness", "rabbitmq": "rabbit_harness"}
    harness: Harness = request.getfixturevalue(fixtures[request.param])
    return harness


@pytest.fixture
async def dead_letters(bus_database_url: str) -> AsyncGenerator[DeadLetters]:
    pool = Pool(bus_database_url)
    yield DeadLetters(pool, BuriedMessage)
    await pool.close()
