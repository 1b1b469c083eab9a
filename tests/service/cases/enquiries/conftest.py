"""A desk at which sources are asked, and a source that is played."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from bpa_service.db.tables import TABLES
from bpa_service.vehicles.enquiries import asked_sources, queries
from bpa_service.vehicles.enquiries.answers import CachedAnswers
from bpa_service.vehicles.enquiries.models import VehicleEnquiry
from bpa_service.vehicles.enquiries.queries import SourceAnswer
from bpa_service.vehicles.enquiries.running import Lane
from bpa_service.vehicles.mappings import catalogue
from bpa_service.vehicles.records.record import Identifier
from bpa_service.vehicles.sources.asking import Asker
from bpa_service.vehicles.sources.connector import facts_of
from bpa_service.vehicles.sources.rest import RestSource
from service_kit.caching import Cache, MemoryCache
from service_kit.outgoing import public_client
from shared_schemas.words import IdentifierKind
from tests.service.cases.caller import Json
from tests.service.cases.conftest import Desk, submitted
from tests.support.played_source import PlayedSource, played_source

PLATE: Final = "AB123C"
ABOUT: Final = Identifier("plate", PLATE, "")
RDW_PATH: Final = f"/resource/m9d7-ebf2.json?kenteken={PLATE}"
DVSA_PATH: Final = f"/v1/trade/vehicles/registration/{PLATE}"
BOTH: Final = ("dvsa_mot_api", "rdw")
REGISTERED: Final[list[Json]] = [
    {"kenteken": PLATE, "voertuigsoort": "Personenauto", "merk": "OPEL", "tellerstandoordeel": "Logisch"}
]


@pytest.fixture
async def source() -> AsyncGenerator[PlayedSource]:
    async with played_source() as played:
        yield played


@dataclass
class Asking:
    """A desk at which `sources` are asked, and the lane of `rdw`, at a played source."""

    desk: Desk
    source: PlayedSource
    lane: Callable[..., Lane]

    async def opened(self, plate: str = PLATE, number: str = "A-0000001") -> UUID:
        order = submitted(number)
        claim = order.claim.model_copy(update={"identifier_kind": IdentifierKind.PLATE, "identifier": plate})
        fact = order.model_copy(update={"claim": claim})
        await self.desk.hear(fact, datetime.now(UTC))
        return fact.inspection_id

    async def answers(self, case_id: UUID) -> list[SourceAnswer]:
        async with self.desk.ports.backbone.database.reading() as session:
            now = datetime.now(UTC)
            return await queries.of_case(session, case_id, now, sources=self.desk.policy.sources)

    async def told(self, case_id: UUID) -> dict[str, list[tuple[str, str, str]]]:
        """By source: each block with its state and reason."""
        return {
            one.source: [(block.kind, block.state, block.reason) for block in one.coverage]
            for one in await self.answers(case_id)
        }

    async def changed(self, **values: Any) -> None:
        """What time or an accident makes of all questions."""
        async with self.desk.ports.backbone.database.writing() as session:
            await session.execute(update(VehicleEnquiry).values(values))

    async def count(self) -> int:
        async with self.desk.ports.backbone.database.reading() as session:
            return await session.scalar(select(func.count()).select_from(VehicleEnquiry)) or 0

    async def hints(self) -> list[str]:
        async with self.desk.ports.backbone.database.reading() as session:
            rows = await session.fetch(f"SELECT kind FROM {TABLES.hints.__tablename__} ORDER BY id")
        return [row["kind"] for row in rows]


@pytest.fixture
async def asking(desk: Desk, source: PlayedSource) -> AsyncGenerator[Asking]:
    async with AsyncExitStack() as closing:
        client = await closing.enter_async_context(public_client(is_development=True))
        shared = MemoryCache()

        def lane(name: str = "rdw", *, cache: Cache | None = None, timeout: float = 20, **more: Any) -> Lane:
            mapping = asked_sources.at_address(catalogue.mapping(name), source.url)
            assert mapping.asking is not None
            asked = mapping.asking.model_copy(update={"timeout_seconds": timeout, "retries": 0})
            mapping = mapping.model_copy(update={"asking": asked})
            asker = Asker(RestSource(mapping, client), **more)
            cached = CachedAnswers(cache or shared)
            return Lane(
                desk.ports.backbone.database, facts_of(mapping), asker, cached, desk.ports.nudged[name]
            )

        yield Asking(desk.with_policy(sources=("rdw",)), source, lane)
