"""The public API, and what cabinet asks of bpa."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

from fastapi import APIRouter, FastAPI

from bpa_service.api_ports import ApiPorts
from bpa_service.api_wiring import open_api_ports
from bpa_service.audit.api import router as audit
from bpa_service.cases import api as cases
from bpa_service.cases.readings.proposing import Asker
from bpa_service.cases.ticking import metrics as tick_metrics
from bpa_service.db import MIGRATIONS
from bpa_service.db.tables import outbox
from bpa_service.evidence.api import router as evidence
from bpa_service.exemplars import api as exemplars
from bpa_service.exemplars.picture_process import PictureProcess
from bpa_service.experts.api import router as experts
from bpa_service.experts.factors import holders
from bpa_service.experts.factors.api import router as factors
from bpa_service.notifications import choosers
from bpa_service.notifications.api import router as notifications
from bpa_service.playbook.api import router as playbook
from bpa_service.settings import Settings
from bpa_service.shifts.api import router as shifts
from bpa_service.telegram.api import router as telegram
from bpa_service.telegram.tables import updates
from service_kit.http.event_log import stream_routes
from service_kit.http.service_app import build_service_app
from service_kit.telegram.webhook import webhook_router

UNLIMITED_PATHS: Final = ("/stream", exemplars.PATH_END)
LARGE_BODIES: Final = {exemplars.PATH_END: exemplars.LARGEST_BODY}
TAGS: Final = {
    "auth": "Signing in, the devices that are signed in, and who one is.",
    "passkeys": "The passkeys of an expert.",
    "second factors": "Authenticator apps and recovery codes.",
    "people": "Experts and their roles.",
    "audit": "Who did what.",
    "queue": "The cases that wait, the most urgent first.",
    "cases": "One case: everything that is known of it, its clock, what happened.",
    "holding": "Who works on a case: taking it, keeping it, giving it back.",
    "words": "Questions to the client, messages and notes.",
    "findings": "What was found, and the places in photos that it rests on.",
    "preparing": "Checks, drafts of the answer, priority.",
    "deciding": "The answer, its amendments, and second opinions.",
    "incidents": "Times in which the 20 minutes cannot be kept.",
    "evidence": "Links to the photos of a case.",
    "playbook": "Ready words, and the checks of every case.",
    "shifts": "Who is there, and how the day goes.",
    "notifications": "What one was told while one looked elsewhere.",
    "exemplars": "Pictures of genuine and forged marks to compare with.",
    "stream": "Hints that something changed, as server-sent events.",
    "internal": "For the client's side; requests are signed.",
    "health": "For operators.",
}
# The screens of the desk, as its App.svelte has them.
SCREENS: Final = (
    "/",
    "/cases/:id",
    "/cases/:id/compare",
    "/shift",
    "/statistics",
    "/playbook",
    "/exemplars",
    "/people",
    "/me",
    "/audit",
)
# Addresses under which there are none.
NOT_PAGES: Final = ("/api/", "/internal/", "/telegram/")


@asynccontextmanager
async def _open_ports(app: FastAPI, settings: Settings) -> AsyncGenerator[ApiPorts]:
    async with open_api_ports(settings) as ports:
        app.state.pictures = pictures = PictureProcess()
        app.state.asker = asker = Asker(ports.backbone.database, ports.backbone.peer)
        try:
            yield ports
        finally:
            await asker.close()
            await pictures.close()


async def _metrics(ports: ApiPorts) -> bytes:
    return await tick_metrics.collect(ports.backbone.database)


def _own_routers(settings: Settings) -> Iterator[APIRouter]:
    if settings.telegram_token and settings.telegram_comes_by_webhook:
        yield webhook_router(updates, settings.telegram_token)


def create_app(settings: Settings) -> FastAPI:
    """The application. Building it connects to nothing."""
    return build_service_app(
        settings,
        partial(_open_ports, settings=settings),
        title="Autodetective: bpa",
        description="The experts' side: the queue, cases and their clocks, findings and decisions, exemplars.",
        package="bpa_service",
        tags=TAGS,
        routers=[
            experts,
            factors,
            *holders.ROUTERS,
            audit,
            *cases.ROUTERS,
            evidence,
            playbook,
            shifts,
            notifications,
            *choosers.ROUTERS,
            telegram,
            exemplars.router,
            stream_routes(outbox, noun="cases"),
        ],
        migrations=MIGRATIONS,
        screens=SCREENS,
        not_pages=NOT_PAGES,
        images_from=settings.photos_url,
        unlimited_paths=UNLIMITED_PATHS,
        large_bodies=LARGE_BODIES,
        own_metrics=_metrics,
        own_routers=list(_own_routers(settings)),
    )
