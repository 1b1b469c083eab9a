"""The public API, and what cabinet asks of bpa."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI

from bpa_service.audit.api import router as audit
from bpa_service.cases import api as cases
from bpa_service.db import tables
from bpa_service.evidence.api import router as evidence
from bpa_service.exemplars import api as exemplars
from bpa_service.exemplars.picture_process import PictureProcess
from bpa_service.experts.api import router as experts
from bpa_service.experts.factors.api import router as factors
from bpa_service.experts.factors.passkeys import router as passkeys
from bpa_service.playbook.api import router as playbook
from bpa_service.ports import Ports
from bpa_service.settings import Settings, read_environment
from bpa_service.shifts.api import router as shifts
from bpa_service.wiring import open_ports
from service_kit.health import Check, health_routes
from service_kit.http import web_app
from service_kit.http.app import build_app
from service_kit.http.edge import install_replay
from service_kit.http.serving import carrying, serve
from service_kit.resync import stream_routes

VERSION: Final = "1"
UNLIMITED_PATHS: Final = ("/stream", exemplars.PATH_END)
LARGE_BODIES: Final = {exemplars.PATH_END: exemplars.LARGEST_BODY}
# Addresses under which nothing is a screen of the desk.
NOT_PAGES: Final = ("/api/", "/internal/")


def create_app(settings: Settings) -> FastAPI:
    """The application. Building it connects to nothing."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with open_ports(settings) as ports, carrying(app, ports.backbone):
            app.state.ports = ports
            app.state.pictures = pictures = PictureProcess()
            try:
                yield
            finally:
                await pictures.close()

    app = build_app(
        title="Autodetective: bpa",
        version=VERSION,
        description="The experts' side: the queue, cases and their clocks, findings and decisions, exemplars.",
        routers=[
            experts,
            factors,
            passkeys,
            audit,
            *cases.ROUTERS,
            evidence,
            playbook,
            shifts,
            exemplars.router,
            stream_routes(tables.outbox, noun="cases"),
        ],
        lifespan=lifespan,
        unlimited_paths=UNLIMITED_PATHS,
        large_bodies=LARGE_BODIES,
        https=settings.has_https,
        shows_docs=settings.is_development,
    )

    def checks() -> dict[str, Check]:
        ports: Ports = app.state.ports
        return {
            "postgresql": ports.backbone.database.check,
            "bus": ports.backbone.bus.check,
            "cache": ports.limits.check,
        }

    async def metrics() -> bytes:
        ports: Ports = app.state.ports
        return await ports.backbone.metrics()

    app.include_router(health_routes(checks, metrics))
    install_replay(app)
    web_app.install(app, settings.web_dir, not_pages=NOT_PAGES, images_from=settings.photos_url)
    return app


def main() -> None:
    settings = read_environment()
    serve(
        create_app(settings),
        service="bpa",
        host=settings.host,
        port=settings.port,
        log_format=settings.log_format,
    )


if __name__ == "__main__":
    main()
