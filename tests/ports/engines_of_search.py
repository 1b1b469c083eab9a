"""Every engine of the port of search, and copies of an index in each, with the same in memory."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Final

import pytest

from service_kit.pool import Pool
from service_kit.search.documents import Change, Name, NameKind, TextField
from service_kit.search.port import Outcome, SearchIndex
from service_kit.search.postgres.index import PostgresIndex
from service_kit.search.questions import Answer, NamePattern, Place, Question, Term, Words
from tests.ports import search_cases
from tests.ports.elasticsearch import elastic_index, needs_elasticsearch
from tests.support import postgres
from tests.support.search_in_memory import MemoryIndex

ENGINES: Final = [
    pytest.param("postgres_index", id="postgres"),
    pytest.param("genuine_elasticsearch", id="elasticsearch", marks=needs_elasticsearch),
]
VIN: Final = "XTA211240Y2765432"
MANY: Final = 300

numbers: Final = count(1)
"""Of copies: no two have the same."""


@pytest.fixture(scope="module")
async def postgres_index(postgres_url: str) -> AsyncGenerator[SearchIndex]:
    template = await postgres.make_template(postgres_url, "bpa")
    async with postgres.copy_of(postgres_url, template) as url:
        pool = Pool(postgres.as_service(url))
        index = PostgresIndex(pool)
        yield index
        await index.close()
        await pool.close()


@pytest.fixture(scope="module")
async def genuine_elasticsearch() -> AsyncGenerator[SearchIndex]:
    async with elastic_index(["verdict", "make", "model"]) as index:
        yield index


@pytest.fixture(scope="module", params=ENGINES)
def index(request: pytest.FixtureRequest) -> SearchIndex:
    """Each engine in turn: what is asserted through it is promised by the port."""
    engine: SearchIndex = request.getfixturevalue(request.param)
    return engine


@dataclass(frozen=True, slots=True)
class Copy:
    """A published copy of an index, and the same in memory."""

    index: SearchIndex
    number: int
    promised: MemoryIndex

    async def write(self, *changes: Change) -> list[Outcome]:
        written = await self.index.write(self.number, changes)
        promised = await self.promised.write(1, changes)
        assert [(one.id, one.outcome) for one in written] == [(one.id, one.outcome) for one in promised]
        await self.index.refresh(self.number)
        return [one.outcome for one in written]

    async def found(self, question: Question, *, after: Place | None = None, limit: int = 50) -> Answer:
        """What the engine answers, which is what is promised."""
        answer = await self.index.search(question, after=after, limit=limit)
        promised = await self.promised.search(question, after=after, limit=limit)
        assert answer == promised
        return answer

    async def fits(self, *alternatives: NamePattern | Words, owner: str | None = None) -> dict[int, int]:
        """By the number of each document that is found how well it fits."""
        answer = await self.index.search(
            Question(owner=owner, terms=(Term(alternatives),)), after=None, limit=50
        )
        return {hit.place.id.int: hit.place.fit for hit in answer.hits}


@asynccontextmanager
async def copy_of(index: SearchIndex) -> AsyncGenerator[Copy]:
    number = next(numbers)
    promised = MemoryIndex()
    await promised.create(1)
    await promised.publish(1)
    await index.create(number)
    await index.publish(number)
    yield Copy(index, number, promised)
    await index.drop(number)


@pytest.fixture
async def copy(index: SearchIndex) -> AsyncGenerator[Copy]:
    async with copy_of(index) as one:
        yield one


@pytest.fixture(scope="module")
async def full(index: SearchIndex) -> AsyncGenerator[Copy]:
    """A copy of many documents, which nothing is written to."""
    async with copy_of(index) as one:
        await one.write(*search_cases.documents(MANY, seed=1))
        yield one


def name(key: str, kind: NameKind = NameKind.NUMBER) -> frozenset[Name]:
    return frozenset({Name(kind, key)})


def about(text: str) -> dict[TextField, str]:
    return {TextField.ABOUT: text}
