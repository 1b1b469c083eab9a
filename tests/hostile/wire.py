"""Requests as bytes, sent straight to an application or over a socket, just as they are."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from fastapi import FastAPI

Headers = list[tuple[bytes, bytes]]
PATIENCE: Final = 60.0


@dataclass(frozen=True)
class Sent:
    """A request. `target` is the address with its query, percent-encoded."""

    method: str
    target: bytes
    headers: Headers
    body: bytes

    def __str__(self) -> str:
        headers = "\n".join(f"{name!r}: {value[:200]!r}" for name, value in self.headers)
        return f"{self.method} {self.target[:500]!r}\n{headers}\n\n{self.body[:1000]!r}"


@dataclass
class Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


async def ask_app(app: FastAPI, sent: Sent) -> Answer:
    """The answer of an application, asked as uvicorn asks it; of an endless stream, its beginning."""
    path, _, query = sent.target.partition(b"?")
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": sent.method,
        "scheme": "http",
        "path": unquote(path.decode("ascii")),
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in sent.headers],
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 4711),
        "state": {},
    }
    answer, done = Answer(), asyncio.Event()
    chunks = [sent.body[at : at + 60_000] for at in range(0, len(sent.body), 60_000)] or [b""]

    async def receive() -> dict[str, Any]:
        if chunks:
            body = chunks.pop(0)
            return {"type": "http.request", "body": body, "more_body": bool(chunks)}
        await done.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {
                name.decode("latin-1"): value.decode("latin-1") for name, value in message["headers"]
            }
        else:
            answer.body += message.get("body", b"")
            if not message.get("more_body") or answer.media_type == "text/event-stream":
                done.set()

    async with asyncio.timeout(PATIENCE):
        await app(scope, receive, send)
    return answer


async def ask_server(port: int, sent: Sent) -> Answer:
    """The answer of a server on this machine to the very bytes; status 0 if it only closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    lines = [
        sent.method.encode() + b" " + sent.target + b" HTTP/1.1",
        b"Host: 127.0.0.1",
        b"Connection: close",
    ]
    lines += [name + b": " + value for name, value in sent.headers]
    if not any(name.lower() == b"content-length" for name, _ in sent.headers):
        lines.append(b"Content-Length: %d" % len(sent.body))
    try:
        async with asyncio.timeout(PATIENCE):
            try:
                writer.write(b"\r\n".join(lines) + b"\r\n\r\n" + sent.body)
                await writer.drain()
                if _announced(sent) > len(sent.body):
                    writer.write_eof()  # or the server would wait for the rest as long as it has patience
                return await _read(reader, sent.method)
            except (ConnectionError, asyncio.IncompleteReadError):
                return Answer()
    finally:
        writer.transport.abort()


def _announced(sent: Sent) -> int:
    lengths = [value for name, value in sent.headers if name.lower() == b"content-length"]
    return max((int(length) for length in lengths if length.isdigit()), default=0)


async def _read(reader: asyncio.StreamReader, method: str) -> Answer:
    status_line, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[:-2]
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    answer = Answer(int(status_line.split()[1]), headers)
    if answer.media_type == "text/event-stream" or method == "HEAD":
        return answer
    length = headers.get("content-length")
    if length is not None:
        answer.body = await reader.readexactly(int(length)) if length != "0" else b""
    elif headers.get("transfer-encoding") == "chunked":
        while size := int(await reader.readline(), 16):
            answer.body += (await reader.readexactly(size + 2))[:-2]
    return answer
