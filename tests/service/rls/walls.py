"""What somebody sees of a table from behind the walls."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from service_kit.db import Scope


@asynccontextmanager
async def within(url: str, scope: Scope) -> AsyncGenerator[Any]:
    """A connection in a transaction of that scope, rolled back at the end."""
    connection: Any = await asyncpg.connect(url)
    transaction = connection.transaction()
    await transaction.start()
    try:
        for name, value in scope.settings:
            await connection.execute("SELECT set_config($1, $2, true)", name, value)
        yield connection
    finally:
        await transaction.rollback()
        await connection.close()


async def seen(url: str, scope: Scope, tables: set[str]) -> dict[str, list[str]]:
    """What each table shows to that scope, as JSON."""
    async with within(url, scope) as connection:
        return {
            table: [row[0] for row in await connection.fetch(f'SELECT to_jsonb(t)::text FROM "{table}" t')]
            for table in sorted(tables)
        }
