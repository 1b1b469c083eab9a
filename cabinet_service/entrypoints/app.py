"""The public API, and what bpa asks of cabinet."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

from fastapi import APIRouter, FastAPI

from cabinet_service.accounts import api as accounts
from cabinet_service.accounts import holders
from cabinet_service.accounts.domain import GRANTS
from cabinet_service.adapters.outbox_page import outbox_routes
from cabinet_service.adapters.recorder import Recorder
from cabinet_service.api_ports import ApiPorts
from cabinet_service.api_wiring import judge, logo_drawer, open_api_ports, photo_reader, sheet_reader
from cabinet_service.bulk import api as bulk
from cabinet_service.bulk.sheets import api as sheets
from cabinet_service.companies import api as companies
from cabinet_service.companies import invitations_api
from cabinet_service.companies.logos import api as logos
from cabinet_service.companies.logos.limits import MOST_FILE_BYTES as MOST_LOGO_BYTES
from cabinet_service.consents import api as consents
from cabinet_service.db import MIGRATIONS
from cabinet_service.db.tables import TABLES, outbox
from cabinet_service.developers.api import developers_routes
from cabinet_service.histories.api import router as histories
from cabinet_service.inspections import api as inspections
from cabinet_service.keys import api as keys
from cabinet_service.keys import oauth
from cabinet_service.max import tables as max_tables
from cabinet_service.max.api import router as max_chats
from cabinet_service.notifications import api as notifications
from cabinet_service.notifications import choosers, contacts_api, unsubscribing
from cabinet_service.notifications.notices import notices
from cabinet_service.photos.limits import MAX_COPY_BYTES, MAX_FILE_BYTES
from cabinet_service.privacy import api as privacy
from cabinet_service.readings import api as readings
from cabinet_service.readings import internal as internal_readings
from cabinet_service.reports.api import router as reports
from cabinet_service.reports.badges import api as badges
from cabinet_service.reports.badges import public as public_badges
from cabinet_service.reports.files import metrics as report_file_metrics
from cabinet_service.reports.files.api import router as report_files
from cabinet_service.reports.sharing import api as sharing
from cabinet_service.reports.sharing import public as shared
from cabinet_service.reports.verifying import api as verifying
from cabinet_service.request_log.api import router as request_log
from cabinet_service.request_log.keeping import RequestLog
from cabinet_service.request_log.noting import NotedRequests
from cabinet_service.search.api import router as search
from cabinet_service.settings import Settings
from cabinet_service.telegram import api as telegram
from cabinet_service.telegram.tables import updates
from cabinet_service.uploads import api as uploads
from cabinet_service.uploads.manners import TusManners
from cabinet_service.watching.api import router as watching
from cabinet_service.webhooks import metrics as webhook_metrics
from cabinet_service.webhooks.api import router as webhooks
from service_kit.chats.webhook import webhook_router
from service_kit.health import Check
from service_kit.http.event_log import stream_routes
from service_kit.http.openapi import KeySchemes
from service_kit.http.service_app import build_service_app
from service_kit.notifying import metrics as notification_metrics
from service_kit.search.keeping import metrics as search_metrics

UNLIMITED_PATHS: Final = (
    "/stream",
    "/evidence",
    "/evidence/copies",
    "/file",
    "/readings",
    "/pdf",
    sheets.PATH,
    logos.PATH,
    "/register",
    verifying.PATH,
    uploads.CONTENT,
)
# A photo or its copy, and the other fields of the form.
LARGE_BODIES: Final = {
    "/evidence": MAX_FILE_BYTES + 64 * 1024,
    "/evidence/copies": MAX_COPY_BYTES + 64 * 1024,
    "/readings": readings.MAX_FILE_BYTES + 64 * 1024,
    sheets.PATH: sheets.MOST_FILE_BYTES,
    bulk.PATH: bulk.MOST_BYTES,
    bulk.CHECK: bulk.MOST_BYTES,
    verifying.PATH: verifying.MAX_FILE_BYTES,
    logos.PATH: MOST_LOGO_BYTES,
    uploads.CONTENT: MAX_FILE_BYTES,
}

TAGS: Final = {
    "accounts": "Signing in by a code or a passkey, the devices that are signed in, and who one is.",
    "passkeys": "The passkeys of an account.",
    "companies": "Companies, their branches, who works there, and what they order in a month.",
    "consents": "The documents that a client agrees to, by version, and the agreement.",
    "notifications": "The channels by which a client is told, and what was said there.",
    "privacy": "Everything that is kept of a client: to take along, and to be erased.",
    "inspections": "Drafts, what was sent of them, and the answer.",
    "histories": "What sources know of a car, ordered without an inspection.",
    "reports": "The answer as a document, in all its versions.",
    "watches": "Cars that one watches, to be told of what is new of them.",
    "evidence": "The photos of an inspection, byte for byte.",
    "messages": "Words between the client and the experts.",
    "info tasks": "What the experts ask of the client.",
    "clock": "The 20 minutes, interval by interval, and everything that happened.",
    "sandbox": "Letting time pass, where inspections are tests.",
    "numbers": "What VINs, frame numbers and plates say by themselves, and reading them from photos.",
    "uploads": "Resumable uploads of photos, by tus 1.0.0.",
    "sharing": "Links that show a report without a sign-in, reports by such links, and badges for adverts.",
    "yard": "Links by which whoever stands at a car photographs it, and the car by such a link.",
    "webhooks": "What happens to a company's inspections, told to its own servers (Standard Webhooks).",
    "developers": "Keys by which programs of a company call, tokens for these, and what was asked with them.",
    "bulk": "Many cars at once, out of a spreadsheet: how it is read, the jobs, and what became of each row.",
    "stream": "Hints that something changed, as server-sent events.",
    "internal": "For the experts' side; requests are signed.",
    "health": "For operators.",
}
# The screens of the web app, as its App.svelte has them.
SCREENS: Final = (
    "/",
    "/new",
    "/new/:id",
    "/new/:id/where",
    "/new/:id/camera/:shot",
    "/new/:id/photos/:photo",
    "/new/:id/sort",
    "/new/:id/number",
    "/new/:id/type",
    "/new/:id/one-photo",
    "/new/:id/more",
    "/new/:id/worry",
    "/new/:id/advert",
    "/new/:id/check",
    "/drafts/:id",
    "/drafts/:id/photos/:photo",
    "/drafts/:id/camera/:shot",
    "/example",
    "/sign-in",
    "/sign-in/code",
    "/sign-in/consent",
    "/sign-in/link",
    "/inspections",
    "/inspections/:id",
    "/inspections/:id/report",
    "/inspections/:id/shares",
    "/inspections/:id/dispute",
    "/inspections/:id/changes",
    "/inspections/:id/outcome",
    "/inspections/:id/photos",
    "/inspections/:id/messages",
    "/inspections/:id/more",
    "/inspections/:id/findings/:n",
    "/inspections/:id/questions/:task",
    "/inspections/:id/questions/:task/cannot",
    "/inspections/:id/info-tasks/:task",
    "/watches",
    "/histories",
    "/histories/:id",
    "/histories/:id/shares",
    "/report",
    "/verify",
    "/verify/:code",
    "/shared",
    "/yard",
    "/inspections/:id/yard",
    "/outbox",
    "/help",
    "/notifications",
    "/profile",
    "/company",
    "/company/:id",
    "/company/:id/board",
    "/bulk",
    "/bulk/:id",
    "/join",
    "/developer/requests",
    "/developer/webhooks",
    "/developer",
)
# Those that show something to whoever has a link or a code of it.
UNINDEXED: Final = ("/join", "/report", "/verify", "/verify/:code", "/yard")
# Addresses under which there are none.
NOT_PAGES: Final = ("/api/", "/oauth/", "/internal/", "/signed/", "/dev/", "/telegram/", "/max/")


@asynccontextmanager
async def _open_ports(app: FastAPI, settings: Settings, requests: RequestLog) -> AsyncGenerator[ApiPorts]:
    async with open_api_ports(settings) as ports, requests.keeping(ports.backbone.database):
        app.state.reader = photo_reader(ports)
        app.state.judge = judge(ports)
        app.state.sheets = sheet_reader(ports)
        app.state.logos = logo_drawer(ports)
        yield ports


def _checks(ports: ApiPorts) -> dict[str, Check]:
    return {"files": ports.files.check}


async def _metrics(ports: ApiPorts) -> bytes:
    database = ports.backbone.database
    collectors = (search_metrics, webhook_metrics, report_file_metrics)
    own = [await one.collect(database) for one in collectors]
    return b"".join([await notification_metrics.collect(database, notices), *own])


def _own_routers(settings: Settings) -> Iterator[APIRouter]:
    yield developers_routes(is_sandbox=settings.sandbox, sandbox_url=settings.sandbox_url)
    if settings.is_development:
        yield outbox_routes(Recorder(settings.outbox_dir))
    if settings.telegram_token and settings.is_reached_from_outside:
        yield webhook_router(updates, settings.telegram_token)
    if settings.max_token and settings.is_reached_from_outside:
        yield webhook_router(max_tables.updates, settings.max_token)


def create_app(settings: Settings) -> FastAPI:
    """The application. Building it connects to nothing."""
    requests = RequestLog()
    app = build_service_app(
        settings,
        partial(_open_ports, settings=settings, requests=requests),
        title="Autodetective: cabinet",
        description="Order the check of a car, answer the experts' questions, read their decision.",
        package="cabinet_service",
        tags=TAGS,
        routers=[
            accounts.router,
            contacts_api.router,
            *holders.ROUTERS,
            consents.router,
            companies.router,
            invitations_api.router,
            logos.router,
            notifications.router,
            *choosers.ROUTERS,
            unsubscribing.router,
            privacy.router,
            keys.router,
            oauth.router,
            request_log,
            *telegram.ROUTERS,
            max_chats,
            search,  # before the inspections, which are called by their ids
            *inspections.ROUTERS,
            watching,
            histories,
            reports,
            sharing.router,
            shared.router,
            badges.router,
            public_badges.router,
            report_files,
            verifying.router,
            readings.router,
            internal_readings.router,
            uploads.router,
            webhooks,
            sheets.router,
            bulk.router,
            stream_routes(outbox, TABLES.incoming_streams, noun="inspections"),
        ],
        migrations=MIGRATIONS,
        screens=SCREENS,
        not_pages=NOT_PAGES,
        unindexed=UNINDEXED,
        unlimited_paths=UNLIMITED_PATHS,
        large_bodies=LARGE_BODIES,
        own_checks=_checks,
        # All pods would go at once with a bucket, and with them what needs no photo.
        dispensable=("files",) if settings.files_url else (),
        own_metrics=_metrics,
        own_routers=list(_own_routers(settings)),
        keys=KeySchemes(settings.key_form.shown("…"), GRANTS, oauth.PATH),
    )
    app.add_middleware(TusManners, prefix=uploads.PREFIX)
    app.add_middleware(NotedRequests, log=requests)
    return app
