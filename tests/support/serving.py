"""A service's application on a real socket: a stream never ends, so it cannot be read without one."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from service_kit.http.protocol import Http11
from service_kit.http.serving import Server


@asynccontextmanager
async def served(app: FastAPI, http: type[Http11] = Http11, *, port: int = 0) -> AsyncGenerator[str]:
    """The address of the app while it is served, on a free port unless one is named."""
    listening = socket.create_server(("127.0.0.1", port))
    server = Server(app, http=http)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
