"""The relay: publishes what the outbox holds, in order per aggregate, and marks it once the bus confirmed it.

Killed between confirmation and mark, it publishes again: the receiver's inbox drops the duplicate.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service_kit import failpoints
from service_kit.bus import BusUnavailable, EventBus, Message
from service_kit.db import Database, is_database_away
from service_kit.listen import Listener
from service_kit.outbox import CHANNEL, Outbox, OutboxColumns, envelope_of

log = structlog.get_logger(__name__)

BATCH: Final = 200
IN_FLIGHT: Final = 32
# NOTIFY wakes the relay at once; the poll is for the NOTIFY that got lost with its connection.
POLL_INTERVAL: Final = 1.0
MIN_BACKOFF: Final = 0.2
MAX_BACKOFF: Final = 5.0
LOCK_KEY: Final = 7_215_001


class Relay:
    """Runs in any number of processes of a service; an advisory lock lets one of them work at a time."""

    def __init__(self, database: Database, outbox: Outbox, bus: EventBus, listener: Listener) -> None:
        self._database = database
        self._outbox = outbox
        self._bus = bus
        self._wakeup = listener.wakeup(CHANNEL)
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self._backoff = MIN_BACKOFF

    async def run(self) -> None:
        """Relay until cancelled. Survives the bus and the database going away and coming back."""
        while True:
            try:
                async with self._database.engine.connect() as guard:
                    await self._work_under_lock(guard)
            except Exception as error:
                if not is_database_away(error):
                    raise
                log.warning("database_away", error=repr(error))
            await asyncio.sleep(POLL_INTERVAL)

    async def _work_under_lock(self, guard: AsyncConnection) -> None:
        guard = await guard.execution_options(isolation_level="AUTOCOMMIT")
        # PostgreSQL has no event for a freed lock, hence the poll.
        while not await guard.scalar(select(func.pg_try_advisory_lock(LOCK_KEY))):  # noqa: ASYNC110 - see above
            await asyncio.sleep(POLL_INTERVAL)
        try:
            while True:
                self._wakeup.clear()
                rest = await self._relay_all()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wakeup.wait(), rest)
                await guard.scalar(select(1))  # the lock is only ours while this connection lives
        finally:
            await guard.invalidate()  # frees the lock whatever state the connection is in

    async def _relay_all(self) -> float:
        """Publish what can be published; returns for how many seconds to rest unless something new comes."""
        try:
            while await self.relay_batch():
                pass
        except BusUnavailable as error:
            self._backoff = min(self._backoff * 2, MAX_BACKOFF)
            log.warning("bus_unavailable", error=str(error), retry_in_seconds=self._backoff)
            await asyncio.sleep(MIN_BACKOFF)  # however much comes in, a bus that is away is not hammered
            return self._backoff
        self._backoff = MIN_BACKOFF
        return POLL_INTERVAL

    async def relay_batch(self) -> int:
        """Publish up to BATCH waiting rows per queue; returns how many were published.

        Queue by queue, because behind each is somebody else: while the peer is away our own worker goes on.
        Raises BusUnavailable if rows are waiting and none of them could be published.
        """
        outcomes = await asyncio.gather(*(self._relay_queue(queue) for queue in self._outbox.queues))
        count = sum(count for count, _ in outcomes)
        error = next((error for _, error in outcomes if error is not None), None)
        if error is not None and count == 0:
            raise error
        return count

    async def _relay_queue(self, queue: str) -> tuple[int, BusUnavailable | None]:
        table = self._outbox.table
        async with self._database.reading() as session:
            rows = (
                await session.scalars(
                    select(table)
                    .where(table.sent_at.is_(None), table.queue == queue)
                    .order_by(table.position)
                    .limit(BATCH)
                )
            ).all()
        lanes: dict[UUID, list[OutboxColumns]] = {}
        for row in rows:
            lanes.setdefault(row.aggregate_id or row.event_id, []).append(row)
        outcomes = await asyncio.gather(*(self._publish_lane(lane) for lane in lanes.values()))
        sent = [position for positions, _ in outcomes for position in positions]
        await self._mark_sent(sent)
        return len(sent), next((error for _, error in outcomes if error is not None), None)

    async def _publish_lane(self, lane: Sequence[OutboxColumns]) -> tuple[list[int], BusUnavailable | None]:
        """One aggregate's rows, one after the other: what follows a failure waits for it."""
        sent: list[int] = []
        for row in lane:
            body = envelope_of(row).model_dump_json().encode()
            message = Message(row.queue, row.event_id, body, row.correlation_id)
            try:
                async with self._slots:
                    failpoints.reach(failpoints.Point.PUBLISHING)
                    await self._bus.publish(message)
            except BusUnavailable as error:
                return sent, error
            failpoints.reach(failpoints.Point.CONFIRMED)
            sent.append(row.position)
        return sent, None

    async def _mark_sent(self, positions: Sequence[int]) -> None:
        if not positions:
            return
        failpoints.reach(failpoints.Point.MARKING)
        table = self._outbox.table
        async with self._database.writing() as session:
            await session.execute(
                update(table)
                .where(table.position.in_(positions))
                .values(sent_at=func.transaction_timestamp())
                .execution_options(synchronize_session=False)
            )
        failpoints.reach(failpoints.Point.MARKED)
