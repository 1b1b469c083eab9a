"""A queue in a table of PostgreSQL: the receiving half of `http.HttpBus`."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from service_kit import failpoints, logs
from service_kit.bus import (
    DELIVERY_LIMIT,
    RETRY_LATER_REST,
    Bury,
    DeadLetter,
    Delivery,
    GiveUp,
    Handler,
    Message,
    RetryLater,
    RetryPolicy,
)
from service_kit.bus.attempts import attempt, reason_of
from service_kit.bus.tables import QueuedMessageColumns
from service_kit.listen import Listener
from service_kit.pool import Pool
from service_kit.session import Session

log = structlog.get_logger(__name__)

CHANNEL: Final = "queued_message"
LEASE: Final = timedelta(seconds=30)
# NOTIFY wakes the consumer at once; the poll is for what a process that died had in hand.
POLL_INTERVAL: Final = 5.0
DATABASE_RETRY_DELAY: Final = 1.0
GIVE_BACK_TIMEOUT: Final = 2.0


async def accept(session: Session, table: type[QueuedMessageColumns], message: Message) -> None:
    """Put the message into its queue and wake its consumers, in one statement.

    If it is there already it is marked as sent again, not dropped: a handler that is at work on it may have
    looked before the sender had reason to send it once more.
    """
    row = insert(table).values(
        queue=message.queue,
        message_id=message.message_id,
        body=message.body,
        correlation_id=message.correlation_id,
    )
    accepted = (
        row.on_conflict_do_update(
            index_elements=[table.queue, table.message_id], set_={"received_at": func.clock_timestamp()}
        )
        .returning(table.queue)
        .cte("accepted")
    )
    await session.execute(select(func.pg_notify(CHANNEL, accepted.c.queue)))


@dataclass(frozen=True, slots=True)
class _Taken:
    message_id: UUID
    body: bytes
    correlation_id: str
    attempts: int
    deliveries: int
    received_at: datetime
    waited: timedelta


class TableConsumer:
    """Hands the messages of one queue to a handler. Any number of processes may consume the same queue.

    A message that is taken is hidden from the others for the time of its *lease*, which is renewed while the
    handler runs; a worker that is killed stops renewing, and the message is delivered again. The alternative,
    to hold the row's lock while the handler runs, would pin a connection and an open transaction per message,
    and a worker whose host vanished would keep its locks until TCP gives up.
    """

    def __init__(
        self,
        pool: Pool,
        table: type[QueuedMessageColumns],
        queue: str,
        handler: Handler,
        *,
        bury: Bury,
        prefetch: int,
        policy: RetryPolicy,
        lease: timedelta,
    ) -> None:
        # Each statement here is a transaction of its own; BEGIN and COMMIT would treble its round trips.
        self._pool = pool
        self._table = table
        self._queue = queue
        self._handler = handler
        self._bury = bury
        self._prefetch = prefetch
        self._policy = policy
        self._lease = lease
        self._in_hand: set[_Taken] = set()
        self._wakeup = asyncio.Event()

    async def run(self) -> None:
        """Consume until cancelled; what is in hand then goes back to the queue."""
        listener = Listener(self._pool.url)
        listener.on(CHANNEL, self._on_notify)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(listener.run())
                while True:
                    self._wakeup.clear()
                    for message in await self._take(self._prefetch - len(self._in_hand)):
                        self._in_hand.add(message)
                        group.create_task(self._handle(message))
                    # Now every slot is busy or the queue is empty.
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(POLL_INTERVAL):
                            await self._wakeup.wait()
        finally:
            await self._give_back()

    def _on_notify(self, queue: str) -> None:
        if queue in ("", self._queue):
            self._wakeup.set()

    async def _take(self, limit: int) -> list[_Taken]:
        if limit == 0:
            return []
        table = self._table
        due = (
            select(table.message_id)
            .where(table.queue == self._queue, table.available_at <= func.clock_timestamp())
            .order_by(table.received_at, table.message_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        statement = (
            update(table)
            .where(table.queue == self._queue, table.message_id == due.c.message_id)
            .values(available_at=func.clock_timestamp() + self._lease, deliveries=table.deliveries + 1)
            .returning(
                table.message_id,
                table.body,
                table.correlation_id,
                table.attempts,
                table.deliveries,
                table.received_at,
                func.clock_timestamp() - table.received_at,
            )
        )
        try:
            async with self._pool.statements() as session:
                rows = (await session.execute(statement)).all()
        except Exception as error:  # noqa: BLE001 - whatever ails the database, consuming goes on
            log.warning("queue_unreachable", queue=self._queue, error=repr(error))
            # Only the answer may have been lost: what was taken then comes when its lease ends.
            asyncio.get_running_loop().call_later(self._lease.total_seconds(), self._wakeup.set)
            await asyncio.sleep(DATABASE_RETRY_DELAY)
            return []
        return sorted((_Taken(*row) for row in rows), key=lambda taken: (taken.received_at, taken.message_id))

    async def _handle(self, message: _Taken) -> None:
        """In a task of its own, all of which belongs to the message."""
        logs.correlation_id.set(message.correlation_id)
        rest = timedelta()
        error = await self._attempt_under_lease(message)
        if isinstance(error, GiveUp):
            log.warning("message_given_up", message_id=str(message.message_id), exc_info=error)
            settle = partial(self._end, message, reason_of(error), message.attempts + 1)
        elif error is None:
            settle = partial(self._acknowledge, message)
        elif isinstance(error, RetryLater):
            log.info("message_postponed", message_id=str(message.message_id), error=str(error))
            settle = partial(self._try_again, message, self._policy.postponement(message.waited))
            rest = RETRY_LATER_REST
        else:
            log.warning("message_failed", message_id=str(message.message_id), exc_info=error)
            settle = partial(self._fail, message, reason_of(error))
        await self._until_done(settle)
        await asyncio.sleep(rest.total_seconds())
        self._in_hand.discard(message)
        self._wakeup.set()

    async def _attempt_under_lease(self, message: _Taken) -> BaseException | None:
        if message.deliveries > DELIVERY_LIMIT:
            return GiveUp(f"delivered more than {DELIVERY_LIMIT} times without an answer")
        delivery = Delivery(self._queue, message.message_id, message.body, message.attempts + 1)
        keeper = asyncio.create_task(self._keep_lease(message.message_id))
        try:
            return await attempt(self._handler, delivery)
        finally:
            keeper.cancel()
            await asyncio.wait({keeper})  # or its last renewal could overtake what is written next

    async def _keep_lease(self, message_id: UUID) -> None:
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 3)
            try:
                await self._update(message_id, available_at=func.clock_timestamp() + self._lease)
            except Exception as error:  # noqa: BLE001 - whatever ails the database, the handler goes on
                log.warning("lease_not_renewed", message_id=str(message_id), error=repr(error))

    async def _until_done(self, settle: Callable[[], Awaitable[None]]) -> None:
        """The outcome is kept until it is recorded: while the queue is away, there is nothing else to do."""
        while True:
            try:
                await settle()
            except Exception as error:  # noqa: BLE001 - whatever ails the database, consuming goes on
                log.warning("outcome_not_recorded", queue=self._queue, error=repr(error))
                await asyncio.sleep(DATABASE_RETRY_DELAY)
            else:
                return

    async def _acknowledge(self, message: _Taken) -> None:
        failpoints.reach(failpoints.Point.ACKING)
        await self._remove(message)
        failpoints.reach(failpoints.Point.ACKED)

    async def _remove(self, message: _Taken) -> None:
        table = self._table
        async with self._pool.statements() as session:
            removed = await session.execute(
                delete(table)
                .where(self._is(message.message_id), table.received_at == message.received_at)
                .returning(table.message_id)
            )
            if not removed.all():  # it was sent again meanwhile
                await session.execute(
                    update(table)
                    .where(self._is(message.message_id))
                    .values(available_at=func.clock_timestamp())
                )

    async def _fail(self, message: _Taken, reason: str) -> None:
        attempts = message.attempts + 1
        if attempts < self._policy.attempts:
            delay = self._policy.delays[attempts - 1]
            await self._try_again(message, delay, attempts=attempts, last_error=reason)
        else:
            await self._end(message, reason, attempts)

    async def _end(self, message: _Taken, reason: str, attempts: int) -> None:
        letter = DeadLetter(
            queue=self._queue,
            message_id=message.message_id,
            body=message.body,
            correlation_id=message.correlation_id,
            reason=reason,
            attempts=attempts,
        )
        await self._bury(letter)
        await self._remove(message)

    async def _try_again(self, message: _Taken, delay: timedelta, **values: object) -> None:
        available_at = func.clock_timestamp() + delay
        await self._update(message.message_id, available_at=available_at, deliveries=0, **values)
        asyncio.get_running_loop().call_later(delay.total_seconds(), self._wakeup.set)

    async def _update(self, message_id: UUID, **values: object) -> None:
        async with self._pool.statements() as session:
            await session.execute(update(self._table).where(self._is(message_id)).values(**values))

    def _is(self, message_id: UUID) -> ColumnElement[bool]:
        return and_(self._table.queue == self._queue, self._table.message_id == message_id)

    async def _give_back(self) -> None:
        """Let another worker have at once what this one has in hand; the lease would give it back later."""
        table = self._table
        ids = [message.message_id for message in self._in_hand]
        if not ids:
            return
        with contextlib.suppress(Exception):
            async with asyncio.timeout(GIVE_BACK_TIMEOUT), self._pool.statements() as session:
                await session.execute(
                    update(table)
                    .where(table.queue == self._queue, table.message_id.in_(ids))
                    .values(available_at=func.clock_timestamp(), deliveries=0)
                )
                await session.execute(select(func.pg_notify(CHANNEL, self._queue)))
