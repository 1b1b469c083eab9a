"""The TCP proxy for tests that are no coroutines: it runs in a thread of its own."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from typing import Any

from tests.support.tcp_proxy import TcpProxy


class Wire:
    """A TcpProxy, driven from other threads."""

    def __init__(self, proxy: TcpProxy, loop: asyncio.AbstractEventLoop) -> None:
        self._proxy = proxy
        self._loop = loop

    @property
    def port(self) -> int:
        return self._proxy.port

    def cut(self) -> None:
        self._wait(self._proxy.cut())

    def restore(self) -> None:
        self._wait(self._proxy.restore())

    def blackhole(self) -> None:
        self._call(self._proxy.blackhole)

    def freeze(self) -> None:
        self._call(self._proxy.freeze)

    def cut_after(self, count: int) -> None:
        self._call(lambda: self._proxy.cut_after(count))

    def delay(self, seconds: float) -> None:
        self._proxy.delay = seconds

    def _call(self, act: Callable[[], None]) -> None:
        async def run() -> None:
            act()

        self._wait(run())

    def _wait(self, coroutine: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)


@contextmanager
def wire_to(port: int) -> Generator[Wire]:
    """A way to `port` of the loopback address that can be cut."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    proxy = TcpProxy(port)
    wire = Wire(proxy, loop)
    asyncio.run_coroutine_threadsafe(proxy.start(), loop).result(30)
    try:
        yield wire
    finally:
        wire.cut()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
