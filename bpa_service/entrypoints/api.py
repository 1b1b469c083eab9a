"""The api process: what experts' screens, other programs and the cabinet call."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import APIRouter, FastAPI

from bpa_service import wiring
from bpa_service.db import tables
from bpa_service.ports import Ports
from bpa_service.settings import Settings
from service_kit import health, logs
from service_kit.http.app import build_app
from service_kit.http.edge import install_replay
from service_kit.resync import stream_routes

SHUTDOWN_SECONDS = 5  # open streams never end by themselves


def create_app(settings: Settings) -> FastAPI:
    """The application. Building it, and its OpenAPI document, connects to nothing."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with wiring.open_ports(settings) as ports:
            app.state.ports = ports
            app.state.database = ports.backbone.database
            app.state.service_keys = ports.backbone.keys
            listening = asyncio.create_task(ports.backbone.listener.run())
            yield
            listening.cancel()

    app = build_app(
        title="Autodetective BPA",
        version="1",
        description="The experts' side: the queue, cases, the clock, findings and decisions.",
        routers=[stream_routes(tables.outbox, noun="cases")],
        lifespan=lifespan,
        unlimited_paths=("/stream",),
    )
    install_replay(app)
    app.include_router(_health(app))
    return app


def _health(app: FastAPI) -> APIRouter:
    def ports() -> Ports:
        return app.state.ports

    async def check_postgresql() -> None:
        await ports().backbone.database.check()

    async def check_bus() -> None:
        await ports().backbone.bus.check()

    async def check_cache() -> None:
        await ports().limits.check()

    async def collect() -> bytes:
        return await health.delivery_metrics(
            ports().backbone.database,
            outbox=tables.OutboxMessage,
            parked=tables.ParkedEvent,
            dead=tables.DeadLetter,
        )

    checks = {"postgresql": check_postgresql, "bus": check_bus, "cache": check_cache}
    return health.health_routes(checks, collect)


def main() -> None:
    settings = Settings()  # pyright: ignore[reportCallIssue] - filled from the environment
    logs.configure(service="bpa", process="api", style=settings.log_format)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )


if __name__ == "__main__":
    main()
