"""Imports are done in a process of their own: killed anywhere it comes to the same, and nothing waits for it."""

import asyncio
import os
import random
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final
from uuid import UUID

import pytest
from sqlalchemy import text

from bpa_service.adapters.clickhouse import ClickHouse
from bpa_service.api_ports import ApiPorts
from bpa_service.settings import Settings
from bpa_service.vehicles.importing import line, running
from bpa_service.vehicles.importing.running import Imports
from bpa_service.vehicles.store import schema
from bpa_service.vehicles.store.records import VehicleRecords
from service_kit.db import database_now
from service_kit.ids import new_id
from tests.service.vehicles.conftest import Colleague, Json, stock
from tests.service.vehicles.stored import contents

ROWS: Final = 110_000  # some twenty portions
KILLS: Final = 20


@pytest.fixture(autouse=True)
def environment(bpa_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the process finds out about where it is."""
    values = {
        "ENVIRONMENT": "development",
        "DATABASE_URL": bpa_settings.database_url,
        "CLICKHOUSE_URL": bpa_settings.clickhouse_url,
        "IMPORTS_DIR": str(bpa_settings.imports_dir),
        "SERVICE_KEYS": "k" * 16,
        "SECRET_KEYS": "k" * 16,
    }
    for name, value in values.items():
        monkeypatch.setenv(f"BPA_{name}", value)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it does."""
    async with asyncio.timeout(120):
        while not await holds():
            await asyncio.sleep(0.05)


async def state_of(ports: ApiPorts, import_id: str) -> tuple[str, int]:
    async with ports.backbone.database.reading() as session:
        [row] = await session.fetch(
            "SELECT state, portion FROM vehicle_imports WHERE id = $1", UUID(import_id)
        )
    return row[0], row[1]


async def started(holder: UUID) -> Process:
    return await asyncio.create_subprocess_exec(*running.command(holder), stdin=asyncio.subprocess.PIPE)


@asynccontextmanager
async def working(ports: ApiPorts) -> AsyncGenerator[asyncio.Task[None]]:
    """The job of a worker; it is cancelled at the end, as when the worker is told to end."""
    job = asyncio.create_task(Imports(ports.backbone.database).run())
    try:
        yield job
    finally:
        job.cancel()
        with suppress(asyncio.CancelledError):
            await job


async def test_killed_at_random_it_comes_to_the_same(
    admin: Colleague, bpa_ports: ApiPorts, store: VehicleRecords
) -> None:
    chance = random.Random(41)
    before = await admin.sent(stock(1000, kms=1), as_of="2026-10-01T00:00:00Z")
    content = stock(ROWS, first=500) + "TOYOTA,X,,2010,1\n"
    sent = await admin.sent(content)
    await undisturbed(bpa_ports, before, sent)
    expected, counted = await contents(store), (await admin.seen(sent["id"]))["tally"]
    stored = (await admin.seen(sent["id"]))["stored"]
    for table in (schema.RECORDS, schema.REJECTS):
        await store.engine.command(f"TRUNCATE TABLE {table}")
    async with bpa_ports.backbone.database.writing() as session:
        await session.execute(text("DELETE FROM vehicle_imports"))

    before = await admin.sent(stock(1000, kms=1), as_of="2026-10-01T00:00:00Z")
    await undisturbed(bpa_ports, before)
    sent = await admin.sent(content)
    kills = 0
    for number in range(KILLS):
        kills += await killed(bpa_ports, sent["id"], chance, sees_progress=number % 2 == 0)
    assert kills >= KILLS // 2
    await undisturbed(bpa_ports, sent)
    seen = await admin.seen(sent["id"])
    assert (seen["tally"], seen["stored"]) == (counted, stored)
    assert await contents(store) == expected
    rejects = await store.rejects_of(seen["number"], most=10)
    assert [row.reason for row in rejects] == ["identifier_missing"]
    assert await store.engine.rows("SHOW TABLES") == [(schema.RECORDS,), (schema.REJECTS,)]


async def undisturbed(ports: ApiPorts, *sent: Json) -> None:
    process = await started(new_id())
    assert await process.wait() == 0
    for one in sent:
        assert (await state_of(ports, one["id"]))[0] == "published"


async def killed(ports: ApiPorts, import_id: str, chance: random.Random, *, sees_progress: bool) -> bool:
    """Start the process and kill it: some time after it got further, or just some time. False if it was done."""
    holder = new_id()
    _, portion = await state_of(ports, import_id)
    process = await started(holder)

    async def is_further() -> bool:
        state, now = await state_of(ports, import_id)
        return now > portion or process.returncode is not None or state == "published"

    if sees_progress:
        await until(is_further)
    with suppress(TimeoutError):
        async with asyncio.timeout(chance.random() * (0.1 if sees_progress else 2)):
            await process.wait()
    if process.returncode is not None:
        return False
    process.send_signal(signal.SIGKILL)
    await process.wait()
    async with ports.backbone.database.writing() as session:
        await line.free(session, holder, now=await database_now(session))
    return True


async def test_a_worker_sees_to_it_that_what_waits_is_imported_and_undone(
    admin: Colleague, bpa_ports: ApiPorts
) -> None:
    async with working(bpa_ports):
        sent = await admin.sent(stock(3))

        async def is_there() -> bool:
            return (await state_of(bpa_ports, sent["id"]))[0] == "published"

        async def is_gone() -> bool:
            return (await state_of(bpa_ports, sent["id"]))[0] == "undone"

        await until(is_there)
        await admin.undo(sent["id"])
        await until(is_gone)


async def test_a_worker_that_is_told_to_end_lets_go_of_the_file_at_once(
    admin: Colleague, bpa_ports: ApiPorts
) -> None:
    sent = await admin.sent(stock(ROWS))

    async def has_begun() -> bool:
        return (await state_of(bpa_ports, sent["id"]))[1] > 0

    async with working(bpa_ports):
        await until(has_begun)
    seen = await admin.seen(sent["id"])
    assert (seen["state"], seen["shows_life"]) == ("running", False)
    assert 0 < seen["progress"]["bytes_read"] < seen["size_bytes"]
    await undisturbed(bpa_ports, sent)


async def test_the_process_ends_with_its_worker(admin: Colleague) -> None:
    await admin.sent(stock(ROWS))
    process = await started(new_id())
    assert process.stdin is not None
    process.stdin.close()
    assert await process.wait() == 1


async def test_what_waits_for_an_engine_says_so_and_goes_on_by_itself(
    admin: Colleague, bpa_ports: ApiPorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "AGAIN_AFTER", running.EVERY)
    there = os.environ["BPA_CLICKHOUSE_URL"]
    monkeypatch.setenv("BPA_CLICKHOUSE_URL", "clickhouse://x:x@127.0.0.1:1/default")
    sent = await admin.sent(stock(3))

    async def waits() -> bool:
        return (await admin.seen(sent["id"]))["reason"] == "engine_away"

    async def is_there() -> bool:
        return (await state_of(bpa_ports, sent["id"]))[0] == "published"

    async with working(bpa_ports):
        await until(waits)
        assert (await admin.seen(sent["id"]))["state"] == "running"
        monkeypatch.setenv("BPA_CLICKHOUSE_URL", there)
        await until(is_there)
    assert (await admin.seen(sent["id"]))["reason"] is None


async def test_a_file_that_brings_the_process_down_again_and_again_is_given_up(
    admin: Colleague, bpa_ports: ApiPorts
) -> None:
    sent = await admin.sent(stock(3))
    async with bpa_ports.backbone.database.writing() as session:
        await session.execute(
            text(
                "UPDATE vehicle_imports SET state = 'running', alive_until = now() - interval '1 s', stalls = 10"
            )
        )
    process = await started(new_id())
    assert await process.wait() == 0
    seen = await admin.seen(sent["id"])
    assert (seen["state"], seen["reason"]) == ("failed", "reader_died")


async def test_a_statement_that_nobody_waits_for_any_more_is_given_up() -> None:
    is_asked = asyncio.Event()

    async def keep_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        is_asked.set()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(keep_silent, "127.0.0.1", 0) as server:
        engine = ClickHouse(f"clickhouse://x:x@127.0.0.1:{server.sockets[0].getsockname()[1]}", seconds=3600)
        asked = asyncio.create_task(engine.rows("SELECT 1"))
        await is_asked.wait()
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        await engine.close()
