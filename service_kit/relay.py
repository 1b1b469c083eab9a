"""The relay: publishes what the outbox holds, in order per aggregate, and marks it once the bus confirmed it.

Killed between confirmation and mark, it publishes again: the receiver's inbox drops the duplicate.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import Select, func, select, union_all, update

from service_kit import failpoints, tracing
from service_kit.bus import BusUnavailable, EventBus, Message
from service_kit.db import Database, Session, is_database_away
from service_kit.listen import Listener
from service_kit.outbox import CHANNEL, Outbox, OutboxColumns, envelope_of
from service_kit.tracing import Kind

log = structlog.get_logger(__name__)

BATCH: Final = 200
IN_FLIGHT: Final = 32
# NOTIFY wakes the relay at once, and so does a new connection for it; the poll is for one that is half open.
POLL_INTERVAL: Final = 10.0
# PostgreSQL has no event for a lock that is free again, nor for itself when it is back.
RETRY_INTERVAL: Final = 1.0
MIN_BACKOFF: Final = 0.2
MAX_BACKOFF: Final = 5.0
LOCK_KEY: Final = 7_215_001


class Relay:
    """Runs in any number of processes of a service; an advisory lock lets one of them work at a time."""

    def __init__(self, database: Database, outbox: Outbox, bus: EventBus, listener: Listener) -> None:
        self._database = database
        self._outbox = outbox
        self._waiting = _waiting(outbox)
        self._bus = bus
        self._wakeup = listener.wakeup(CHANNEL)
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self._backoff = MIN_BACKOFF

    async def run(self) -> None:
        """Relay until cancelled. Survives the bus and the database going away and coming back."""
        while True:
            try:
                async with self._database.pool.guard() as guard:
                    await self._work_under_lock(guard)
            except Exception as error:
                if not is_database_away(error):
                    raise
                log.warning("database_away", error=repr(error))
            await asyncio.sleep(RETRY_INTERVAL)

    async def _work_under_lock(self, guard: Session) -> None:
        while not await guard.scalar(select(func.pg_try_advisory_lock(LOCK_KEY))):  # noqa: ASYNC110 - no event
            await asyncio.sleep(RETRY_INTERVAL)
        while True:
            self._wakeup.clear()
            rest = await self._relay_all()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wakeup.wait(), rest)
            await guard.scalar(select(1))  # the lock is only ours while this connection lives

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
        """Publish up to BATCH waiting rows of each queue; returns how many were published.

        Raises BusUnavailable if rows are waiting and none of them could be published.
        """
        async with self._database.pool.statements() as session:
            rows = (await session.scalars(self._waiting)).all()
            lanes: dict[UUID, list[OutboxColumns]] = {}
            for row in rows:
                lanes.setdefault(row.aggregate_id or row.event_id, []).append(row)
            outcomes = await asyncio.gather(*(self._publish_lane(lane) for lane in lanes.values()))
            sent = [position for positions, _ in outcomes for position in positions]
            if sent:
                failpoints.reach(failpoints.Point.MARKING)
                table = self._outbox.table
                await session.execute(
                    update(table).where(table.position.in_(sent)).values(sent_at=func.clock_timestamp())
                )
                failpoints.reach(failpoints.Point.MARKED)
        error = next((error for _, error in outcomes if error is not None), None)
        if error is not None and not sent:
            raise error
        return len(sent)

    async def _publish_lane(self, lane: Sequence[OutboxColumns]) -> tuple[list[int], BusUnavailable | None]:
        """One aggregate's rows, one after the other: what follows a failure waits for it."""
        sent: list[int] = []
        for row in lane:
            try:
                async with self._slots:
                    failpoints.reach(failpoints.Point.PUBLISHING)
                    await self._publish(row)
            except BusUnavailable as error:
                return sent, error
            failpoints.reach(failpoints.Point.CONFIRMED)
            sent.append(row.position)
        return sent, None

    async def _publish(self, row: OutboxColumns) -> None:
        envelope = envelope_of(row)
        with tracing.continued(row.traceparent, f"publish {envelope.name}", Kind.PRODUCER) as span:
            span.note("messaging.destination.name", row.queue)
            span.note("messaging.message.id", str(row.event_id))
            if parent := tracing.traceparent():
                envelope = envelope.model_copy(update={"traceparent": parent})
            body = envelope.model_dump_json().encode()
            await self._bus.publish(Message(row.queue, row.event_id, body, row.correlation_id))


def _waiting(outbox: Outbox) -> Select[OutboxColumns]:
    """Up to BATCH rows of each queue, which wait to be published.

    Of each, because behind each is somebody else: while the peer is away our own worker goes on.
    """
    table = outbox.table
    oldest = [
        select(table.position)
        .where(table.queue == queue, table.sent_at.is_(None))
        .order_by(table.position)
        .limit(BATCH)
        for queue in outbox.queues
    ]
    return select(table).where(table.position.in_(union_all(*oldest))).order_by(table.position)
