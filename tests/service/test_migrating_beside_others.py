"""Migrations run while people work: they step back from what is in their way, and nobody waits behind them."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest

from service_kit import migrations
from tests.support import postgres
from tests.support.a_line_of_migrations import Line

MIGRATE: Final = (
    "import asyncio, sys; from pathlib import Path; from service_kit.migrations import migrate; "
    "print(asyncio.run(migrate(Path(sys.argv[1]), sys.argv[2])))"
)
# What waits for a lock of a table, by what it wants to do.
WAITING: Final = """
    SELECT count(*) FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND datname = current_database() AND query LIKE $1
"""
IS_VALID: Final = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix'::regclass"
PATIENT: Final = (0.1,) * 100


@pytest.fixture
def line(tmp_path: Path) -> Line:
    line = Line(tmp_path / "migrations")
    line.add("op.create_table('cases', sa.Column('id', sa.Integer()))")
    return line


@pytest.fixture
async def url(postgres_url: str, line: Line) -> AsyncGenerator[str]:
    """Of a database in which the first migration has run."""
    async with postgres.empty_database(postgres_url) as url:
        assert await migrations.migrate(line.folder, url)
        yield url


@asynccontextmanager
async def connected(url: str) -> AsyncGenerator[Any]:
    connection: Any = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def somebody_reads(url: str) -> AsyncGenerator[None]:
    """A transaction that has read the table and is not over."""
    async with connected(url) as connection, connection.transaction(isolation="repeatable_read"):
        await connection.fetch("SELECT FROM cases")
        yield


async def waits(url: str, what: str) -> None:
    async with connected(url) as watching:
        while not await watching.fetchval(WAITING, what):
            await asyncio.sleep(0.01)


async def migrating(line: Line, url: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", MIGRATE, str(line.folder), url),
        cwd=postgres.CHECKOUT,
        stdout=asyncio.subprocess.PIPE,
    )


async def test_readers_go_on_while_a_migration_waits_for_one_of_them(line: Line, url: str) -> None:
    line.add("op.add_column('cases', sa.Column('state', sa.Integer()))")
    async with somebody_reads(url):
        migration = asyncio.create_task(migrations.migrate(line.folder, url, pauses=PATIENT))
        await waits(url, "ALTER TABLE%")
        async with connected(url) as reader:
            # Behind whoever waits for the whole table: if that did not step back, until the test is ended.
            assert await reader.fetch("SELECT FROM cases") == []
        assert not migration.done()
    assert await migration
    async with connected(url) as reader:
        assert await reader.fetch("SELECT state FROM cases") == []


async def test_what_is_never_free_is_told_and_what_ran_before_stays(line: Line, url: str) -> None:
    line.add("op.create_table('notes', sa.Column('id', sa.Integer()))")
    line.add("op.drop_table('notes')", "op.add_column('cases', sa.Column('state', sa.Integer()))")
    async with somebody_reads(url):
        with pytest.raises(migrations.NeverFree, match="ALTER TABLE cases ADD COLUMN state"):
            await migrations.migrate(line.folder, url, pauses=())
    async with connected(url) as connection:
        assert await connection.fetchval("SELECT version_num FROM alembic_version") == "0002"
        assert await connection.fetch("SELECT FROM notes") == []
    assert await migrations.migrate(line.folder, url, pauses=())


async def test_what_is_wrong_is_not_tried_again(line: Line, url: str) -> None:
    line.add("op.execute('SELECT 1 / 0')")
    with pytest.raises(Exception, match="division by zero"):
        await migrations.migrate(line.folder, url, pauses=PATIENT)


async def test_a_statement_that_takes_too_long_is_ended(
    line: Line, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "_STATEMENT_TIMEOUT", "50ms")
    line.add("op.execute('SELECT pg_sleep(600)')")
    with pytest.raises(Exception, match="statement timeout"):
        await migrations.migrate(line.folder, url, pauses=())


async def test_what_was_there_before_takes_its_time_and_what_came_after_does_not(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "_STATEMENT_TIMEOUT", "500ms")
    line = Line(tmp_path / "old", history="0002")
    line.add("op.execute('SELECT pg_sleep(0.7)')")
    line.add("op.execute('SELECT pg_sleep(0.7)')")
    async with postgres.empty_database(postgres_url) as url:
        assert await migrations.migrate(line.folder, url, pauses=())
        line.add("op.execute('SELECT pg_sleep(600)')")
        with pytest.raises(Exception, match="statement timeout"):
            await migrations.migrate(line.folder, url, pauses=())
    async with postgres.empty_database(postgres_url) as url:
        with pytest.raises(Exception, match="statement timeout"):
            await migrations.migrate(line.folder, url, pauses=())
        async with connected(url) as connection:
            assert await connection.fetchval("SELECT version_num FROM alembic_version") == "0002"


async def test_an_index_takes_its_time_beside_readers_and_whoever_else_migrates(line: Line, url: str) -> None:
    """It waits for an old reader for longer than others may, and not for whoever waits to migrate."""
    line.add("concurrently.create_index('ix', 'cases', ['id'])")
    async with connected(url) as writer:
        async with somebody_reads(url):
            first = await migrating(line, url)
            await waits(url, "CREATE INDEX CONCURRENTLY%")
            second = await migrating(line, url)
            await writer.execute("INSERT INTO cases VALUES (1)")
            async with connected(url) as watching:
                while not await watching.fetchval(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND query LIKE 'SELECT pg_try_advisory_lock%'"
                    " AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted)"
                ):
                    await asyncio.sleep(0.01)
        assert [await process.wait() for process in (first, second)] == [0, 0]
        assert await writer.fetchval(IS_VALID)


async def test_what_a_failed_try_left_of_an_index_is_built_anew(line: Line, url: str) -> None:
    line.add("concurrently.create_index('ix', 'cases', ['id'], unique=True)")
    async with connected(url) as connection:
        await connection.execute("INSERT INTO cases VALUES (1), (1)")
        with pytest.raises(Exception, match="could not create unique index"):
            await migrations.migrate(line.folder, url)
        assert await connection.fetchval(IS_VALID) is False
        await connection.execute("DELETE FROM cases")
        assert await migrations.migrate(line.folder, url)
        assert await connection.fetchval(IS_VALID)


async def test_a_constraint_is_made_first_and_looks_at_old_rows_later(line: Line, url: str) -> None:
    line.add("op.create_check_constraint('ck', 'cases', 'id > 0', postgresql_not_valid=True)")
    line.add("concurrently.validate('ck', 'cases')")
    async with somebody_reads(url):
        pass
    assert await migrations.migrate(line.folder, url)
    async with connected(url) as connection:
        assert await connection.fetchval("SELECT convalidated FROM pg_constraint WHERE conname = 'ck'")
