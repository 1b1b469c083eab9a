"""Tests share databases, one after the other: none may find what another left."""

from collections.abc import AsyncGenerator
from typing import Any, Final

import asyncpg
import pytest

from tests.support.postgres import Copies

WRITE: Final = """INSERT INTO live_hints (audience, kind, subject_id)
    VALUES ('somebody', 'something', gen_random_uuid()) RETURNING id"""


@pytest.fixture
async def copies(postgres_url: str, cabinet_template: str) -> AsyncGenerator[Copies]:
    copies = Copies(postgres_url, cabinet_template)
    yield copies
    await copies.drop()


async def told(url: str, statement: str) -> Any:
    connection: Any = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_the_next_finds_neither_rows_nor_numbers_used(copies: Copies) -> None:
    async with copies.one() as before:
        first = await told(before, WRITE)
    async with copies.one() as url:
        assert url == before
        assert await told(url, "SELECT count(*) FROM live_hints") == 0
        assert await told(url, WRITE) == first


async def test_who_was_connected_is_not_any_more(copies: Copies) -> None:
    async with copies.one() as url:
        left: Any = await asyncpg.connect(url)
        await left.execute("BEGIN; LOCK live_hints")
    async with copies.one() as url:
        assert await told(url, WRITE)
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
        await left.fetchval("SELECT 1")


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE live_hints DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE live_hints ALTER COLUMN kind DROP NOT NULL",
        "ALTER TABLE audit_entries DISABLE TRIGGER USER",
        "GRANT ALL ON audit_entries TO public",
        "DROP POLICY wall ON idempotency_keys",
        "CREATE TABLE own (id int)",
        "ANALYZE alembic_version",
        "UPDATE alembic_version SET version_num = '9999'",
    ],
)
async def test_a_changed_schema_is_not_met_again(copies: Copies, statement: str) -> None:
    async with copies.one() as changed:
        await told(changed, statement)
    async with copies.one() as url:
        assert url != changed


async def test_two_at_a_time_have_one_each(copies: Copies) -> None:
    async with copies.one() as one, copies.one() as other:
        assert one != other
