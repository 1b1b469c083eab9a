"""An installation that is backed up: its databases, its files, and what tests do with them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg

from deploy.backup import restoring, sealing, taking
from deploy.backup.manifest import ServiceName
from deploy.backup.places import Places
from tests.support import postgres

OWNER: Final = "owner_in_backups"
PASSWORD: Final = "password-in-tests"
KEYS: Final[Mapping[ServiceName, str]] = {"cabinet": "cabinet-known-to-itself", "bpa": "bpa-known-to-itself"}
TABLES: Final = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
SEQUENCES: Final = """
    SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype IN ('a', 'i'))
"""
FUNCTIONS: Final = "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"


def unsaid(_line: str) -> None:
    """Nobody listens."""


@dataclass
class Site:
    """An installation of its own: two databases whose owner is no superuser, and a folder of files."""

    places: Places
    superuser_urls: Mapping[ServiceName, str]

    async def run(self, service: ServiceName, sql: str, *values: Any) -> list[Any]:
        connection: Any = await asyncpg.connect(self.superuser_urls[service])
        try:
            return [row[0] for row in await connection.fetch(sql, *values)]
        finally:
            await connection.close()

    def with_(self, **places: Any) -> Places:
        return self.places.model_copy(update=places)


NewSite = Callable[..., Any]
"""Makes one, migrated or with nothing in it."""


async def own(url: str) -> None:
    """The database and all that is in it belong to an owner who is no superuser."""
    connection: Any = await asyncpg.connect(url)
    try:
        await connection.execute(
            f"SELECT pg_advisory_lock({postgres.TEMPLATE_LOCK});"
            f"DO $$ BEGIN CREATE ROLE {OWNER} LOGIN PASSWORD '{PASSWORD}';"
            " EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        )
        name = await connection.fetchval("SELECT current_database()")
        await connection.execute(f"ALTER DATABASE {name} OWNER TO {OWNER}")
        for kind, listed in (("TABLE", TABLES), ("SEQUENCE", SEQUENCES), ("FUNCTION", FUNCTIONS)):
            for [one] in await connection.fetch(listed):
                await connection.execute(f"ALTER {kind} {one} OWNER TO {OWNER}")
    finally:
        await connection.close()


async def somebody(site: Site) -> None:
    await site.run(
        "cabinet", "INSERT INTO accounts (id, language, created_at) VALUES ($1, 'ru', now())", uuid4()
    )


async def announced(site: Site, queue: str, *, took_effect: bool = False) -> UUID:
    """A message of cabinet's that its broker has taken."""
    event_id = uuid4()
    await site.run(
        "cabinet",
        "INSERT INTO outbox (event_id, queue, type, version, occurred_at, correlation_id, data, sent_at)"
        " VALUES ($1, $2, 'x', 1, now(), 'c', '{}', now())",
        event_id,
        queue,
    )
    if took_effect:
        await site.run("cabinet", "INSERT INTO inbox VALUES ($1, 'x.v1', now())", event_id)
    return event_id


async def backup(site: Site, key: Path, to: Path, **options: Any) -> Path:
    return await taking.take(site.places, to, sealing.public_key(str(key)), say=unsaid, **options)


async def restore(folder: Path, key: Path, site: Site, *, replaces: bool = False, **options: Any) -> None:
    source = restoring.check(folder, sealing.secret_key(key), **options)
    await restoring.restore(source, site.places, replaces=replaces, say=unsaid)


async def contents(site: Site, service: ServiceName) -> dict[str, int]:
    tables = await site.run(service, TABLES)
    return {table: (await site.run(service, f'SELECT count(*) FROM "{table}"'))[0] for table in tables}
