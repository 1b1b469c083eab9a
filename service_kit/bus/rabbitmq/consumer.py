"""Consuming one queue of RabbitMQ."""

import asyncio
from datetime import UTC, datetime
from typing import Final

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage

from service_kit import failpoints, logs
from service_kit.bus import (
    DELIVERY_LIMIT,
    RETRY_LATER_REST,
    Bury,
    BusUnavailable,
    DeadLetter,
    Delivery,
    GiveUp,
    Handler,
    MessageRefused,
    RetryLater,
)
from service_kit.bus.attempts import attempt, reason_of
from service_kit.bus.rabbitmq.publisher import Publisher, connect, disconnect, within
from service_kit.bus.rabbitmq.topology import Topology
from service_kit.bus.rabbitmq.wire import Incoming, decode, encode

log = structlog.get_logger(__name__)

SETUP_TIMEOUT: Final = 15.0
TROUBLE_DELAY: Final = 1.0


class ConsumerLost(Exception):
    """The connection broke, or the broker cancelled the consumer: what was prefetched comes again."""


class Consumer:
    """Hands the messages of one queue to `handler` and its dead ones to `bury`.

    A message is acknowledged on the connection that brought it or not at all: it never outlives a connection.
    """

    def __init__(
        self, topology: Topology, handler: Handler, *, bury: Bury, prefetch: int, publisher: Publisher
    ) -> None:
        """`publisher` has a connection of its own: a broker low on memory stops reading from publishers."""
        self._topology = topology
        self._handler = handler
        self._bury = bury
        self._prefetch = prefetch
        self._publisher = publisher

    async def run_until_lost(self, url: str, *, heartbeat: int) -> None:
        """Consume over one connection. Raises whatever says that it is over, never returns."""
        connection = await connect(url, heartbeat=heartbeat, name=f"consumer of {self._topology.queue}")
        try:
            lost = asyncio.Event()
            work: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
            dead: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
            async with asyncio.TaskGroup() as group:
                for _ in range(self._prefetch):
                    group.create_task(self._work(work))
                group.create_task(self._bury_dead(dead))
                await within(SETUP_TIMEOUT, self._set_up(connection, work, dead, lost))
                await lost.wait()
                raise ConsumerLost(self._topology.queue)
        finally:
            await disconnect(connection)

    async def _set_up(
        self,
        connection: AbstractConnection,
        work: asyncio.Queue[AbstractIncomingMessage],
        dead: asyncio.Queue[AbstractIncomingMessage],
        lost: asyncio.Event,
    ) -> None:
        channel = await connection.channel()
        await self._topology.declare(channel)
        await _consume(channel, self._topology.queue, self._prefetch, work, lost)
        # A channel of its own: letters that cannot be buried yet must not use up the prefetch of the work.
        await _consume(await connection.channel(), self._topology.dead, 1, dead, lost)

    async def _work(self, messages: asyncio.Queue[AbstractIncomingMessage]) -> None:
        while True:
            message = await messages.get()
            incoming = decode(self._topology.queue, message)
            delivery = Delivery(
                incoming.message.queue, incoming.message.message_id, incoming.message.body, incoming.attempt
            )
            with logs.correlated(incoming.message.correlation_id):
                error = await attempt(self._handler, delivery)
                if error is not None:
                    await self._send_on(incoming, error)
            failpoints.reach(failpoints.Point.ACKING)
            await message.ack()
            failpoints.reach(failpoints.Point.ACKED)
            if isinstance(error, RetryLater):
                await asyncio.sleep(RETRY_LATER_REST.total_seconds())

    async def _send_on(self, incoming: Incoming, error: BaseException) -> None:
        message_id, reason = str(incoming.message.message_id), reason_of(error)
        if isinstance(error, RetryLater):
            log.info("message_postponed", message_id=message_id, error=str(error))
            now = datetime.now(UTC)
            since = incoming.postponed_at or now
            queue = self._topology.retry(self._topology.policy.postponement(now - since))
            copy = encode(incoming.message, attempt=incoming.attempt, last_error=reason, postponed_at=since)
        else:
            log.warning("message_failed", message_id=message_id, exc_info=error)
            delays = self._topology.policy.delays
            if incoming.attempt <= len(delays) and not isinstance(error, GiveUp):
                queue = self._topology.retry(delays[incoming.attempt - 1])
                copy = encode(incoming.message, attempt=incoming.attempt + 1, last_error=reason)
            else:
                queue = self._topology.dead
                copy = encode(incoming.message, attempt=incoming.attempt, reason=reason)
        await self._send(queue, copy)

    async def _send(self, queue: str, message: aio_pika.Message) -> None:
        """Insists: to let go of the message it came from would count as a delivery without an answer."""
        while True:
            try:
                await self._publisher.send(queue, message)
            except MessageRefused:  # somebody has deleted the queue; the next connection declares it again
                raise
            except BusUnavailable as error:
                log.warning("message_not_sent_on", queue=queue, error=str(error))
                await asyncio.sleep(TROUBLE_DELAY)
            else:
                return

    async def _bury_dead(self, messages: asyncio.Queue[AbstractIncomingMessage]) -> None:
        while True:
            message = await messages.get()
            try:
                await self._bury(self._letter(decode(self._topology.queue, message)))
            except Exception as error:  # noqa: BLE001 - most likely the database is away
                log.warning("dead_letter_not_buried", queue=self._topology.queue, error=repr(error))
                await asyncio.sleep(TROUBLE_DELAY)
                await message.nack(requeue=True)
            else:
                await message.ack()

    def _letter(self, incoming: Incoming) -> DeadLetter:
        reason, attempts = incoming.reason, incoming.attempt
        if reason is None:  # it was RabbitMQ that moved it here
            before = f"; before that: {incoming.last_error}" if incoming.last_error else ""
            reason = f"delivered more than {DELIVERY_LIMIT} times without an answer{before}"
            attempts -= 1
        message = incoming.message
        return DeadLetter(
            queue=message.queue,
            message_id=message.message_id,
            body=message.body,
            correlation_id=message.correlation_id,
            reason=reason,
            attempts=attempts,
        )


async def _consume(
    channel: AbstractChannel,
    queue: str,
    prefetch: int,
    messages: asyncio.Queue[AbstractIncomingMessage],
    lost: asyncio.Event,
) -> None:
    """Put what is delivered into `messages`; set `lost` when no more will be."""

    def on_lost(*_: object) -> None:
        lost.set()

    channel.close_callbacks.add(on_lost)
    underlay = await channel.get_underlay_channel()
    underlay.on_consumer_cancel_callbacks.add(on_lost)
    await channel.set_qos(prefetch_count=prefetch)
    await (await channel.get_queue(queue, ensure=False)).consume(messages.put)
