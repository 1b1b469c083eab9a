"""Running a service's API: what its application carries while it is up, and the server that serves it."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final, Literal

import uvicorn
from fastapi import FastAPI

from service_kit import logs
from service_kit.backbone import Backbone

# Streams never end by themselves; whoever listens connects to the next process.
SHUTDOWN_TIMEOUT: Final = 5


@asynccontextmanager
async def carrying(app: FastAPI, backbone: Backbone) -> AsyncGenerator[None]:
    """Give the app what `edge.py` and `peer.py` look for, listen for live hints and take in messages."""
    app.state.database = backbone.database
    app.state.service_keys = backbone.keys
    app.include_router(backbone.inbound_router())
    listening = asyncio.create_task(backbone.listener.run())
    try:
        yield
    finally:
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening


def serve(
    app: FastAPI, *, service: str, host: str, port: int, log_format: Literal["console", "json"]
) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    logs.configure(service=service, process="api", style=log_format)
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_TIMEOUT,
    )
