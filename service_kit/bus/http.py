"""The embedded bus: a signed POST to the service that owns the queue, which keeps it in a table of its own.

Nothing has to be installed for it. A message is in the receiver's database when publish returns, and is handled
from there by `queue_table.TableConsumer`.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import quote
from uuid import UUID

import httpx

from service_kit.bus import (
    MAX_BODY_BYTES,
    PUBLISH_TIMEOUT,
    Bury,
    BusUnavailable,
    Handler,
    Message,
    MessageRefused,
    RetryPolicy,
)
from service_kit.bus.queue_table import LEASE, TableConsumer
from service_kit.bus.tables import QueuedMessageColumns
from service_kit.logs import CORRELATION_HEADER
from service_kit.peer_client import peer_client
from service_kit.pool import Pool
from service_kit.signing import KeyRing

PREFIX: Final = "/internal/v1"
CHECK_TIMEOUT: Final = 3.0
# Until somebody changes something, these will be answered again and again.
_REFUSALS: Final = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)


class HttpBus:
    """Publishes to the owners of the queues and consumes the queues of this service's own database."""

    def __init__(
        self,
        pool: Pool,
        table: type[QueuedMessageColumns],
        *,
        owners: Mapping[str, str],
        keys: KeyRing,
        policy: RetryPolicy | None = None,
        publish_timeout: timedelta = PUBLISH_TIMEOUT,
        lease: timedelta = LEASE,
    ) -> None:
        """`owners` maps each queue that is published to onto the base URL of the service that consumes it.

        A service's own queues go the same way, to itself. `lease` is how long a message that a killed worker had
        in hand stays away from the others.
        """
        self._pool = pool
        self._table = table
        self._owners = owners
        self._keys = keys
        self._policy = policy or RetryPolicy()
        self._publish_timeout = publish_timeout.total_seconds()
        self._lease = lease
        self._client = peer_client(keys, httpx.Timeout(self._publish_timeout))

    async def publish(self, message: Message) -> None:
        owner = self._owners.get(message.queue)
        if owner is None:
            raise MessageRefused(f"nobody is known to own the queue {message.queue}")
        if len(message.body) > MAX_BODY_BYTES:
            raise MessageRefused(f"{len(message.body)} bytes are more than a message may have")
        target = target_of(message.queue, message.message_id)
        headers = self._keys.request_headers("POST", target, message.body, datetime.now(UTC))
        headers |= {"content-type": "application/json", CORRELATION_HEADER: message.correlation_id}
        try:
            async with asyncio.timeout(self._publish_timeout):
                response = await self._client.post(
                    owner.rstrip("/") + target, content=message.body, headers=headers
                )
        except (httpx.HTTPError, OSError, TimeoutError) as error:
            raise BusUnavailable(f"{owner}: {error!r}") from error
        if response.status_code in _REFUSALS:
            raise MessageRefused(f"{owner} refuses messages for {message.queue}: {response.status_code}")
        if response.status_code != HTTPStatus.ACCEPTED:
            raise BusUnavailable(f"{owner} answered {response.status_code}")

    async def consume(self, queue: str, handler: Handler, *, bury: Bury, prefetch: int = 16) -> None:
        consumer = TableConsumer(
            self._pool,
            self._table,
            queue,
            handler,
            bury=bury,
            prefetch=prefetch,
            policy=self._policy,
            lease=self._lease,
        )
        await consumer.run()

    async def check(self) -> None:
        """The pool is this service's own database: were it the peer, each would wait for the other to start."""
        try:
            async with asyncio.timeout(CHECK_TIMEOUT), self._pool.statements() as session:
                await session.fetch("SELECT 1")
        except Exception as error:
            raise BusUnavailable(repr(error)) from error

    async def close(self) -> None:
        await self._client.aclose()


def target_of(queue: str, message_id: UUID) -> str:
    """What is signed, made anew on both sides: it stays the same behind a proxy that cuts off a path prefix."""
    return f"{PREFIX}/queues/{quote(queue, safe='')}/messages?message_id={message_id}"
