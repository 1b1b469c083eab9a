"""The public API, and what cabinet asks of bpa."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
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
from bpa_service.db.tables import TABLES, outbox
from bpa_service.evidence.api import router as evidence
from bpa_service.exemplars import api as exemplars
from bpa_service.exemplars.picture_process import PictureProcess
from bpa_service.experts.api import router as experts
from bpa_service.experts.factors import holders
from bpa_service.experts.factors.api import router as factors
from bpa_service.experts.tokens.api import router as tokens
from bpa_service.experts.tokens.domain import GRANTS
from bpa_service.histories.internal import router as histories_for_cabinet
from bpa_service.notifications import choosers
from bpa_service.notifications.api import router as notifications
from bpa_service.notifications.notices import notices
from bpa_service.operations.api import router as operations
from bpa_service.operations.figures import Operations
from bpa_service.playbook.api import router as playbook
from bpa_service.reports.api import router as reports
from bpa_service.reports.internal import router as reports_for_cabinet
from bpa_service.search.api import router as search
from bpa_service.search.views.api import router as search_views
from bpa_service.settings import Settings
from bpa_service.shifts import metrics as shift_metrics
from bpa_service.shifts.api import router as shifts
from bpa_service.telegram.api import router as telegram
from bpa_service.telegram.tables import updates
from bpa_service.vehicles.enquiries import metrics as enquiry_metrics
from bpa_service.vehicles.importing import api as imports
from bpa_service.vehicles.learning.current import CurrentRules
from bpa_service.vehicles.learning.internal import router as vin_rules
from bpa_service.vehicles.lookup.api import router as vehicles
from bpa_service.vehicles.lookup.finding import Finder
from bpa_service.vehicles.lookup.internal import router as previews
from bpa_service.wiring import vehicle_records
from service_kit.chats.webhook import webhook_router
from service_kit.http.event_log import stream_routes
from service_kit.http.openapi import KeySchemes
from service_kit.http.service_app import build_service_app
from service_kit.notifying import metrics as notification_metrics
from service_kit.search.keeping import metrics as search_metrics

UNLIMITED_PATHS: Final = ("/stream", exemplars.PATH_END, imports.PATH_END, imports.REJECTS_END)
LARGE_BODIES: Final = {exemplars.PATH_END: exemplars.LARGEST_BODY}
TAGS: Final = {
    "auth": "Signing in, the devices that are signed in, and who one is.",
    "passkeys": "The passkeys of an expert.",
    "tokens": "Personal tokens, by which tools of experts read in their name.",
    "second factors": "Authenticator apps and recovery codes.",
    "people": "Experts and their roles.",
    "audit": "Who did what.",
    "queue": "The cases that wait, the most urgent first.",
    "search": "Finding cases by whatever is remembered of them, and questions that are kept.",
    "cases": "One case: everything that is known of it, its clock, what happened.",
    "holding": "Who works on a case: taking it, keeping it, giving it back.",
    "words": "Questions to the client, messages and notes.",
    "findings": "What was found, and the places in photos that it rests on.",
    "preparing": "Checks, drafts of the answer, priority.",
    "deciding": "The answer, its amendments, and second opinions.",
    "reports": "The answer as a document: its versions, and how it would be.",
    "incidents": "Times in which the 20 minutes cannot be kept.",
    "vehicles": "What sources know of a vehicle: records, and how each block stands at each source.",
    "evidence": "Links to the photos of a case.",
    "playbook": "Ready words, and the checks of every case.",
    "shifts": "Who is there, and how the day goes.",
    "operations": "Whether everything behind the desk does its work.",
    "notifications": "What one was told while one looked elsewhere.",
    "imports": "Where records of vehicles come from, and the files that are imported.",
    "exemplars": "Pictures of genuine and forged marks to compare with.",
    "stream": "Hints that something changed, as server-sent events.",
    "internal": "For the client's side; requests are signed.",
    "health": "For operators.",
}
# The screens of the desk, as its App.svelte has them.
SCREENS: Final = (
    "/",
    "/search",
    "/cases/:id",
    "/cases/:id/compare",
    "/cases/:id/graph",
    "/cases/:id/vehicle",
    "/vehicles/:name/:value",
    "/shift",
    "/operations",
    "/statistics",
    "/playbook",
    "/exemplars",
    "/people",
    "/sources",
    "/imports",
    "/me",
    "/audit",
)
# Addresses under which there are none.
NOT_PAGES: Final = ("/api/", "/internal/", "/telegram/")


@asynccontextmanager
async def _open_ports(app: FastAPI, settings: Settings) -> AsyncGenerator[ApiPorts]:
    async with open_api_ports(settings) as ports, AsyncExitStack() as closing:
        app.state.operations = Operations(ports, app.state.checks)
        app.state.pictures = pictures = PictureProcess()
        app.state.vehicle_records = records = vehicle_records(settings, closing)
        app.state.vehicles = Finder(ports.backbone.database, records, settings.sources)
        app.state.learned = learned = CurrentRules(ports.backbone.database)
        app.state.asker = asker = Asker(ports.backbone.database, ports.backbone.peer)
        try:
            yield ports
        finally:
            await asker.close()
            await learned.close()
            await pictures.close()


async def _metrics(ports: ApiPorts) -> bytes:
    database = ports.backbone.database
    told = await notification_metrics.collect(database, notices)
    told += await shift_metrics.collect(database, ports.settings.hours)
    collectors = (tick_metrics.collect, enquiry_metrics.collect, search_metrics.collect)
    return told + b"".join([await collect(database) for collect in collectors])


def _own_routers(settings: Settings) -> Iterator[APIRouter]:
    if settings.telegram_token and settings.is_reached_from_outside:
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
            tokens,
            *holders.ROUTERS,
            audit,
            *cases.ROUTERS,
            search,
            search_views,
            evidence,
            playbook,
            vehicles,
            previews,
            reports,
            histories_for_cabinet,
            reports_for_cabinet,
            vin_rules,
            shifts,
            operations,
            notifications,
            *choosers.ROUTERS,
            telegram,
            exemplars.router,
            imports.router,
            stream_routes(outbox, TABLES.incoming_streams, noun="cases"),
        ],
        migrations=MIGRATIONS,
        screens=SCREENS,
        not_pages=NOT_PAGES,
        images_from=settings.photos_url,
        unlimited_paths=UNLIMITED_PATHS,
        large_bodies=LARGE_BODIES | {imports.PATH_END: settings.import_file_bytes + imports.ROOM_FOR_FORM},
        own_metrics=_metrics,
        own_routers=list(_own_routers(settings)),
        keys=KeySchemes(settings.token_form.shown("…"), GRANTS),
    )
