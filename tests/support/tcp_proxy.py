"""A TCP proxy that takes a network apart: for tests of what happens while the other side is away."""

import asyncio
import contextlib
from asyncio import StreamReader, StreamWriter


class TcpProxy:
    """Forwards connections to `port` of the loopback address, until it is told not to."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._server: asyncio.Server | None = None
        self._passing = asyncio.Event()
        self._connections: dict[asyncio.Task[None], asyncio.Event] = {}
        self._bytes_back: int | None = None
        self.port = 0
        self.delay = 0.0  # seconds that each piece waits, either way

    async def start(self) -> None:
        self._passing.set()
        await self._listen()

    async def stop(self) -> None:
        await self.cut()

    async def cut(self) -> None:
        """Close every connection and refuse new ones: the other side was killed."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for connection in list(self._connections):
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def cut_after(self, count: int) -> None:
        """Let `count` more bytes come back, then cut the connection that brought the last: in mid-word."""
        self._bytes_back = count

    def blackhole(self) -> None:
        """Accept connections, but let no byte through: the network is gone, and nobody is told."""
        self._passing.clear()

    def freeze(self) -> None:
        """Let no byte through on the connections of now, for ever; new ones work: the other side was replaced."""
        for frozen in self._connections.values():
            frozen.set()

    async def restore(self) -> None:
        """Let everything through again. What was held back in a black hole arrives now."""
        self._passing.set()
        if self._server is None:
            await self._listen()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections[task] = asyncio.Event()
        try:
            await self._forward(reader, writer, self._connections[task])
        except (OSError, asyncio.CancelledError):
            pass  # cut, or ended by one of the sides
        finally:
            writer.transport.abort()
            del self._connections[task]

    async def _forward(self, reader: StreamReader, writer: StreamWriter, frozen: asyncio.Event) -> None:
        await self._passing.wait()
        target_reader, target_writer = await asyncio.open_connection("127.0.0.1", self._target)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(reader, target_writer, frozen))
                group.create_task(self._pump(target_reader, writer, frozen, back=True))
        except* OSError:
            pass
        finally:
            target_writer.transport.abort()

    async def _pump(
        self, reader: StreamReader, writer: StreamWriter, frozen: asyncio.Event, *, back: bool = False
    ) -> None:
        while chunk := await reader.read(65536):
            await asyncio.sleep(self.delay)
            await self._passing.wait()
            if frozen.is_set():
                continue  # only the end gets through, as keepalives would find it out
            if back and self._bytes_back is not None:
                chunk = chunk[: self._bytes_back]
                self._bytes_back -= len(chunk)
            writer.write(chunk)
            await writer.drain()
            if back and self._bytes_back == 0:
                self._bytes_back = None
                raise ConnectionAbortedError("cut, as asked")
        with contextlib.suppress(OSError):
            writer.write_eof()
