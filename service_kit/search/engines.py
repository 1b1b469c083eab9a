"""Which engine an index is in, and the worker's job that keeps it."""

from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum

from service_kit.backbone import Backbone
from service_kit.search.keeping.source import Source
from service_kit.search.keeping.upkeep import Upkeep
from service_kit.search.port import SearchIndex
from service_kit.search.postgres.index import PostgresIndex
from service_kit.settings import ServiceSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """What a service has found: under which `name`, with which facets, from where.

    `form` is another one whenever its documents are made by other rules.
    """

    name: str
    facets: Collection[str]
    form: str
    source: Source


class Engine(StrEnum):
    """What an index is in."""

    POSTGRESQL = "postgresql"
    ELASTICSEARCH = "elasticsearch"


def engine_of(settings: ServiceSettings) -> Engine:
    return Engine.ELASTICSEARCH if settings.search_url else Engine.POSTGRESQL


def index_of(backbone: Backbone, indexed: Indexed) -> SearchIndex:
    """The index. Nothing connects before it is used; whoever asked for it closes it."""
    settings = backbone.settings
    if engine_of(settings) is Engine.POSTGRESQL:
        return PostgresIndex(backbone.database.pool)
    # Only here: its client is 24 MiB in each process of an installation without it.
    from service_kit.search.elastic.index import Cluster, ElasticIndex

    cluster = Cluster(
        url=settings.search_url,
        api_key=settings.search_api_key,
        ca_file=settings.search_ca_file,
        shards=settings.search_shards,
        replicas=settings.search_replicas,
    )
    return ElasticIndex(cluster, f"{settings.search_index}-{indexed.name}", facets=indexed.facets)


@asynccontextmanager
async def opened(backbone: Backbone, indexed: Indexed) -> AsyncGenerator[SearchIndex]:
    """The same, closed at the end."""
    index = index_of(backbone, indexed)
    try:
        yield index
    finally:
        await index.close()


async def keep(backbone: Backbone, indexed: Indexed) -> None:
    """Keep the index as the database is, until cancelled."""
    engine = engine_of(backbone.settings)
    retired = () if engine is Engine.POSTGRESQL else (PostgresIndex(backbone.database.pool),)
    async with opened(backbone, indexed) as index:
        await Upkeep(
            backbone.database,
            backbone.listener,
            index,
            indexed.source,
            made_of=f"{engine} {indexed.form}",
            retired=retired,
        ).run()
