"""LISTEN: one connection per process over which PostgreSQL wakes whoever waits for news."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

import asyncpg
import structlog

log = structlog.get_logger(__name__)

RECONNECT_DELAY: Final = 1.0
PROBE_INTERVAL: Final = 15.0
# It probes whether or not the process does its work: so it is no sign of that (see `process_signs`).
_NAMED: Final = {"application_name": "autodetective listener"}

_LOST: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that broke in the middle of an answer
)

Callback = Callable[[str], None]


class Listener:
    """Calls back on each NOTIFY of the channels asked for.

    A callback gets the payload. It gets an empty string after every (re)connect: news may have been missed, so
    look for yourself. Callbacks run on the event loop and must not block.
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._callbacks: dict[str, list[Callback]] = {}
        self._is_running = False

    def on(self, channel: str, callback: Callback) -> None:
        """Ask for a channel. Call before `run`."""
        self._callbacks.setdefault(channel, []).append(callback)

    def wakeup(self, channel: str) -> asyncio.Event:
        """An event that is set by each NOTIFY of the channel; the waiter clears it."""
        event = asyncio.Event()
        self.on(channel, lambda _payload: event.set())
        return event

    async def run(self) -> None:
        """Listen until cancelled; a lost connection is opened again. Run twice, it listens once."""
        if self._is_running:
            await asyncio.Event().wait()
        self._is_running = True
        while True:
            try:
                await self._listen_once()
            except _LOST as error:
                log.warning("listen_connection_lost", error=repr(error))
            await asyncio.sleep(RECONNECT_DELAY)

    async def _listen_once(self) -> None:
        connection = await asyncpg.connect(self._dsn, timeout=5, command_timeout=5, server_settings=_NAMED)
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _connection: lost.set())
        try:
            for channel in self._callbacks:
                await connection.add_listener(channel, self._on_notify)
            for callbacks in self._callbacks.values():
                for callback in callbacks:
                    callback("")
            while not lost.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(lost.wait(), PROBE_INTERVAL)
                    return
                # A half-open connection never tells that it is dead; a probe finds out.
                await connection.fetchval("SELECT 1")
        finally:
            connection.terminate()

    def _on_notify(self, _connection: object, _pid: int, channel: str, payload: object) -> None:
        for callback in self._callbacks.get(channel, []):
            callback(str(payload))
