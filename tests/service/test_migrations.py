"""The migrations make exactly the tables that the models describe."""

import asyncio
import importlib
import os
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, inspect
from sqlalchemy.ext.asyncio import create_async_engine

from service_kit import migrations
from service_kit.db import async_url
from tests.support import postgres

pytestmark = pytest.mark.parametrize("service", ["cabinet", "bpa"])


def metadata_of(service: str) -> MetaData:
    importlib.import_module(f"{service}_service.entrypoints.app")  # which imports every slice
    metadata: MetaData = importlib.import_module(f"{service}_service.db.base").Base.metadata
    return metadata


def differences(connection: Connection, metadata: MetaData) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    tables: list[object] = compare_metadata(context, metadata)
    # Alembic does not look at sequences; those of identity columns belong to their tables.
    described = set(metadata._sequences)  # pyright: ignore[reportPrivateUsage] - there is no public list
    return tables + sorted(described - set(inspect(connection).get_sequence_names()))


def test_migrations_are_numbered_in_the_order_in_which_they_run(service: str) -> None:
    """What tells whether a database is migrated takes the highest number for the newest."""
    folder = importlib.import_module(f"{service}_service.db").MIGRATIONS
    in_order = [script.revision for script in ScriptDirectory(str(folder)).walk_revisions()][::-1]
    assert in_order == [f"{number:04}" for number in range(1, len(in_order) + 1)]


async def test_models_and_migrations_agree(postgres_url: str, service: str) -> None:
    template = await postgres.make_template(postgres_url, service)
    async with postgres.copy_of(postgres_url, template) as url:
        engine = create_async_engine(async_url(url))
        async with engine.connect() as connection:
            assert await connection.run_sync(differences, metadata_of(service)) == []
        await engine.dispose()


async def test_a_migration_that_is_written_now_is_empty(postgres_url: str, service: str) -> None:
    """By what alembic's env.py knows of, in a process that has imported nothing else."""
    template = await postgres.make_template(postgres_url, service)
    async with postgres.copy_of(postgres_url, template) as url:
        folder = postgres.migrations_folder(service)
        check = (
            "import sys; from pathlib import Path; from service_kit.migrations import differences; "
            "print(differences(Path(sys.argv[1]), sys.argv[2]), end='')"
        )
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", check, str(folder), url),
            cwd=postgres.CHECKOUT,
            stdout=asyncio.subprocess.PIPE,
        )
        printed, _ = await process.communicate()
        assert (process.returncode, printed.decode()) == (0, "No new upgrade operations detected.\n")


async def test_only_what_is_new_is_migrated_however_many_processes_do_it(
    postgres_url: str, service: str
) -> None:
    async with postgres.empty_database(postgres_url) as url:
        command = (sys.executable, "-m", f"{service}_service", "migrate")
        prefix = service.upper()
        environment = os.environ | {
            f"{prefix}_ENVIRONMENT": "development",
            f"{prefix}_DATABASE_URL": url,
            f"{prefix}_SERVICE_KEYS": "between-the-services",
            f"{prefix}_SECRET_KEYS": "known-to-one-service",
        }
        both = [
            await asyncio.create_subprocess_exec(*command, env=environment, cwd=postgres.CHECKOUT)
            for _ in range(2)
        ]
        assert [await process.wait() for process in both] == [0, 0]
        assert await migrations.migrate(postgres.migrations_folder(service), url) is False
