"""Builds what bpa's API works with beside what every process has."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing

from bpa_service.adapters.argon2 import Argon2Passwords
from bpa_service.api_ports import ApiPorts
from bpa_service.experts import service as experts
from bpa_service.search.documents import INDEXED
from bpa_service.settings import Settings
from bpa_service.wiring import open_ports
from service_kit.http.known_device import KnownDevices
from service_kit.limiting import RateLimits
from service_kit.processes import fields_of
from service_kit.sealing import Seal
from service_kit.search import engines
from service_kit.token_signer import TokenSigner


@asynccontextmanager
async def open_api_ports(settings: Settings) -> AsyncGenerator[ApiPorts]:
    """As `wiring.open_ports`, for the API and the commands that concern people."""
    async with open_ports(settings) as ports, engines.opened(ports.backbone, INDEXED) as search:
        with closing(Argon2Passwords()) as passwords:
            yield ApiPorts(
                **fields_of(ports),
                limits=RateLimits(settings.cache, settings.limits()),
                passwords=passwords,
                tokens=TokenSigner("bpa", ports.secrets),
                devices=KnownDevices(settings.cookies, ports.secrets),
                seal=Seal(settings.secret_keys, purpose=experts.SEALED),
                search=search,
            )
