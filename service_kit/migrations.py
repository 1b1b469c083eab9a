"""Runs a service's alembic migrations, with the async driver that the service uses anyway."""

import asyncio
from pathlib import Path
from typing import Literal

import asyncpg
from alembic import command, context
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, Enum, MetaData, pool
from sqlalchemy.ext.asyncio import create_async_engine

from service_kit.db import async_url

# Two processes that migrate at once: the second waits here and then finds nothing left to do.
_LOCK_KEY = 7_215_002


def _config(folder: Path, url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["url"] = url
    return config


async def migrate(folder: Path, url: str) -> bool:
    """Bring the database at `url` to the newest revision in `folder`; returns whether there was any to do."""
    config = _config(folder, url)
    head = ScriptDirectory.from_config(config).get_current_head()
    if await _current_revision(url) == head:
        return False
    # alembic's env.py starts an event loop of its own.
    await asyncio.to_thread(command.upgrade, config, "head")
    return True


def write_revision(folder: Path, url: str, message: str) -> Path:
    """Write a migration from the difference between the models and the database at `url`; returns its file.

    Sequences are not compared, and a renamed column looks like one dropped and one added: read what was written.
    """
    config = _config(folder, url)
    number = f"{len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1:04d}"
    script = command.revision(config, message, autogenerate=True, rev_id=number)
    assert isinstance(script, Script)  # noqa: S101 - one message, one script
    return Path(script.path)


async def _current_revision(url: str) -> str | None:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
            return None
        revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
        return revision
    finally:
        await connection.close()


def run_in_env(metadata: MetaData) -> None:
    """What a service's `migrations/env.py` calls."""
    asyncio.run(_run(metadata, context.config.attributes["url"]))


async def _run(metadata: MetaData, url: str) -> None:
    engine = create_async_engine(async_url(url), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_run_sync, metadata)
    await engine.dispose()


def _run_sync(connection: Connection, metadata: MetaData) -> None:
    context.configure(
        connection=connection, target_metadata=metadata, compare_type=True, render_item=_render_item
    )
    with context.begin_transaction():
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK_KEY})")
        context.run_migrations()


def _render_item(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """How a part of a migration is written; False for as alembic would."""
    if kind == "type" and isinstance(item, Enum) and not item.native_enum:
        return f"sa.String(length={item.length})"  # which words there are is no business of the database
    return False
