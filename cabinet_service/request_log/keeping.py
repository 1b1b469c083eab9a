"""The requests that were noted and not written yet: in memory, bounded, written some hundreds at a time.

No request waits for its line in a log, so nothing here is of the request's transaction: a process that is killed
takes the last second along, and while the database is away what comes beyond the bound is dropped and counted.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Final, NamedTuple

import structlog
from prometheus_client import Counter

from cabinet_service.accounts.programs import UsedKey
from service_kit.db import Database, will_pass
from service_kit.ids import new_id

log = structlog.get_logger(__name__)

WRITTEN_EVERY: Final = 1.0
LAST_WRITE: Final = 3.0
"""So many seconds a process that stops gives to what is not written yet."""
BATCH: Final = 500
MOST_WAITING: Final = 5000
DROPPED: Final = Counter(
    "autodetective_api_requests_dropped", "Requests of programs that their log does not have."
)
# Whoever lost the answer to a commit writes the same once more.
_WRITE: Final = """
INSERT INTO api_requests
    (id, company_id, key_id, public_id, at, method, route, status, problem, request_id, took_ms)
SELECT * FROM unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::int[],
    $9::text[], $10::text[], $11::int[]
)
ON CONFLICT (id) DO NOTHING
"""


class Noted(NamedTuple):
    """One request, as it is known when its answer begins."""

    key: UsedKey
    method: str
    route: str
    status: int
    problem: str | None
    request_id: str
    took_ms: int

    def row(self) -> tuple[object, ...]:
        """Its values, in the order of `_WRITE`."""
        return (new_id(), *self.key, *self[1:])


class RequestLog:
    """What one process has noted. `most` of it waits; `keeping` writes it."""

    def __init__(self, *, most: int = MOST_WAITING) -> None:
        self._most = most
        self._waiting: deque[tuple[object, ...]] = deque()

    def note(self, request: Noted) -> None:
        """Have the request written soon, if there is room."""
        if len(self._waiting) >= self._most:
            self._drop(1)
        else:
            self._waiting.append(request.row())

    @asynccontextmanager
    async def keeping(self, database: Database) -> AsyncGenerator[None]:
        """Write what is noted meanwhile, and at the end what is left."""
        stop = asyncio.Event()
        writing = asyncio.create_task(self._write_until(stop, database))
        try:
            yield
        finally:
            stop.set()
            try:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(writing, LAST_WRITE)
            finally:
                self._drop(len(self._waiting))
                self._waiting.clear()

    async def _write_until(self, stop: asyncio.Event, database: Database) -> None:
        stopped = False
        while not stopped:
            with contextlib.suppress(TimeoutError):
                stopped = await asyncio.wait_for(stop.wait(), WRITTEN_EVERY)
            await self.write(database)

    async def write(self, database: Database) -> None:
        """Write all that waits; what cannot be written now waits on, what never can be is dropped."""
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            try:
                await _insert(database, batch)
            except asyncio.CancelledError:
                # Nobody knows whether it is written: it counts as left.
                self._waiting.extendleft(reversed(batch))
                raise
            except Exception as error:
                if not will_pass(error):
                    log.exception("api_requests_not_written", count=len(batch))
                    self._drop(len(batch))
                    continue
                log.warning("api_requests_wait", count=len(batch) + len(self._waiting), error=repr(error))
                room = max(0, self._most - len(self._waiting))
                self._waiting.extendleft(reversed(batch[:room]))
                self._drop(len(batch) - len(batch[:room]))
                return

    def _drop(self, count: int) -> None:
        if count:
            DROPPED.inc(count)


async def _insert(database: Database, batch: Sequence[tuple[object, ...]]) -> None:
    columns: list[list[object]] = [list(column) for column in zip(*batch, strict=True)]
    async with database.writing() as session:
        await session.fetch(_WRITE, *columns)
