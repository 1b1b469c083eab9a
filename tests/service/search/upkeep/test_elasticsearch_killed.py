"""The worker and Elasticsearch are killed while one feeds, and builds: afterwards nothing differs."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from uuid import UUID

import pytest

from bpa_service.cases.talking.models import Note
from bpa_service.search.documents import INDEXED
from service_kit import failpoints
from service_kit.backbone import Backbone
from service_kit.failpoints import Point
from service_kit.ids import new_id
from service_kit.search.engines import opened
from service_kit.search.keeping import copies
from service_kit.search.keeping.reconciling import Reconciliation
from service_kit.search.keeping.state import state
from service_kit.search.port import IndexAway, IndexWrong, SearchIndex
from service_kit.search.questions import Question, Term, Words
from tests.ports.elasticsearch import needs_elasticsearch, server
from tests.servers.elasticsearch.server import Elasticsearch
from tests.service.cases.conftest import START, Desk, desk
from tests.support.postgres import CHECKOUT

__all__ = ["desk", "server"]

pytestmark = needs_elasticsearch
CASES = 230  # more than one batch
PATIENCE = 240
DEATHS = (Point.INDEXED, Point.COPIED, Point.PUBLISHING_COPY, Point.COPY_PUBLISHED, Point.FED)


@pytest.fixture
def backbone(desk: Desk, server: Elasticsearch) -> Backbone:
    found = desk.ports.backbone
    search = {"search_url": server.url, "search_index": "test", "search_replicas": 0}
    return replace(found, settings=found.settings.model_copy(update=search))


@asynccontextmanager
async def worker(
    backbone: Backbone, dies_at: Point | None = None
) -> AsyncGenerator[asyncio.subprocess.Process]:
    """A worker of bpa, which is killed at the end, if it has not died before."""
    settings = backbone.settings
    environment = os.environ | {
        "BPA_ENVIRONMENT": "development",
        "BPA_DATABASE_URL": settings.database_url,
        "BPA_SERVICE_KEYS": settings.service_keys[0],
        "BPA_SECRET_KEYS": settings.secret_keys[0],
        "BPA_SEARCH_URL": settings.search_url,
        "BPA_SEARCH_INDEX": settings.search_index,
        "BPA_SEARCH_REPLICAS": "0",
    }
    if dies_at is not None:
        environment[failpoints.VARIABLE] = f"{dies_at}=kill"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bpa_service", "worker"),
        env=environment,
        cwd=CHECKOUT,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def at_rest(backbone: Backbone) -> None:
    async def settled() -> bool:
        async with backbone.database.reading() as session:
            now = await state(session)
            known = await copies.known(session)
        return not now.waiting and now.live is not None and len(known) == 1 and known[0].made_of != ""

    async with asyncio.timeout(PATIENCE):
        while not await settled():
            await asyncio.sleep(0.2)


async def anew(backbone: Backbone) -> None:
    async with backbone.database.writing() as session:
        await copies.make_anew(session)


async def note(desk: Desk, case_id: UUID, text: str) -> None:
    """Whoever holds the case: the workers let time pass, and leases end."""
    async with desk.ports.backbone.database.writing() as session:
        written = Note(id=new_id(), case_id=case_id, author_id=desk.anna.id, text=text, written_at=START)
        session.add(written)


class Watch:
    """Looks for what was there from the beginning, all the time: it is found, or nobody answers."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self.found = 0
        self.missed = 0

    async def _run(self) -> None:
        question = Question(owner=None, terms=(Term((Words(("genuine",)),)),))
        while True:
            with suppress(IndexAway, IndexWrong):
                answer = await self._index.search(question, after=None, limit=1)
                self.found += 1
                self.missed += answer.total < CASES
            await asyncio.sleep(0.1)

    @asynccontextmanager
    async def looking(self) -> AsyncGenerator[None]:
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def test_nothing_differs_whoever_is_killed(
    desk: Desk, server: Elasticsearch, backbone: Backbone
) -> None:
    ids = [await desk.opened(f"A-{number:07}") for number in range(1, CASES + 1)]
    async with opened(backbone, INDEXED) as index:
        async with worker(backbone):
            await at_rest(backbone)
        watch = Watch(index)
        async with watch.looking():
            for number, point in enumerate(DEATHS):
                await anew(backbone)
                await note(desk, ids[0], f"note{number}")
                async with worker(backbone, dies_at=point) as dying, asyncio.timeout(PATIENCE):
                    await dying.wait()
                async with worker(backbone):
                    await asyncio.to_thread(server.kill)
                    await note(desk, ids[0], f"away{number}")
                    await asyncio.to_thread(server.start)
            async with worker(backbone):
                await at_rest(backbone)
        live = await index.live()
        assert live is not None
        compared = await Reconciliation(backbone.database, index, live).run()
        assert (compared.count, compared.compared) == (0, CASES)
        assert list(await index.copies()) == [live]
        assert (watch.missed, watch.found > 0) == (0, True)
        for number in range(len(DEATHS)):
            for word in (f"note{number}", f"away{number}"):
                question = Question(owner=None, terms=(Term((Words((word,)),)),))
                assert (await index.search(question, after=None, limit=2)).total == 1
