"""The ticker: lets time pass for the cases. It runs in every worker process; one of them works at a time."""

import asyncio
from typing import Final

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bpa_service.cases.policy import Policy
from bpa_service.cases.service import ticking
from service_kit.db import Database, database_now, is_database_away

log = structlog.get_logger(__name__)

LOCK_KEY: Final = 7_215_102
LOCK_POLL: Final = 1.0


class Ticker:
    """Ticks every `interval` seconds. The promise of thresholds and leases is as exact as that."""

    def __init__(self, database: Database, policy: Policy, *, interval: float) -> None:
        self._database = database
        self._policy = policy
        self._interval = interval

    async def run(self) -> None:
        """Tick until cancelled. Survives the database going away and coming back."""
        while True:
            try:
                async with self._database.engine.connect() as guard:
                    await self._tick_under_lock(guard)
            except Exception as error:
                if not is_database_away(error):
                    raise
                log.warning("database_away", error=repr(error))
            await asyncio.sleep(LOCK_POLL)

    async def tick(self) -> None:
        """Look at every case that is due."""
        count = ticking.BATCH
        while count == ticking.BATCH:
            async with self._database.writing() as session:
                now = await database_now(session)
                count = await ticking.tick_due(session, policy=self._policy, now=now)

    async def _tick_under_lock(self, guard: AsyncConnection) -> None:
        guard = await guard.execution_options(isolation_level="AUTOCOMMIT")
        # PostgreSQL has no event for a freed lock, hence the poll.
        while not await guard.scalar(select(func.pg_try_advisory_lock(LOCK_KEY))):  # noqa: ASYNC110 - see above
            await asyncio.sleep(LOCK_POLL)
        try:
            while True:
                await self.tick()
                await asyncio.sleep(self._interval)
                await guard.scalar(select(1))  # the lock is only ours while this connection lives
        finally:
            await guard.invalidate()  # frees the lock whatever state the connection is in
