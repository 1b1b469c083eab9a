"""ClickHouse by clickhouse-driver. The driver blocks: each call has a thread, and a connection of its own."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from clickhouse_driver import Client
from clickhouse_driver.errors import Error, ServerException

from bpa_service.vehicles.store.analytics import EngineAway, EngineRefused

T = TypeVar("T")
CONNECT_SECONDS: Final = 5
# Of a server that is too busy, shuts down, or has too many at once: the same may be asked again.
_PASSING: Final = frozenset({159, 202, 209, 210, 241, 242, 279, 425, 999})


class ClickHouse:
    """`Analytics` on a server: `clickhouse://user:password@host:port/database`. Connects with the first call."""

    def __init__(self, url: str, *, connections: int = 4, seconds: int = 30) -> None:
        """`seconds` is how long the server may be silent; `connections` how many calls it carries out at once."""
        self._url = url
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="clickhouse")
        self._idle: list[Client] = []

    async def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        return await self._call(lambda client: client.execute(sql, _given(parameters)))

    async def command(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        await self._call(lambda client: client.execute(sql, _given(parameters)))

    async def insert(self, sql: str, columns: Sequence[Sequence[Any]]) -> None:
        await self._call(lambda client: client.execute(sql, list(columns), columnar=True))

    async def close(self) -> None:
        """Wait for what is under way, and close the connections."""
        await asyncio.to_thread(self._threads.shutdown)
        while self._idle:
            self._idle.pop().disconnect()

    async def _call(self, act: Callable[[Client], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._with_client, act)

    def _with_client(self, act: Callable[[Client], T]) -> T:
        client = self._idle.pop() if self._idle else self._new()
        try:
            answer = act(client)
        except ServerException as problem:
            self._idle.append(client)
            if problem.code in _PASSING:
                raise EngineAway(str(problem.message)) from problem
            raise EngineRefused(problem.code, str(problem.message)) from problem
        except (Error, OSError, EOFError) as problem:
            client.disconnect()
            raise EngineAway(f"{type(problem).__name__}: {problem}") from problem
        except BaseException:
            client.disconnect()  # nobody knows what is still to come on it
            raise
        self._idle.append(client)
        return answer

    def _new(self) -> Client:
        client: Client = Client.from_url(self._url)
        client.connection.connect_timeout = CONNECT_SECONDS
        client.connection.send_receive_timeout = self._seconds
        return client


def _given(parameters: Mapping[str, Any] | None) -> dict[str, Any]:
    return dict(parameters or {})
