"""The public API, and what bpa asks of cabinet."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI

from cabinet_service.accounts import api as accounts
from cabinet_service.accounts import passkeys
from cabinet_service.adapters.outbox_page import outbox_routes
from cabinet_service.adapters.recorder import Recorder
from cabinet_service.consents import api as consents
from cabinet_service.db import tables
from cabinet_service.inspections import api as inspections
from cabinet_service.photos.limits import MAX_FILE_BYTES
from cabinet_service.ports import Ports
from cabinet_service.privacy import api as privacy
from cabinet_service.settings import Settings, read_environment
from cabinet_service.wiring import open_ports
from service_kit.health import Check, health_routes
from service_kit.http.app import build_app
from service_kit.http.edge import install_replay
from service_kit.http.serving import carrying, serve
from service_kit.resync import stream_routes

VERSION: Final = "1"
UNLIMITED_PATHS: Final = ("/stream", "/evidence", "/file")
# A photo, and the other fields of its form.
LARGE_BODIES: Final = {"/evidence": MAX_FILE_BYTES + 64 * 1024}


def create_app(settings: Settings) -> FastAPI:
    """The application. Building it connects to nothing."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with open_ports(settings) as ports, carrying(app, ports.backbone):
            app.state.ports = ports
            yield

    app = build_app(
        title="Autodetective: cabinet",
        version=VERSION,
        description="Order the check of a car, answer the experts' questions, read their decision.",
        routers=[
            accounts.router,
            passkeys.router,
            consents.router,
            privacy.router,
            *inspections.ROUTERS,
            stream_routes(tables.outbox, noun="inspections"),
        ],
        lifespan=lifespan,
        unlimited_paths=UNLIMITED_PATHS,
        https=settings.has_https,
        shows_docs=settings.is_development,
        large_bodies=LARGE_BODIES,
    )

    def checks() -> dict[str, Check]:
        ports: Ports = app.state.ports
        return {
            "postgresql": ports.backbone.database.check,
            "bus": ports.backbone.bus.check,
            "cache": ports.limits.check,
            "files": ports.files.check,
        }

    async def metrics() -> bytes:
        ports: Ports = app.state.ports
        return await ports.backbone.metrics()

    app.include_router(health_routes(checks, metrics))
    if settings.is_development:
        app.include_router(outbox_routes(Recorder(settings.outbox_dir)))
    install_replay(app)
    return app


def main() -> None:
    settings = read_environment()
    serve(
        create_app(settings),
        service="cabinet",
        host=settings.host,
        port=settings.port,
        log_format=settings.log_format,
    )


if __name__ == "__main__":
    main()
