"""The worker's job: keeps the index as the database is."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from typing import Final

import structlog
from sqlalchemy import select

from service_kit import locks
from service_kit.db import Database, Session, will_pass
from service_kit.listen import Listener
from service_kit.search.keeping import copies, spreading
from service_kit.search.keeping.feeding import Feeder
from service_kit.search.keeping.rebuilding import Rebuilder
from service_kit.search.keeping.reconciling import Reconciliation
from service_kit.search.keeping.source import Source
from service_kit.search.keeping.tables import CHANNEL, CopyState
from service_kit.search.port import IndexAway, IndexWrong, SearchIndex

log = structlog.get_logger(__name__)

LOCK: Final = "search index"
# NOTIFY wakes us at once, and so does a new connection for it; the poll is for one that is half open.
POLL_INTERVAL: Final = 10.0
# PostgreSQL has no event for a lock that is free again, nor for itself when it is back.
RETRY_INTERVAL: Final = 1.0
# What changes within it is fed together: one act raises several marks, and a batch costs little more than one.
GATHERING: Final = 0.1
MIN_BACKOFF: Final = 0.5
MAX_BACKOFF: Final = 30.0
CHECKED_EVERY: Final = 30.0
COMPARED_EVERY: Final = 6 * 3600.0


class Upkeep:
    """Runs in any number of processes of a service; an advisory lock lets one of them work at a time.

    Everything is done in small parts, one after the other: however much is to be built or compared, what changes
    is fed in between.
    """

    def __init__(
        self,
        database: Database,
        listener: Listener,
        index: SearchIndex,
        source: Source,
        *,
        made_of: str,
        retired: Sequence[SearchIndex] = (),
    ) -> None:
        """`made_of` is another one whenever documents are made by other rules, or for another engine.

        What is in `retired` engines is dropped: an erasure would not reach it.
        """
        self._database = database
        self._index = index
        self._source = source
        self._retired = retired
        self._to_clear = [*retired]
        self._wakeup = listener.wakeup(CHANNEL)
        self._feeder = Feeder(database, index, source, made_of=made_of)
        self._rebuilder = Rebuilder(database, index, source, made_of=made_of)
        self._comparing: Reconciliation | None = None
        self._checked_at = self._compared_at = -COMPARED_EVERY
        self._backoff = MIN_BACKOFF

    async def run(self) -> None:
        """Keep it until cancelled. Survives the engine and the database going away and coming back."""
        while True:
            try:
                async with self._database.pool.guard() as guard:
                    await self._work_under_lock(guard)
            except Exception as error:
                if not isinstance(error, IndexAway | IndexWrong) and not will_pass(error):
                    raise
                log.warning("search_upkeep_postponed", error=repr(error))
            await asyncio.sleep(RETRY_INTERVAL)

    async def _work_under_lock(self, guard: Session) -> None:
        while not await locks.hold_for_connection_if_free(guard, LOCK):  # noqa: ASYNC110 - no event
            await asyncio.sleep(RETRY_INTERVAL)
        self._to_clear = [*self._retired]
        while True:
            self._wakeup.clear()
            rest = await self._work()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(rest):  # wait_for may lose that we are told to stop
                    await self._wakeup.wait()
            await asyncio.sleep(GATHERING)
            await guard.scalar(select(1))  # the lock is only ours while this connection lives

    async def _work(self) -> float:
        """Do what is to do; returns for how many seconds to rest unless something new comes."""
        try:
            while await self.step():
                pass
        except (IndexAway, IndexWrong) as error:  # whatever an engine refuses, the worker has more to do
            self._backoff = min(self._backoff * 2, MAX_BACKOFF)
            log.warning("search_index_away", error=str(error), retry_in_seconds=self._backoff)
            await asyncio.sleep(self._backoff)  # however much changes, an engine that is away is not hammered
            return 0
        self._backoff = MIN_BACKOFF
        return POLL_INTERVAL

    async def step(self) -> bool:
        """Do a part of everything that is to do; returns whether there is more. Raises IndexAway."""
        has_fed = await self._feeder.feed() > 0
        has_spread = await spreading.spread(self._database, self._source)
        is_building = await self._rebuilder.step(thoroughly=self._is_due())
        is_comparing = not is_building and await self._compare()
        is_clearing = await self._clear_retired()
        return has_fed or has_spread or is_building or is_comparing or is_clearing

    def _is_due(self) -> bool:
        now = time.monotonic()
        if now - self._checked_at < CHECKED_EVERY:
            return False
        self._checked_at = now
        return True

    async def _clear_retired(self) -> bool:
        """Drop a part of what is in retired engines; returns whether there is more."""
        if not self._to_clear:
            return False
        engine = self._to_clear[0]
        there = await engine.copies()
        if not there:
            del self._to_clear[0]
        for copy in there[:1]:
            await engine.drop(copy)
        return True

    async def _compare(self) -> bool:
        """Compare a page of the live copy, now and then; returns whether there is more to compare."""
        if self._comparing is None:
            if time.monotonic() - self._compared_at < COMPARED_EVERY:
                return False
            self._compared_at = time.monotonic()
            async with self._database.reading() as session:
                live = [one.copy for one in await copies.known(session) if one.state is CopyState.LIVE]
            if not live:
                return False
            self._comparing = Reconciliation(self._database, self._index, live[-1])
        try:
            more = await self._comparing.step()
        except IndexWrong as error:
            log.error("search_copy_lost", copy=self._comparing.copy, why=error.why)  # noqa: TRY400 - `why` says it
            await copies.give_up(self._database, self._comparing.copy)
            more = False
        if not more:
            self._comparing = None
        return more
