"""The worker's job with an index in Elasticsearch, as SEARCH_URL says."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest

from bpa_service.cases.talking import service as talking
from bpa_service.search.documents import INDEXED
from service_kit.backbone import Backbone
from service_kit.ids import new_id
from service_kit.search.elastic.index import ElasticIndex
from service_kit.search.engines import index_of, keep
from service_kit.search.port import SearchIndex
from service_kit.search.postgres.index import PostgresIndex
from service_kit.search.questions import Question, Term, Words
from tests.ports.elasticsearch import SEARCH_URL, needs_elasticsearch
from tests.service.cases.conftest import Desk, desk

__all__ = ["desk"]

PATIENCE = 60

pytestmark = needs_elasticsearch


@pytest.fixture
def elsewhere(desk: Desk) -> Backbone:
    """The backbone of a worker that is told of Elasticsearch."""
    backbone = desk.ports.backbone
    told = {"search_url": SEARCH_URL, "search_index": f"kept-{new_id().hex}", "search_replicas": 0}
    return replace(backbone, settings=backbone.settings.model_copy(update=told))


@asynccontextmanager
async def kept(backbone: Backbone) -> AsyncGenerator[SearchIndex]:
    """While the block runs a worker keeps the index; what is in Elasticsearch goes afterwards."""
    index = index_of(backbone, INDEXED)
    jobs = [asyncio.create_task(backbone.listener.run()), asyncio.create_task(keep(backbone, INDEXED))]
    try:
        yield index
    finally:
        for job in jobs:
            job.cancel()
            with suppress(asyncio.CancelledError):
                await job
        if isinstance(index, ElasticIndex):
            for copy in await index.copies():
                await index.drop(copy)
        await index.close()


async def finds(index: SearchIndex, word: str) -> None:
    """Wait until a document is found by a word."""
    question = Question(owner=None, terms=(Term((Words((word,)),)),))
    async with asyncio.timeout(PATIENCE):
        while await index.live() is None or not (await index.search(question, after=None, limit=1)).total:
            await asyncio.sleep(0.1)


async def test_what_is_said_is_found_there_and_nothing_is_left_in_postgresql(
    desk: Desk, elsewhere: Backbone
) -> None:
    case_id = await desk.in_work()
    async with kept(desk.ports.backbone) as before:
        await finds(before, "genuine")
    async with kept(elsewhere) as index:
        assert isinstance(index, ElasticIndex)
        await finds(index, "genuine")
        assert await PostgresIndex(elsewhere.database.pool).copies() == []
        await desk.do(talking.write_note, case_id, text="Номера кузовов перебиты", by=desk.anna)
        await finds(index, "перебитый")
        await index.check()
