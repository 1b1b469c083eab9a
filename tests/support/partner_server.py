"""A partner's server that takes webhooks: verifies them with the public library, and fails as it is told to."""

import asyncio
import json
import threading
from collections import defaultdict
from collections.abc import AsyncGenerator, Generator, Mapping
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

from standardwebhooks import Webhook

OK: Final = b"HTTP/1.1 204 No Content\r\n\r\n"
BROKEN: Final = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 6\r\n\r\nbroken"
GONE: Final = b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"
GARBAGE: Final = b"\x00\xff not HTTP at all \r\n\r\n"
CLOSED: Final = b""
HUGE: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n" + b"\0a" * (1 << 19)
ENDLESS_HEADERS: Final = b"HTTP/1.1 200 OK\r\n" + b"X-More: and more\r\n" * 100_000


def moved(to: str) -> bytes:
    return f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()


def busy(seconds: int) -> bytes:
    return f"HTTP/1.1 503 Busy\r\nRetry-After: {seconds}\r\nContent-Length: 0\r\n\r\n".encode()


@dataclass(frozen=True)
class Taken:
    """A request as it came."""

    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def told(self) -> dict[str, Any]:
        return json.loads(self.body)

    def verified(self, *secrets: str) -> dict[str, Any]:
        """What it tells, if each of the secrets verifies it. Raises WebhookVerificationError."""
        for secret in secrets:
            Webhook(secret).verify(self.body, dict(self.headers))
        return self.told


@dataclass
class PartnerServer:
    """`answers` are given one after the other, then `usual`; while it `hangs` it says nothing.

    For each answer it `takes` so many seconds.
    """

    port: int = 0
    usual: bytes = OK
    hangs: bool = False
    takes: float = 0
    answers: list[bytes] = field(default_factory=list[bytes])
    requests: list[Taken] = field(default_factory=list[Taken])
    connections: int = 0
    most_at_once: int = 0
    _at_once: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"

    @property
    def types(self) -> list[str]:
        return [one.told["type"] for one in self.requests]

    def by_inspection(self) -> dict[str, list[int]]:
        """The sequence numbers of each inspection in the order in which they came first."""
        found: dict[str, list[int]] = defaultdict(list)
        for one in self.requests:
            data = one.told["data"]
            if data["sequence"] not in found[data["inspection_id"]]:
                found[data["inspection_id"]].append(data["sequence"])
        return found

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            lines = [line.partition(":") for line in head.split("\r\n")[1:] if line]
            headers = {name.lower(): value.strip() for name, _, value in lines}
            body = await reader.readexactly(int(headers["content-length"]))
            self.requests.append(Taken(headers, body))
            said = self.answers.pop(0) if self.answers else self.usual
            if self.takes:
                await asyncio.sleep(self.takes)
            while self.hangs:
                await asyncio.sleep(0.01)
            writer.write(said)
            await writer.drain()
        finally:
            self._at_once -= 1
            with suppress(OSError):
                writer.close()


@asynccontextmanager
async def partner_server() -> AsyncGenerator[PartnerServer]:
    partner = PartnerServer()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, EOFError, asyncio.CancelledError):
            await partner.answer(reader, writer)

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    partner.port = server.sockets[0].getsockname()[1]
    try:
        yield partner
    finally:
        partner.hangs = False
        server.close()


@contextmanager
def partner_server_beside() -> Generator[PartnerServer]:
    """The same in a thread of its own, for tests that are no coroutines."""
    started: Future[tuple[PartnerServer, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        async with partner_server() as partner:
            done = asyncio.Event()
            started.set_result((partner, asyncio.get_running_loop(), done))
            await done.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    partner, loop, done = started.result()
    try:
        yield partner
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
