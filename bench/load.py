"""A small HTTP client that costs next to nothing, so that what is measured is the server.

Connections are kept open; each does one job after the other. Every answer that is not asked for is an error:
a server that refuses quickly would look fast.
"""

import asyncio
import json
import statistics
import time
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

PATIENCE: Final = 60.0


class Unexpected(Exception):
    """An answer with another status than the one that was expected."""


class Connection:
    """One kept-alive connection to a server of this machine."""

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int) -> "Connection":
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=2**20))

    async def ask(self, request: bytes, *, expect: int) -> bytes:
        """The body of the answer. Raises Unexpected."""
        self._writer.write(request)
        async with asyncio.timeout(PATIENCE):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = int(head.partition("content-length:")[2].split("\r\n")[0] or 0)
            body = await self._reader.readexactly(length)
        if int(head.split(" ", 2)[1]) != expect:
            raise Unexpected(f"{request.splitlines()[0]!r}: {head.splitlines()[0]} {body[:500]!r}")
        return body

    async def lines(self, request: bytes) -> "asyncio.StreamReader":
        """Send a request whose answer never ends, and go on reading it."""
        self._writer.write(request)
        return self._reader

    def close(self) -> None:
        self._writer.close()


def request(method: str, path: str, *, headers: Mapping[str, str] | None = None, body: bytes = b"") -> bytes:
    """The bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def json_request(method: str, path: str, body: Any, *, headers: Mapping[str, str] | None = None) -> bytes:
    return request(
        method,
        path,
        headers={"Content-Type": "application/json", **(headers or {})},
        body=json.dumps(body).encode(),
    )


def form_request(
    path: str, fields: Mapping[str, str], files: Sequence[tuple[str, bytes]], *, headers: Mapping[str, str]
) -> bytes:
    """A multipart form with JPEG files (name of the field, content)."""
    boundary = "----bench"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, content in files:
        disposition = f'Content-Disposition: form-data; name="{name}"; filename="photo.jpg"'
        parts.append(f"--{boundary}\r\n{disposition}\r\nContent-Type: image/jpeg\r\n\r\n".encode())
        parts.append(content + b"\r\n")
    body = b"".join([*parts, f"--{boundary}--\r\n".encode()])
    content_type = f"multipart/form-data; boundary={boundary}"
    return request("POST", path, headers={"Content-Type": content_type, **headers}, body=body)


Job = Callable[[Connection], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Load:
    """What became of some jobs: how long all of them took, and each of them."""

    seconds: float
    latencies: Sequence[float]

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def p99_milliseconds(self) -> float:
        return p99(self.latencies) * 1000


def p99(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[98]


async def do(port: int, jobs: Sequence[Job], *, connections: int) -> Load:
    """Do all jobs over that many connections."""
    waiting = iter(jobs)
    latencies: list[float] = []
    opened = [await Connection.open(port) for _ in range(connections)]
    started = time.perf_counter()
    await asyncio.gather(*(_work(connection, waiting, latencies) for connection in opened))
    seconds = time.perf_counter() - started
    for connection in opened:
        connection.close()
    return Load(seconds, latencies)


async def _work(connection: Connection, waiting: Iterator[Job], latencies: list[float]) -> None:
    for job in waiting:
        started = time.perf_counter()
        await job(connection)
        latencies.append(time.perf_counter() - started)


def asking(request: bytes, *, expect: int) -> Job:
    """The job of sending one request."""

    async def ask(connection: Connection) -> None:
        await connection.ask(request, expect=expect)

    return ask
