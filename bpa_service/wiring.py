"""The one place that builds what the processes of bpa run on, from settings. Nothing is built at import."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from bpa_service.db import tables
from bpa_service.ports import Ports
from bpa_service.settings import Settings
from service_kit.backbone import Place, Tables, open_backbone
from service_kit.inbox import Handlers
from service_kit.limiting import RateLimits

MIGRATIONS: Final = Path(__file__).parent / "db" / "migrations"

LIMITS: Final = {
    "sign_in_login": "10/15minute",
    "sign_in_address": "60/15minute",
}


@asynccontextmanager
async def open_ports(settings: Settings) -> AsyncGenerator[Ports]:
    """Build the ports and close them. Nothing connects before it is used."""
    async with open_backbone(_place(settings), _tables()) as backbone:
        yield Ports(settings=settings, backbone=backbone, limits=RateLimits(settings.cache_url, LIMITS))


def event_handlers(_settings: Settings) -> Handlers:
    """What bpa does about each event of cabinet."""
    return {}


def work_handlers(_settings: Settings) -> Handlers:
    """What bpa's own worker does."""
    return {}


def _place(settings: Settings) -> Place:
    return Place(
        database_url=settings.database_url,
        bus_url=settings.bus_url,
        service_keys=settings.service_keys,
        own_url=settings.public_url,
        peer_url=settings.peer_url,
        events_queue=tables.EVENTS_QUEUE,
        work_queue=tables.WORK_QUEUE,
        peer_queue=tables.PEER_QUEUE,
        peer_noun="inspections",
    )


def _tables() -> Tables:
    return Tables(
        outbox=tables.outbox,
        inbox=tables.InboxMessage,
        incoming_streams=tables.IncomingStream,
        parked=tables.ParkedEvent,
        queued=tables.QueuedMessage,
        dead=tables.DeadLetter,
        hints=tables.LiveHint,
    )
