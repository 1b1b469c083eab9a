"""Publishing to RabbitMQ so that it either is certain or fails, and never hangs.

The robust connection of aio-pika is not used: while it is broken, what is published waits for its return. A plain
connection that is thrown away at the first trouble and opened anew for the next message has no such state.
"""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from contextvars import Context, copy_context
from datetime import timedelta
from typing import Any, Final, NamedTuple, TypeVar

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import DeliveryError, PublishError

from service_kit.bus import BusUnavailable, MessageRefused

T = TypeVar("T")

CONNECT_TIMEOUT: Final = 5.0
CLOSE_TIMEOUT: Final = 5.0
CHECK_TIMEOUT: Final = 3.0
# The library calls a connection dead after three of these and a bit: here half a minute, by default three.
HEARTBEAT: Final = 9


async def within(seconds: float, coroutine: Coroutine[Any, Any, T], *, context: Context | None = None) -> T:
    """The coroutine's result, or TimeoutError. It runs in `context`, or in a copy of the caller's.

    Not `asyncio.timeout`: that waits until the library has finished being cancelled, which takes a working
    connection. Also, when a connection breaks the library lets CancelledError out to tasks that nobody has
    cancelled; here that becomes a ConnectionError.
    """
    task = asyncio.create_task(coroutine, context=context)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may be left to look
    try:
        await asyncio.wait({task}, timeout=seconds)
    finally:
        finished = task.done()
        task.cancel()
    if not finished:
        raise TimeoutError(f"no answer within {seconds:.0f} s")
    if task.cancelled():
        raise ConnectionError("the connection broke")
    return task.result()


async def connect(url: str, *, heartbeat: int, name: str) -> AbstractConnection:
    """A new connection, which RabbitMQ's operators see under `name`."""
    return await within(
        CONNECT_TIMEOUT,
        aio_pika.connect(url, heartbeat=heartbeat, client_properties={"connection_name": name}),
    )


async def disconnect(connection: AbstractConnection) -> None:
    """Close it, however broken it is."""
    with contextlib.suppress(Exception):
        await within(CLOSE_TIMEOUT, connection.close())


class _Link(NamedTuple):
    connection: AbstractConnection
    channel: AbstractChannel


class Publisher:
    """One connection with one confirming channel, opened when it is needed."""

    def __init__(self, url: str, *, timeout: timedelta, heartbeat: int) -> None:
        self._url = url
        self._timeout = timeout.total_seconds()
        self._heartbeat = heartbeat
        # A connection outlives the message that it is opened for; what it logs is not about that one.
        self._context = copy_context()
        self._lock = asyncio.Lock()
        self._link: _Link | None = None
        self._closing: set[asyncio.Task[None]] = set()

    async def send(self, queue: str, message: aio_pika.Message) -> None:
        """Return once the broker has confirmed the message.

        Raises MessageRefused if there is no such queue, BusUnavailable if it is not certain in time.
        """
        try:
            await self._use(
                self._timeout,
                lambda channel: channel.default_exchange.publish(message, queue, mandatory=True),
            )
        except PublishError:
            raise MessageRefused(f"there is no queue {queue}; has its consumer ever run?") from None
        except DeliveryError as error:
            raise BusUnavailable(f"the broker refused a message for {queue}: {error}") from error

    async def check(self) -> None:
        """Raises BusUnavailable unless the broker answers."""
        await self._use(CHECK_TIMEOUT, lambda channel: channel.set_qos())

    async def close(self) -> None:
        self._drop(self._link)
        await asyncio.gather(*self._closing)

    async def _use(
        self, seconds: float, action: Callable[[AbstractChannel], Coroutine[Any, Any, object]]
    ) -> None:
        link = None
        give_up = asyncio.get_running_loop().time() + seconds
        try:
            link = await within(seconds, self._open(), context=self._context)
            await within(give_up - asyncio.get_running_loop().time(), action(link.channel))
        except DeliveryError:  # an answer: the connection works
            raise
        except Exception as error:  # the library raises all manner of things while a connection breaks
            self._drop(link)
            raise BusUnavailable(repr(error)) from error

    async def _open(self) -> _Link:
        async with self._lock:
            if self._link is not None and self._link.channel.is_closed:
                self._drop(self._link)
            if self._link is None:
                self._link = await self._connect()
            return self._link

    async def _connect(self) -> _Link:
        connection = await connect(self._url, heartbeat=self._heartbeat, name="publisher")
        try:
            channel = connection.channel(publisher_confirms=True, on_return_raises=True)
            await channel.initialize()
        except BaseException:
            self._close_later(connection)
            raise
        return _Link(connection, channel)

    def _drop(self, link: _Link | None) -> None:
        if link is not None and link is self._link:
            self._link = None
            self._close_later(link.connection)

    def _close_later(self, connection: AbstractConnection) -> None:
        task = asyncio.create_task(disconnect(connection))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
