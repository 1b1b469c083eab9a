"""The log that was there before it became a chain."""

import asyncio
from typing import Any

import asyncpg
from alembic import command

from bpa_service.audit.models import AuditEntry
from bpa_service.db.tables import TABLES
from service_kit import audit_chain, migrations
from service_kit.db import Database
from tests.support import postgres


async def test_what_was_on_the_log_is_chained_in_its_order(postgres_url: str) -> None:
    folder = postgres.migrations_folder("bpa")
    async with postgres.empty_database(postgres_url) as url:
        before = migrations._config(folder, url)  # pyright: ignore[reportPrivateUsage] - a test looks inside
        await asyncio.to_thread(command.upgrade, before, "0001")
        await _write(url, *(f"act_{number}" for number in range(20)))
        await migrations.migrate(folder, url)

        database = Database(url, hints=TABLES.hints)
        async with database.reading() as session:
            assert (await audit_chain.verify(session, AuditEntry)).position == 10
        assert await _acts(url) == [f"act_{number}" for number in range(0, 20, 2)]
        await database.close()


async def _write(url: str, *acts: str) -> None:
    """Every other one; the sequence has a gap where a transaction failed."""
    connection: Any = await asyncpg.connect(url)
    for number, act in enumerate(acts):
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(
            "INSERT INTO audit_entries (at, actor_name, act, case_id, details)"
            " VALUES (now(), 'Anna', $1, gen_random_uuid(), '{}')",
            act,
        )
        await (transaction.rollback() if number % 2 else transaction.commit())
    await connection.close()


async def _acts(url: str) -> list[str]:
    connection: Any = await asyncpg.connect(url)
    rows = await connection.fetch("SELECT act FROM audit_entries ORDER BY position")
    await connection.close()
    return [row["act"] for row in rows]
