"""A migration sees the rows that are there, though their walls hold for the owner of the tables as well."""

import asyncio
from typing import Any, Final
from uuid import uuid4

import asyncpg
from alembic import command
from alembic.config import Config

from service_kit import migrations
from tests.support import postgres

OWNER: Final = "an_owner_of_tables"


async def test_the_owner_of_the_tables_moves_rows_behind_their_walls(postgres_url: str) -> None:
    """The names of cars are put down for the cases that are there: the owner may see none of them otherwise."""
    folder = postgres.migrations_folder("bpa")
    async with postgres.empty_database(postgres_url) as url:
        owner = await _owner_of(url)
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.attributes["url"] = owner
        await asyncio.to_thread(command.upgrade, config, "0035")
        connection: Any = await asyncpg.connect(owner)
        try:
            await connection.execute("SET app.scope = 'system'")
            await connection.execute(CASE, uuid4(), "SAL1A2A40SA606662", "A123BC77")
            assert await migrations.migrate(folder, owner)
            named = await connection.fetch("SELECT kind, key FROM car_names ORDER BY kind")
        finally:
            await connection.close()

    assert [tuple(row) for row in named] == [("number", "SAL1A2A40SA606662"), ("plate", "A123BC77")]


CASE: Final = """
INSERT INTO cases (id, number, state, version, claim, number_key, plate_key, client, disputed, claim_late,
    photo_count, needs_second_expert, clock_number, queue_place, submitted_at, opened_at)
VALUES ($1, 'A-1', 'queued', 1, '{"identifier_kind": "vin"}', $2, $3, '{}', false, false, 0, false, 1,
    now(), now(), now())
"""


async def _owner_of(url: str) -> str:
    """The address of the same database for a role that owns it and is no superuser."""
    admin: Any = await asyncpg.connect(url)
    try:
        if not await admin.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", OWNER):
            await admin.execute(f"CREATE ROLE {OWNER} LOGIN PASSWORD 'of-the-tests'")
        name = await admin.fetchval("SELECT current_database()")
        await admin.execute(f"ALTER DATABASE {name} OWNER TO {OWNER}")
        await admin.execute(f"ALTER SCHEMA public OWNER TO {OWNER}")
    finally:
        await admin.close()
    return postgres.as_role(url, OWNER, "of-the-tests")
