"""A source of vehicle data over HTTP, on this machine, that answers and misbehaves as a test says."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator, Generator, Mapping
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any, Final

_HTML: Final = b"<!DOCTYPE html><html><body>Please sign in</body></html>"


def response(body: bytes, *, status: int = 200, says: int | None = None) -> bytes:
    """An answer, whose length it says to be `says`."""
    length = len(body) if says is None else says
    head = f"HTTP/1.1 {status} Fine\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n"
    return f"{head}Connection: close\r\n\r\n".encode() + body


def answer(document: Any) -> bytes:
    """A document, as it should be."""
    return response(json.dumps(document).encode())


HANGS: Final = b""
MISBEHAVIOUR: Final[Mapping[str, bytes]] = {
    "time_out": HANGS,
    "answer_cut_off": response(b'[{"kenteken": "', says=4_000),
    "html_instead_of_data": response(_HTML),
    "server_error": response(_HTML, status=500),
    "answer_empty": response(b""),
}
"""What a source may do instead of answering, by the reason that is told for it."""


@dataclass
class PlayedSource:
    """`answers` is by the path and query; `asked` counts them, `headers` are those of the last question."""

    port: int = 0
    answers: dict[str, bytes] = field(default_factory=dict[str, bytes])
    otherwise: bytes = response(b"{}", status=404)
    asked: Counter[str] = field(default_factory=Counter[str])
    headers: dict[str, str] = field(default_factory=dict[str, str])
    was_asked: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            target = request[0].split(" ")[1]
            self.asked[target] += 1
            pairs = (line.partition(": ") for line in request[1:] if line)
            self.headers = {name.lower(): value for name, _, value in pairs}
            self.was_asked.set()
            told = self.answers.get(target, self.otherwise)
            if told == HANGS:
                await reader.read()  # until whoever asked has given up
            else:
                writer.write(told)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # nobody asked anything, or the test is over
        finally:
            writer.close()


@asynccontextmanager
async def played_source(port: int = 0) -> AsyncGenerator[PlayedSource]:
    """A source that knows of no vehicle until it is told."""
    played = PlayedSource()
    server = await asyncio.start_server(played.serve, "127.0.0.1", port)
    async with server:
        played.port = server.sockets[0].getsockname()[1]
        yield played
        server.close()


@contextmanager
def played_beside(port: int) -> Generator[PlayedSource]:
    """The same in a thread of its own, for whoever has no loop."""
    started: Future[tuple[PlayedSource, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        ended = asyncio.Event()
        async with played_source(port) as played:
            started.set_result((played, asyncio.get_running_loop(), ended))
            await ended.wait()

    thread = Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    played, loop, ended = started.result()
    yield played
    loop.call_soon_threadsafe(ended.set)
    thread.join()
