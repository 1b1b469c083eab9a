"""A PostgreSQL server for the tests, and a database of its own for each that asks for one.

Every service has a template database that was really migrated. A test gets a copy of it, which takes a fraction
of the time of a migration and is thrown away afterwards.
"""

import os
import shutil
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
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
