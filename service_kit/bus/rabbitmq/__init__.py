"""The bus for real loads: RabbitMQ, 3.10 or later.

What RabbitMQ does on its own (confirms, redelivery, expiry, the delivery limit) is set up in `topology`.
The retries are ours: a message that failed is published to a delay queue, confirmed, and only then acknowledged.
"""

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from service_kit.bus import (
    MAX_BODY_BYTES,
    PUBLISH_TIMEOUT,
    Bury,
    Handler,
    Message,
    MessageRefused,
    RetryPolicy,
)
from service_kit.bus.rabbitmq.consumer import Consumer
from service_kit.bus.rabbitmq.publisher import HEARTBEAT, Publisher
from service_kit.bus.rabbitmq.topology import Topology
from service_kit.bus.rabbitmq.wire import encode

log = structlog.get_logger(__name__)

RECONNECT_DELAY: Final = 1.0


class RabbitBus:
    """Publishes and consumes through one broker.

    The consumer of a queue declares it. Until it has run for the first time the queue is unknown, and what is
    published to it is refused.
    """

    def __init__(
        self,
        url: str,
        *,
        policy: RetryPolicy | None = None,
        publish_timeout: timedelta = PUBLISH_TIMEOUT,
        heartbeat: int = HEARTBEAT,
    ) -> None:
        """`heartbeat` in seconds; a connection that is silent for about three of them is given up."""
        self._url = url
        self._policy = policy or RetryPolicy()
        self._heartbeat = heartbeat
        self._publisher = Publisher(url, timeout=publish_timeout, heartbeat=heartbeat)

    async def publish(self, message: Message) -> None:
        if len(message.body) > MAX_BODY_BYTES:
            raise MessageRefused(f"{len(message.body)} bytes are more than a message may have")
        await self._publisher.send(message.queue, encode(message))

    async def consume(self, queue: str, handler: Handler, *, bury: Bury, prefetch: int = 16) -> None:
        consumer = Consumer(
            Topology(queue, self._policy), handler, bury=bury, prefetch=prefetch, publisher=self._publisher
        )
        while True:
            try:
                await consumer.run_until_lost(self._url, heartbeat=self._heartbeat)
            except Exception as error:  # noqa: BLE001 - whatever ails the broker, consuming goes on
                log.warning("consumer_lost", queue=queue, error=repr(error))
            await asyncio.sleep(RECONNECT_DELAY)

    async def check(self) -> None:
        await self._publisher.check()

    async def close(self) -> None:
        await self._publisher.close()
