"""Builds what cabinet's API works with beside the engines of every process."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from cabinet_service.api_ports import ApiPorts
from cabinet_service.bulk.sheets.reader import SheetReader
from cabinet_service.companies.logos.drawer import LogoDrawer
from cabinet_service.readings.reader import PhotoReader
from cabinet_service.reports.verifying.judge import Judge
from cabinet_service.search.documents import INDEXED
from cabinet_service.settings import Settings
from cabinet_service.wiring import open_ports
from service_kit.caching import open_cache
from service_kit.http.known_device import KnownDevices
from service_kit.limiting import RateLimits
from service_kit.processes import fields_of
from service_kit.search.engines import index_of
from service_kit.token_signer import TokenSigner


def rate_limits(settings: Settings) -> dict[str, str]:
    """How often what may be done, by names that the slices use."""
    return settings.limits() | {"code_again": f"1/{settings.code_again_seconds} second"}


@asynccontextmanager
async def open_api_ports(settings: Settings) -> AsyncGenerator[ApiPorts]:
    """As `wiring.open_ports`, for the API."""
    async with open_ports(settings) as ports:
        cache = open_cache(settings.cache)
        ports.closing.push_async_callback(cache.close)
        search = index_of(ports.backbone, INDEXED)
        ports.closing.push_async_callback(search.close)
        yield ApiPorts(
            **fields_of(ports),
            limits=RateLimits(settings.cache, rate_limits(settings)),
            cache=cache,
            tokens=TokenSigner("cabinet", ports.secrets),
            devices=KnownDevices(settings.cookies, ports.secrets),
            search=search,
        )


def photo_reader(ports: ApiPorts) -> PhotoReader:
    """What the API reads numbers with."""
    reader = PhotoReader()
    ports.closing.push_async_callback(reader.close)
    return reader


def judge(ports: ApiPorts) -> Judge:
    """What the API looks into PDF files of strangers with."""
    made = Judge()
    ports.closing.push_async_callback(made.close)
    return made


def sheet_reader(ports: ApiPorts) -> SheetReader:
    """What the API reads spreadsheets of strangers with."""
    made = SheetReader()
    ports.closing.push_async_callback(made.close)
    return made


def logo_drawer(ports: ApiPorts) -> LogoDrawer:
    """What the API draws the logos of companies with."""
    made = LogoDrawer()
    ports.closing.push_async_callback(made.close)
    return made
