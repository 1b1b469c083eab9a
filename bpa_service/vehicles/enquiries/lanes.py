"""The lanes of a worker: one for each source that is turned on."""

import asyncio

from bpa_service.ports import Ports
from bpa_service.vehicles.enquiries import asked_sources
from bpa_service.vehicles.enquiries.answers import CachedAnswers
from bpa_service.vehicles.enquiries.running import Lane
from bpa_service.vehicles.mappings import catalogue
from bpa_service.vehicles.sources.asking import LIMIT, Asker
from bpa_service.vehicles.sources.connector import facts_of
from bpa_service.vehicles.sources.rest import RestSource
from service_kit.caching import open_cache
from service_kit.limiting import RateLimits
from service_kit.outgoing import public_client


async def ask_sources(ports: Ports) -> None:
    """Ask the sources what becomes due, each at its own pace, until cancelled."""
    settings = ports.settings
    cache = open_cache(settings.cache)
    try:
        async with (
            public_client(is_development=settings.is_development) as client,
            asyncio.TaskGroup() as all_,
        ):
            for name in settings.sources:
                mapping = catalogue.mapping(name)
                if (address := settings.source_addresses.get(name)) is not None:
                    mapping = asked_sources.at_address(mapping, address)
                source = RestSource(mapping, client, settings.source_headers.get(name))
                facts = facts_of(mapping)
                limits = RateLimits(settings.cache, {LIMIT.format(name=name): facts.rate})
                lane = Lane(
                    ports.backbone.database,
                    facts,
                    Asker(source, limits),
                    CachedAnswers(cache),
                    ports.nudged[name],
                )
                all_.create_task(lane.run())
    finally:
        await cache.close()
