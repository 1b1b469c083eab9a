"""From what happened to the call of a channel, and how fast a heap of messages is worked off.

Against the hop that it cannot do without, a NOTIFY and whoever listens; and against marking as many rows as sent
and doing nothing else. The channel takes everything at once: what is measured is us.
"""

import asyncio
import re
import statistics
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
import psutil

from bench.harness import Figure
from bench.load import p99
from bench.stage import Stage
from cabinet_service.db.tables import TABLES
from cabinet_service.notifications.notices import notices
from cabinet_service.notifications.people import Clients
from service_kit.db import Database, database_now
from service_kit.ids import new_id
from service_kit.listen import Listener
from service_kit.notifying.channels import Manners, Message
from service_kit.notifying.sender import Sender

A_SECOND: Final = 20
SECONDS: Final = 15
HEAP: Final = 5000
PEOPLE: Final = 20
CHANNEL: Final = "email"
GOAL_MILLISECONDS: Final = 300.0
GOAL_A_SECOND: Final = 1000.0
PATIENCE: Final = 120.0
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Sink:
    """A Channel that takes everything. `at` is when each message came, by what it is about."""

    def __init__(self) -> None:
        self.at: dict[UUID, float] = {}

    async def send(self, message: Message) -> None:
        assert message.subject_id is not None
        self.at[message.subject_id] = time.perf_counter()


def run() -> list[Figure]:
    with Stage() as stage:
        for _ in range(PEOPLE):
            stage.client()
        stage.stop_background()
        url = stage.stack.environment_of(stage.stack.cabinet)["CABINET_DATABASE_URL"]
        people = [UUID(one) for one in _UUID.findall(stage.sql("cabinet", "SELECT id FROM accounts;"))]
        return asyncio.run(_measure(url, stage.postgres.url("bare"), people))


async def _measure(url: str, bare_url: str, people: Sequence[UUID]) -> list[Figure]:
    database, listener, sink = Database(url, hints=TABLES.hints), Listener(url), Sink()
    channels: Mapping[str, Any] = {CHANNEL: (sink, Manners(at_once=200, a_second=1e6))}
    sender = Sender(database, listener, notices, Clients("https://cabinet.example.com"), channels)
    jobs = [asyncio.create_task(listener.run()), asyncio.create_task(sender.run())]
    try:
        await asyncio.sleep(1.5)  # until it listens and has the lock
        hops = await _hops(bare_url)
        delays = await _trickle(database, sink, people)
        bare = await _marked_a_second(bare_url)
        before = psutil.Process().memory_info().rss
        rate = await _heap(database, sink, people)
        grown = (psutil.Process().memory_info().rss - before) / 2**20
    finally:
        for job in jobs:
            job.cancel()
            with suppress(asyncio.CancelledError):
                await job
        await database.close()
    median = statistics.median
    return [
        Figure(name="event to channel, p50", unit="ms", product=median(delays), baseline=median(hops)),
        Figure(name="event to channel, p99", unit="ms", product=p99(delays), at_most=GOAL_MILLISECONDS),
        Figure(name="a heap worked off", unit="messages a second", product=rate, at_least=GOAL_A_SECOND),
        Figure(name="the same against marking rows", unit="a second", product=rate, baseline=bare),
        Figure(name="memory that it took", unit="MiB", product=grown),
    ]


async def _tell(database: Database, people: Sequence[UUID], count: int) -> list[UUID]:
    subjects = [uuid4() for _ in range(count)]
    async with database.writing() as session:
        now = await database_now(session)
        for number, subject in enumerate(subjects):
            await notices.tell(
                session,
                event_id=new_id(),
                person_id=people[number % len(people)],
                kind="late",
                subject_id=subject,
                number="A-1000001",
                now=now,
            )
    return subjects


async def _trickle(database: Database, sink: Sink, people: Sequence[UUID]) -> list[float]:
    """So many a second; milliseconds from the beginning of each transaction to its channel's call."""
    begun: dict[UUID, float] = {}
    for _ in range(A_SECOND * SECONDS):
        started = time.perf_counter()
        [subject] = await _tell(database, people, 1)
        begun[subject] = started
        await asyncio.sleep(max(0.0, 1 / A_SECOND - (time.perf_counter() - started)))
    await _until(sink, len(begun))
    return [(sink.at[subject] - at) * 1000 for subject, at in begun.items()]


async def _heap(database: Database, sink: Sink, people: Sequence[UUID]) -> float:
    before = len(sink.at)
    started = time.perf_counter()
    for _ in range(HEAP // 500):
        await _tell(database, people, 500)
    await _until(sink, before + HEAP)
    return HEAP / (time.perf_counter() - started)


async def _until(sink: Sink, count: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while len(sink.at) < count:  # noqa: ASYNC110 - it is asked for rarely, and costs nothing
            await asyncio.sleep(0.05)


async def _hops(url: str) -> list[float]:
    """Milliseconds from the beginning of a transaction with one row to whoever listens for it."""
    writer, reader = await asyncpg.connect(url), await asyncpg.connect(url)
    came: asyncio.Queue[float] = asyncio.Queue()

    def note(*_heard: object) -> None:
        came.put_nowait(time.perf_counter())

    await reader.add_listener("bench", note)
    await writer.execute("CREATE TABLE hops (number integer)")
    found: list[float] = []
    for _ in range(200):
        sent = time.perf_counter()
        await writer.execute("INSERT INTO hops SELECT 1; SELECT pg_notify('bench', '')")
        found.append((await came.get() - sent) * 1000)
    await writer.close()
    await reader.close()
    return found


async def _marked_a_second(url: str) -> float:
    """Rows that one connection marks one after the other, a hundred a transaction."""
    connection = await asyncpg.connect(url)
    await connection.execute(
        "CREATE TABLE heap AS SELECT g AS id, 'queued' AS state FROM generate_series(1, 5000) AS g"
    )
    await connection.execute("CREATE UNIQUE INDEX ON heap (id)")
    started = time.perf_counter()
    for first in range(1, HEAP + 1, 100):
        async with connection.transaction():
            for one in range(first, first + 100):
                await connection.execute("UPDATE heap SET state = 'sent' WHERE id = $1", one)
    rate = HEAP / (time.perf_counter() - started)
    await connection.close()
    return rate
