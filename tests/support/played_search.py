"""A server of Elasticsearch that answers as a test says."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

PRODUCT: Final = "X-Elastic-Product: Elasticsearch\r\n"

Answer = tuple[int, Any]
"""A status and a document."""


@dataclass
class PlayedSearch:
    """`answer` is given the body of each request; None: it hangs. `asked` are those bodies."""

    answer: Callable[[bytes], Answer | None]
    is_elasticsearch: bool = True
    port: int = 0
    asked: list[bytes] = field(default_factory=list[bytes])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        lengths = [line.partition(":")[2] for line in head.splitlines() if line.startswith("content-length:")]
        body = await reader.readexactly(int(lengths[0])) if lengths else b""
        self.asked.append(body)
        found = self.answer(body)
        if found is None:
            await asyncio.Event().wait()
            return
        status, document = found
        text = json.dumps(document).encode()
        product = PRODUCT if self.is_elasticsearch else ""
        writer.write(
            f"HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\n{product}"
            f"Content-Length: {len(text)}\r\nConnection: close\r\n\r\n".encode()
            + text
        )
        await writer.drain()
        writer.close()


@asynccontextmanager
async def played_search(
    answer: Callable[[bytes], Answer | None], *, is_elasticsearch: bool = True
) -> AsyncGenerator[PlayedSearch]:
    played = PlayedSearch(answer, is_elasticsearch)
    serving: set[asyncio.Task[None]] = set()

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.create_task(played.serve(reader, writer)))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    played.port = server.sockets[0].getsockname()[1]
    try:
        yield played
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
