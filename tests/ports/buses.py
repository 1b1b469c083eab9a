"""The engines of the EventBus port as the conformance suite drives them, each behind a proxy that can fail."""

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol
from uuid import UUID

import aio_pika
import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import make_url
from sqlalchemy.orm import DeclarativeBase
from yarl import URL

from service_kit.bus import (
    PUBLISH_TIMEOUT,
    BusUnavailable,
    DeadLetter,
    Delivery,
    EventBus,
    Handler,
    Message,
    RetryPolicy,
)
from service_kit.bus.http import HttpBus
from service_kit.bus.queue_table import LEASE
from service_kit.bus.rabbitmq import RabbitBus
from service_kit.bus.rabbitmq.publisher import HEARTBEAT
from service_kit.bus.rabbitmq.topology import Topology
from service_kit.bus.tables import DeadLetterColumns, QueuedMessageColumns
from service_kit.http import problem_responses
from service_kit.http.inbound import inbound_router
from service_kit.ids import new_id
from service_kit.pool import Pool
from service_kit.signing import KeyRing
from tests.support.tcp_proxy import TcpProxy

AMQP_URL = os.environ.get("AUTODETECTIVE_TEST_AMQP_URL", "")
needs_rabbitmq = [
    pytest.mark.rabbitmq,
    pytest.mark.skipif(not AMQP_URL, reason="no RabbitMQ: AUTODETECTIVE_TEST_AMQP_URL is not set"),
]

POLICY = RetryPolicy((timedelta(milliseconds=50), timedelta(milliseconds=100)))
SHORT_LEASE = timedelta(seconds=1)
# How long a test waits for what must come. It is no measure: whatever needs this long is broken.
PATIENCE = 30.0


class Base(DeclarativeBase):
    pass


class QueuedMessage(QueuedMessageColumns, Base):
    __tablename__ = "queued_message"


class BuriedMessage(DeadLetterColumns, Base):
    __tablename__ = "dead_letter"


class Harness(Protocol):
    """One engine of the bus, its queues and its network."""

    def new_bus(self, policy: RetryPolicy = POLICY, *, impatient: bool = False) -> EventBus:
        """A bus behind the proxy; an impatient one notices within seconds that nobody answers."""
        ...

    def worker_command(self, queue: str) -> list[str]:
        """Arguments of `tests.ports.hanging_worker` for a worker of this queue."""
        ...

    async def new_queue(self, policy: RetryPolicy = POLICY) -> str:
        """A queue that its owner has set up."""
        ...

    async def cut(self) -> None: ...
    def blackhole(self) -> None: ...
    def freeze(self) -> None: ...
    async def restore(self) -> None: ...


def new_message(queue: str, body: bytes = b"{}") -> Message:
    return Message(queue, new_id(), body, correlation_id="c-4711")


@dataclass
class Recorder:
    """A handler that remembers what it was given. `errors` are raised first, one per delivery."""

    errors: list[BaseException] = field(default_factory=list[BaseException])
    deliveries: list[Delivery] = field(default_factory=list[Delivery])
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def __call__(self, delivery: Delivery) -> None:
        async with self._changed:
            self.deliveries.append(delivery)
            self._changed.notify_all()
        if self.errors:
            raise self.errors.pop(0)

    async def until(self, count: int) -> list[Delivery]:
        """The deliveries, once there are `count` of them."""
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(lambda: len(self.deliveries) >= count)
        return list(self.deliveries)

    async def until_all(self, messages: list[Message], *, within: float = PATIENCE) -> None:
        """Once each of the messages was delivered, however often."""
        wanted = {message.message_id for message in messages}
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(lambda: wanted <= self.ids())

    def ids(self) -> set[UUID]:
        return {delivery.message_id for delivery in self.deliveries}


@dataclass
class Graveyard:
    """A `bury` that remembers what it was given."""

    letters: list[DeadLetter] = field(default_factory=list[DeadLetter])
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def __call__(self, letter: DeadLetter) -> None:
        async with self._changed:
            self.letters.append(letter)
            self._changed.notify_all()

    async def until(self, count: int) -> list[DeadLetter]:
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(lambda: len(self.letters) >= count)
        return list(self.letters)


async def no_grave(letter: DeadLetter) -> None:
    raise AssertionError(f"this test expects no dead letter: {letter}")


async def publish_insistently(bus: EventBus, message: Message) -> None:
    """As the relay does: until the bus has it."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                await bus.publish(message)
            except BusUnavailable:
                await asyncio.sleep(0.1)
            else:
                return


@contextlib.asynccontextmanager
async def consuming(
    bus: EventBus, queue: str, handler: Handler, *, bury: Graveyard | None = None, prefetch: int = 1
) -> AsyncGenerator[None]:
    """Consume while the block runs. An end of `consume` before that is a failure."""
    task = asyncio.create_task(bus.consume(queue, handler, bury=bury or no_grave, prefetch=prefetch))
    try:
        yield
    finally:
        ended = task.done()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert not ended, "consume() ended by itself"


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield  # Ctrl-C is pytest's


@contextlib.asynccontextmanager
async def serving(app: FastAPI) -> AsyncGenerator[int]:
    """The app on a port of its own, over real HTTP."""
    server = _Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
        assert not task.done(), "the server did not start"
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    server.force_exit = True
    await task


class HttpHarness:
    """HttpBus, its receiving service, and a proxy before each of that service and the consumer's database."""

    KEYS = KeyRing(["a key that only the tests know"])

    def __init__(self, database_url: str) -> None:
        self.database_url = database_url
        self.pool = Pool(database_url)
        self.queues: set[str] = set()
        self._peer = TcpProxy(0)
        self._to_database = TcpProxy(make_url(database_url).port or 5432)
        self._buses: list[HttpBus] = []
        self._pools: list[Pool] = []
        self._stack = contextlib.AsyncExitStack()

    async def start(self) -> None:
        app = FastAPI()
        problem_responses.install(app)
        app.include_router(inbound_router(self.pool, QueuedMessage, queues=self.queues, keys=self.KEYS))
        self.port = await self._stack.enter_async_context(serving(app))
        self._peer = TcpProxy(self.port)
        await self._peer.start()
        await self._to_database.start()

    async def stop(self) -> None:
        for bus in self._buses:
            await bus.close()
        for pool in self._pools:
            await pool.close()
        await self._peer.stop()
        await self._to_database.stop()
        await self._stack.aclose()
        await self.pool.close()

    def new_bus(
        self, policy: RetryPolicy = POLICY, *, impatient: bool = False, lease: timedelta = LEASE
    ) -> HttpBus:
        url = make_url(self.database_url).set(port=self._to_database.port)
        proxied = url.render_as_string(hide_password=False)
        self._pools.append(Pool(proxied, patience=1 if impatient else 30))
        bus = HttpBus(
            self._pools[-1],
            QueuedMessage,
            owners=dict.fromkeys(self.queues, f"http://127.0.0.1:{self._peer.port}"),
            keys=self.KEYS,
            policy=policy,
            publish_timeout=_publish_timeout(impatient=impatient),
            lease=lease,
        )
        self._buses.append(bus)
        return bus

    def worker_command(self, queue: str) -> list[str]:
        return ["http", self.database_url, queue]

    async def new_queue(self, policy: RetryPolicy = POLICY) -> str:  # noqa: ARG002 - its table is for any policy
        queue = f"q{new_id().hex}"
        self.queues.add(queue)
        return queue

    async def cut(self) -> None:
        await self._peer.cut()
        await self._to_database.cut()

    def blackhole(self) -> None:
        self._peer.blackhole()
        self._to_database.blackhole()

    def freeze(self) -> None:
        self._peer.freeze()
        self._to_database.freeze()

    async def restore(self) -> None:
        await self._peer.restore()
        await self._to_database.restore()


class RabbitHarness:
    """RabbitBus, and a proxy before the broker."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._proxy = TcpProxy(URL(url).port or 5672)
        self._queues: list[tuple[str, RetryPolicy]] = []
        self._buses: list[RabbitBus] = []

    async def start(self) -> None:
        await self._proxy.start()

    async def stop(self) -> None:
        for bus in self._buses:
            await bus.close()
        await self._proxy.stop()
        async with await aio_pika.connect(self.url) as connection, await connection.channel() as channel:
            for queue, policy in self._queues:
                for name in Topology(queue, policy).names():
                    await channel.queue_delete(name)

    def new_bus(self, policy: RetryPolicy = POLICY, *, impatient: bool = False) -> RabbitBus:
        url = str(URL(self.url).with_port(self._proxy.port))
        bus = RabbitBus(
            url,
            policy=policy,
            publish_timeout=_publish_timeout(impatient=impatient),
            heartbeat=1 if impatient else HEARTBEAT,
        )
        self._buses.append(bus)
        return bus

    def worker_command(self, queue: str) -> list[str]:
        return ["rabbitmq", self.url, queue]

    async def new_queue(self, policy: RetryPolicy = POLICY) -> str:
        queue = f"q{new_id().hex}"
        self._queues.append((queue, policy))
        async with await aio_pika.connect(self.url) as connection, await connection.channel() as channel:
            await Topology(queue, policy).declare(channel)
        return queue

    async def cut(self) -> None:
        await self._proxy.cut()

    def blackhole(self) -> None:
        self._proxy.blackhole()

    def freeze(self) -> None:
        self._proxy.freeze()

    async def restore(self) -> None:
        await self._proxy.restore()


def _publish_timeout(*, impatient: bool) -> timedelta:
    return timedelta(seconds=1) if impatient else PUBLISH_TIMEOUT


async def publish_all(bus: EventBus, queue: str, count: int) -> list[Message]:
    messages = [new_message(queue, b'{"n": %d}' % number) for number in range(count)]
    for message in messages:
        await bus.publish(message)
    return messages


@dataclass
class Stuck:
    """A handler that does not come to an end before it is told to."""

    entered: asyncio.Event = field(default_factory=asyncio.Event)
    release: asyncio.Event = field(default_factory=asyncio.Event)
    finished: int = 0

    async def __call__(self, _delivery: Delivery) -> None:
        self.entered.set()
        await self.release.wait()
        self.finished += 1

    async def until_entered(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self.entered.wait()
