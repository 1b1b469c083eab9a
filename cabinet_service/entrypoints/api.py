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
from cabinet_service.notifications import api as notifications
from cabinet_service.photos.limits import MAX_COPY_BYTES, MAX_FILE_BYTES
from cabinet_service.ports import Ports
from cabinet_service.privacy import api as privacy
from cabinet_service.readings import api as readings
from cabinet_service.settings import Settings, read_environment
from cabinet_service.uploads import api as uploads
from cabinet_service.wiring import open_ports, photo_reader
from service_kit.health import Check, health_routes
from service_kit.http import web_app
from service_kit.http.app import build_app
from service_kit.http.edge import install_replay
from service_kit.http.serving import carrying, serve
from service_kit.resync import stream_routes

VERSION: Final = "1"
UNLIMITED_PATHS: Final = ("/stream", "/evidence", "/evidence/copies", "/file", "/readings", uploads.CONTENT)
# A photo or its copy, and the other fields of the form.
LARGE_BODIES: Final = {
    "/evidence": MAX_FILE_BYTES + 64 * 1024,
    "/evidence/copies": MAX_COPY_BYTES + 64 * 1024,
    "/readings": readings.MAX_FILE_BYTES + 64 * 1024,
    uploads.CONTENT: MAX_FILE_BYTES,
}

# Addresses under which nothing is a screen of the web app.
NOT_PAGES: Final = ("/api/", "/internal/", "/signed/", "/dev/")


def create_app(settings: Settings) -> FastAPI:
    """The application. Building it connects to nothing."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with open_ports(settings) as ports, carrying(app, ports.backbone):
            app.state.ports = ports
            app.state.reader = photo_reader(ports)
            yield

    app = build_app(
        title="Autodetective: cabinet",
        version=VERSION,
        description="Order the check of a car, answer the experts' questions, read their decision.",
        routers=[
            accounts.router,
            passkeys.router,
            consents.router,
            notifications.router,
            privacy.router,
            *inspections.ROUTERS,
            readings.router,
            uploads.router,
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
    web_app.install(app, settings.web_dir, not_pages=NOT_PAGES)
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
