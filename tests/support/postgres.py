"""A PostgreSQL server for the tests, and a database of its own for each that asks for one.

Every service has a template database that was really migrated. A test gets a copy of it, which takes a fraction
of the time of a migration. Copying still writes some 600 files, so a copy is emptied for the next test rather
than thrown away (`Copies`), unless a test changed more than rows in it.
"""

import os
import shutil
import tempfile
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import asyncpg

from deploy.embedded.databases import migrations_digest
from deploy.embedded.postgres import EmbeddedPostgres
from service_kit import migrations, rls
from service_kit.ids import new_id

URL_VARIABLE: Final = "AUTODETECTIVE_TEST_POSTGRES_URL"
CHECKOUT: Final = Path(__file__).parents[2]
# Several test processes may want the same template at once; one makes it.
TEMPLATE_LOCK: Final = 7_215_003
# Who the services connect as: neither the owner of the tables nor a superuser, for whom no wall would hold.
SERVICE_ROLE: Final = "service_in_tests"
SERVICE_PASSWORD: Final = "password-in-tests"
# Deleted rows stay in their files: a copy that holds more bytes of them is no longer like a fresh one.
WORN_OUT: Final = 16 * 1024 * 1024
# What a test may change of a database besides rows, and what the planner was told of it.
CATALOGS: Final = (
    *("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_type", "pg_proc"),
    *("pg_trigger", "pg_policy", "pg_namespace", "pg_extension", "pg_default_acl", "pg_db_role_setting"),
    "pg_statistic",
    "alembic_version",  # no catalog, but what says which schema it is
)
END_OTHERS: Final = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
WRITTEN_TABLES: Final = """
    SELECT oid::regclass::text AS name, pg_table_size(oid) AS size FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
"""
RESTART_SEQUENCES: Final = "SELECT setval(seqrelid, seqstart, false) FROM pg_sequence"


# Thousands of rounds are what makes a password slow to guess, and here each connection slow to open: on both
# sides. Servers before 16 know no other number.
CHEAP_PASSWORDS: Final = """
    SELECT set_config('scram_iterations', '1', false)
    WHERE current_setting('scram_iterations', true) IS NOT NULL
"""


class Server:
    """The server named by AUTODETECTIVE_TEST_POSTGRES_URL, or else an embedded one that starts when needed."""

    def __init__(self) -> None:
        self._embedded: EmbeddedPostgres | None = None

    def url(self) -> str:
        """The superuser's address of the database `postgres`."""
        if url := os.environ.get(URL_VARIABLE):
            return url
        if self._embedded is None:
            folder = Path(tempfile.mkdtemp(prefix="autodetective-tests-"))
            folder.chmod(0o755)  # root's server runs as nobody and has to get through
            self._embedded = EmbeddedPostgres(folder / "postgres", durable=False)
            self._embedded.start()
        return self._embedded.url()

    def stop(self) -> None:
        if self._embedded is not None:
            self._embedded.stop()
            shutil.rmtree(self._embedded.folder.parent, ignore_errors=True)
            self._embedded = None


def with_database(server_url: str, name: str) -> str:
    """The address of another database on the same server."""
    return urlsplit(server_url)._replace(path=f"/{name}").geturl()


def as_superuser(server_url: str, url: str) -> str:
    """The address of the same database for the superuser of `server_url`, whom no wall stops."""
    return with_database(server_url, urlsplit(url).path.lstrip("/"))


def as_service(url: str) -> str:
    """The address of the same database for the role that the services connect as."""
    return as_role(url, SERVICE_ROLE, SERVICE_PASSWORD)


def as_role(url: str, role: str, password: str) -> str:
    """The address of the same database for another role."""
    parts = urlsplit(url)
    return parts._replace(netloc=f"{role}:{password}@{parts.hostname}:{parts.port or 5432}").geturl()


def migrations_folder(service: str) -> Path:
    return CHECKOUT / f"{service}_service" / "db" / "migrations"


async def make_template(server_url: str, service: str) -> str:
    """Make the template of `cabinet` or `bpa` unless it is there; returns its name."""
    folder = migrations_folder(service)
    name = f"template_{service}_{migrations_digest(folder).split()[-1][:16]}"
    admin: Any = await asyncpg.connect(server_url)
    try:
        await admin.execute("SELECT pg_advisory_lock($1)", TEMPLATE_LOCK)
        if not await admin.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            draft = f"draft_{new_id().hex}"
            await admin.execute(f"CREATE DATABASE {draft}")
            await migrations.migrate(folder, with_database(server_url, draft))
            if not await admin.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", SERVICE_ROLE):
                await admin.execute(CHEAP_PASSWORDS)
                await admin.execute(f"CREATE ROLE {SERVICE_ROLE} LOGIN PASSWORD '{SERVICE_PASSWORD}'")
            await rls.grant(with_database(server_url, draft), SERVICE_ROLE)
            await admin.execute(f"ALTER DATABASE {draft} RENAME TO {name}")
    finally:
        await admin.close()
    return name


@asynccontextmanager
async def empty_database(server_url: str) -> AsyncGenerator[str]:
    """The address of a database with nothing in it, dropped at the end."""
    async with copy_of(server_url, "template1") as url:
        yield url


@asynccontextmanager
async def copy_of(server_url: str, template: str) -> AsyncGenerator[str]:
    """The address of a fresh copy of the template, dropped at the end."""
    name = f"test_{new_id().hex}"
    admin: Any = await asyncpg.connect(server_url)
    try:
        # Copying its files takes a tenth of what writing each of its pages to the log would.
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield with_database(server_url, name)
        finally:
            await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await admin.close()


class Copies:
    """Copies of a template, one for each who asks at a time. What one leaves behind, the next does not see.

    They stay until `drop`, so that few have to be made.
    """

    def __init__(self, server_url: str, template: str) -> None:
        self._server_url = server_url
        self._template = template
        self._opened = AsyncExitStack()
        self._free: list[_Copy] = []

    @asynccontextmanager
    async def one(self) -> AsyncGenerator[str]:
        """The address of a copy that is as the template is."""
        if self._free:
            copy = self._free.pop()
        else:
            url = await self._opened.enter_async_context(copy_of(self._server_url, self._template))
            copy = await _Copy.fresh(url)
        yield copy.url
        if await copy.empty():
            self._free.append(copy)

    async def drop(self) -> None:
        await self._opened.aclose()


@dataclass(frozen=True)
class _Copy:
    url: str
    schema: str
    """What tells its schema from a changed one."""

    @classmethod
    async def fresh(cls, url: str) -> "_Copy":
        async with _connected(url) as connection:
            return cls(url, await _schema_in(connection))

    async def empty(self) -> bool:
        """End whoever is connected, and take all rows away. Returns False if that makes it no fresh copy."""
        async with _connected(self.url) as connection:
            await connection.execute(END_OTHERS)
            if await _schema_in(connection) != self.schema:
                return False
            written = await connection.fetch(WRITTEN_TABLES)
            # As a replica it fires no trigger: neither what guards a log nor a foreign key is in the way.
            emptying = ["SET session_replication_role = replica", RESTART_SEQUENCES]
            emptying += [f"DELETE FROM {table['name']}" for table in written]
            await connection.execute(";".join(emptying))
            return sum(table["size"] for table in written) < WORN_OUT


async def _schema_in(connection: Any) -> str:
    """Another text after any change of the schema: each writes a row of a catalog anew, or takes one away."""
    marks = (f"(SELECT (count(*), max(xmin::text::bigint)) FROM {catalog})" for catalog in CATALOGS)
    migrated = "(SELECT version_num FROM alembic_version)"
    found: str = await connection.fetchval(f"SELECT ({', '.join([*marks, migrated])})::text")
    return found


@asynccontextmanager
async def _connected(url: str) -> AsyncGenerator[Any]:
    connection: Any = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()
