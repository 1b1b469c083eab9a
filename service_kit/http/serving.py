"""Running a service's API: what its application carries while it is up, and the server that serves it."""

import asyncio
import contextlib
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

import uvicorn
from fastapi import FastAPI

from service_kit.backbone import Backbone
from service_kit.http.app import take_routes
from service_kit.http.inbound import inbound_router
from service_kit.http.protocol import Http11
from service_kit.live import Hub

# For requests that are being worked at. Streams end at once, and whoever listens connects to the next process.
SHUTDOWN_TIMEOUT: Final = 5
START_FAILED: Final = 3
# How old the time may be that answers tell as theirs.
TICK_SECONDS: Final = 1.0


@asynccontextmanager
async def carrying(app: FastAPI, backbone: Backbone) -> AsyncGenerator[None]:
    """Give the app what `edge.py` and `peer.py` look for, listen for live hints and take in messages."""
    app.state.database = backbone.database
    app.state.service_keys = backbone.keys
    app.state.hub = backbone.hub
    if not backbone.settings.bus_url:  # over RabbitMQ no messages come in here
        queues = (backbone.tables.queues.events, backbone.tables.queues.work)
        take_routes(
            app,
            inbound_router(backbone.database.pool, backbone.tables.queued, queues=queues, keys=backbone.keys),
        )
    listening = asyncio.create_task(backbone.listener.run())
    try:
        yield
    finally:
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening


class Server(uvicorn.Server):
    """Serves the app of a service, and ends its streams when it is told to stop: by themselves they never end."""

    def __init__(
        self, app: FastAPI, *, host: str = "127.0.0.1", port: int = 0, http: type[Http11] = Http11
    ) -> None:
        self._app = app
        self._loop: asyncio.AbstractEventLoop | None = None
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            http=http,
            ws="none",
            proxy_headers=False,  # `client_address.TrustedProxies` reads them
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=SHUTDOWN_TIMEOUT,
        )
        self._stopping = asyncio.Event()
        super().__init__(config)

    async def main_loop(self) -> None:
        """As uvicorn's, which looks ten times a second whether it is to stop."""
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_SECONDS):
                    await self._stopping.wait()

    @property
    def should_exit(self) -> bool:  # pyright: ignore[reportIncompatibleVariableOverride] - to hear of it at once
        return self._should_exit

    @should_exit.setter
    def should_exit(self, value: bool) -> None:
        self._should_exit = value
        if value and self._loop is not None:  # asked for by a signal, or by another thread
            self._loop.call_soon_threadsafe(self._stopping.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        hub: Hub = self._app.state.hub
        hub.end()
        await super().shutdown(sockets)
        # uvicorn raises them again once it is done, and a process that ended in order would count as killed.
        self._captured_signals.clear()


def serve(app: FastAPI, *, host: str, port: int) -> None:
    """Serve until SIGTERM or Ctrl-C, after which requests that are being worked at are answered."""
    server = Server(app, host=host, port=port)
    server.run()
    if not server.started:
        sys.exit(START_FAILED)
