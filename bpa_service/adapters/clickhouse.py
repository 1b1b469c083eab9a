"""ClickHouse by clickhouse-driver. The driver blocks: each call has a thread, and a connection of its own."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final, TypeVar

from clickhouse_driver import Client
from clickhouse_driver.errors import Error, ServerException

from bpa_service.vehicles.store.analytics import EngineAway, EngineRefused

T = TypeVar("T")
CONNECT_SECONDS: Final = 5
KEPT_SECONDS: Final = 60.0
"""So long a connection waits for the next call. The embedded engine ends when nobody is connected."""
# Of a server that is too busy, shuts down, or has too many at once: the same may be asked again.
_PASSING: Final = frozenset({159, 202, 209, 210, 241, 242, 279, 425, 999})


class ClickHouse:
    """`Analytics` on a server: `clickhouse://user:password@host:port/database`. Connects with the first call."""

    def __init__(
        self, url: str, *, connections: int = 4, seconds: int = 30, kept_seconds: float = KEPT_SECONDS
    ) -> None:
        """`seconds` is how long the server may be silent; `connections` how many calls it carries out at once."""
        self._url = url
        self._seconds = seconds
        self._kept_seconds = kept_seconds
        self._shedding: asyncio.TimerHandle | None = None
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="clickhouse")
        self._idle: list[tuple[Client, float]] = []  # since when; whoever was needed last comes last

    async def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        return await self._call(lambda client: client.execute(sql, _given(parameters)))

    async def command(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        await self._call(lambda client: client.execute(sql, _given(parameters)))

    async def insert(self, sql: str, columns: Sequence[Sequence[Any]]) -> None:
        await self._call(lambda client: client.execute(sql, list(columns), columnar=True))

    async def close(self) -> None:
        """Wait for what somebody waits for, and close the connections."""
        await asyncio.to_thread(self._threads.shutdown)
        if self._shedding:
            self._shedding.cancel()
        self._shed(older_than=0)

    async def _call(self, act: Callable[[Client], T]) -> T:
        call = _Call()
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, self._with_client, act, call
            )
        except asyncio.CancelledError:
            call.give_up()
            raise
        finally:
            self._shed_in_time()

    def _shed_in_time(self) -> None:
        def shed() -> None:
            self._shedding = None
            if self._shed(older_than=self._kept_seconds):
                self._shed_in_time()

        if self._shedding is None:
            self._shedding = asyncio.get_running_loop().call_later(self._kept_seconds, shed)

    def _shed(self, *, older_than: float) -> bool:
        """Close the connections that waited so long; whether there are others."""
        while self._idle:
            client, since = self._idle.pop(0)  # in one step: threads take the last
            if time.monotonic() - since < older_than:
                self._idle.insert(0, (client, since))
                return True
            client.disconnect()
        return False

    def _with_client(self, act: Callable[[Client], T], call: "_Call") -> T:
        client = self._kept() or self._new()
        try:
            call.begin(client)
            answer = act(client)
        except ServerException as problem:
            self._keep(client)
            if problem.code in _PASSING:
                raise EngineAway(str(problem.message)) from problem
            raise EngineRefused(problem.code, str(problem.message)) from problem
        except (Error, OSError, EOFError) as problem:
            client.disconnect()
            raise EngineAway(f"{type(problem).__name__}: {problem}") from problem
        except BaseException:
            client.disconnect()  # nobody knows what is still to come on it
            raise
        self._keep(client)
        return answer

    def _kept(self) -> Client | None:
        with suppress(IndexError):
            return self._idle.pop()[0]
        return None

    def _keep(self, client: Client) -> None:
        self._idle.append((client, time.monotonic()))

    def _new(self) -> Client:
        client: Client = Client.from_url(self._url)
        client.connection.connect_timeout = CONNECT_SECONDS
        client.connection.send_receive_timeout = self._seconds
        return client


class _Call:
    """A call while its thread works. If it is given up, nobody waits for the answer: its connection is cut."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._is_given_up = False

    def begin(self, client: Client) -> None:
        """Raises EOFError if it was given up."""
        with self._lock:
            if self._is_given_up:
                raise EOFError("nobody waits for it")
            self._client = client

    def give_up(self) -> None:
        with self._lock:
            self._is_given_up = True
            connected = self._client and self._client.connection.socket
            if connected:
                # Whoever reads from it in another thread is woken by that, and by nothing else.
                with suppress(OSError):
                    connected.shutdown(socket.SHUT_RDWR)


def _given(parameters: Mapping[str, Any] | None) -> dict[str, Any]:
    return dict(parameters or {})
