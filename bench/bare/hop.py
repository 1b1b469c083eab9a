"""The bare way of a piece of news: published with the broker's confirmation, over a quorum queue, out by SSE."""

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Final

import aio_pika
from aio_pika.abc import AbstractIncomingMessage
from fastapi import APIRouter, FastAPI, Request
from starlette.responses import StreamingResponse

QUEUE: Final = "bench.bare"
router = APIRouter()


@asynccontextmanager
async def running(app: FastAPI, url: str) -> AsyncGenerator[None]:
    """Connect to the broker, if there is one; with BARE_CONSUMES take in what comes."""
    app.state.screens = set[asyncio.Queue[bytes]]()
    if not url:
        yield
        return
    async with await aio_pika.connect_robust(url) as connection:
        channel = await connection.channel(publisher_confirms=True)
        await channel.set_qos(8)
        queue: Any = await channel.declare_queue(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
        app.state.exchange = channel.default_exchange

        async def show(message: AbstractIncomingMessage) -> None:
            for screen in app.state.screens:
                screen.put_nowait(message.body)
            await message.ack()

        if os.environ.get("BARE_CONSUMES"):
            await queue.consume(show)
        yield


@router.post("/news/{name}", status_code=202)
async def publish(name: str, request: Request) -> dict[str, str]:
    message = aio_pika.Message(name.encode(), delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
    await request.app.state.exchange.publish(message, QUEUE)
    return {"name": name}


@router.get("/stream")
async def stream(request: Request) -> StreamingResponse:
    screen: asyncio.Queue[bytes] = asyncio.Queue()
    request.app.state.screens.add(screen)

    async def events() -> AsyncGenerator[bytes]:
        try:
            yield b": open\n\n"
            while True:
                yield b"event: hint\ndata: " + await screen.get() + b"\n\n"
        finally:
            request.app.state.screens.discard(screen)

    return StreamingResponse(events(), media_type="text/event-stream")
