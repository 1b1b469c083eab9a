"""An index in memory that is kept as a database is, step by step."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from bpa_service.search.documents import Cases
from service_kit.backbone import Backbone
from service_kit.db import Database
from service_kit.search.documents import Document, TextField
from service_kit.search.keeping.reconciling import Differences, Reconciliation
from service_kit.search.keeping.source import Source
from service_kit.search.keeping.state import IndexState, state
from service_kit.search.keeping.upkeep import Upkeep
from tests.service.cases.conftest import Desk, desk
from tests.support.kept_index import KeptIndex

__all__ = ["desk"]


@dataclass
class Keeper:
    """Keeps an index of what a service has whenever a test says so: of bpa's cases, if it says no more."""

    backbone: Backbone
    source: Source = field(default_factory=Cases)
    index: KeptIndex = field(default_factory=KeptIndex)
    upkeep: Upkeep = field(init=False)

    def __post_init__(self) -> None:
        self.start_anew()

    @property
    def database(self) -> Database:
        return self.backbone.database

    def start_anew(self, made_of: str = "one", *retired: KeptIndex) -> None:
        """As a worker that has just been started."""
        listener = self.backbone.listener
        self.upkeep = Upkeep(
            self.database, listener, self.index, self.source, made_of=made_of, retired=retired
        )

    async def catch_up(self) -> None:
        """Until there is nothing left to do."""
        while await self.upkeep.step():
            pass

    async def found(self, case_id: UUID) -> Document:
        """The case as it can be found, once all is fed."""
        await self.catch_up()
        return self.index.documents[case_id]

    async def says(self, case_id: UUID, field: TextField) -> str:
        return (await self.found(case_id)).texts.get(field, "")

    async def state(self) -> IndexState:
        async with self.database.reading() as session:
            return await state(session)

    async def compare(self) -> Differences:
        """What a comparison of the live copy finds, and mends."""
        assert self.index.published is not None
        return await Reconciliation(self.database, self.index, self.index.published).run()

    async def run(self, sql: str, *values: Any) -> None:
        """Change the database behind everybody's back."""
        async with self.database.writing() as session:
            await session.fetch(sql, *values)


@pytest.fixture
def keeper(desk: Desk) -> Keeper:
    return Keeper(desk.ports.backbone)
