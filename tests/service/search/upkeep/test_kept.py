"""The index on either engine, kept by the worker's own job, and what operators are told of it."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import asyncpg
import httpx
import pytest

from bpa_service.cases.talking import service as talking
from bpa_service.search.documents import INDEXED
from service_kit.backbone import Backbone
from service_kit.ids import new_id
from service_kit.search.documents import Removal
from service_kit.search.engines import keep, opened
from service_kit.search.keeping.state import state
from service_kit.search.port import SearchIndex
from service_kit.search.questions import Question, Term, Words
from tests.ports.elasticsearch import SEARCH_URL, needs_elasticsearch
from tests.service.cases.conftest import Desk, desk
from tests.support.postgres import CHECKOUT

__all__ = ["desk"]

PATIENCE = 60


@pytest.fixture(params=["postgresql", pytest.param("elasticsearch", marks=needs_elasticsearch)])
async def backbone(desk: Desk, request: pytest.FixtureRequest) -> AsyncGenerator[Backbone]:
    """Of a service whose index is in that engine, of which nothing is left there."""
    found = desk.ports.backbone
    if request.param == "postgresql":
        yield found
        return
    search = {"search_url": SEARCH_URL, "search_index": f"test-{new_id().hex}", "search_replicas": 0}
    changed = replace(found, settings=found.settings.model_copy(update=search))
    yield changed
    async with opened(changed, INDEXED) as index:
        for copy in await index.copies():
            await index.drop(copy)


@asynccontextmanager
async def kept(backbone: Backbone) -> AsyncGenerator[SearchIndex]:
    """While the block runs a worker keeps the index."""
    jobs = [asyncio.create_task(backbone.listener.run()), asyncio.create_task(keep(backbone, INDEXED))]
    try:
        async with opened(backbone, INDEXED) as index:
            yield index
    finally:
        for job in jobs:
            job.cancel()
            with suppress(asyncio.CancelledError):
                await job


async def at_rest(backbone: Backbone, index: SearchIndex) -> int:
    """Once there is a copy to look into, and nothing waits; returns which copy."""

    async def settled() -> int | None:
        async with backbone.database.reading() as session:
            now = await state(session)
        is_settled = not now.waiting and now.building is None and now.compared is not None
        return now.live if is_settled else None

    async with asyncio.timeout(PATIENCE):
        while (live := await settled()) is None:
            await asyncio.sleep(0.05)
    await index.refresh(live)
    return live


async def number_of(index: SearchIndex, *words: str) -> int:
    question = Question(owner=None, terms=tuple(Term((Words((word,)),)) for word in words))
    return (await index.search(question, after=None, limit=10)).total


async def command(backbone: Backbone, name: str) -> tuple[int | None, str]:
    """What an operator gets for it: the exit code, and what is printed."""
    settings = backbone.settings
    environment = os.environ | {
        "BPA_ENVIRONMENT": "development",
        "BPA_DATABASE_URL": settings.database_url,
        "BPA_SERVICE_KEYS": settings.service_keys[0],
        "BPA_SECRET_KEYS": settings.secret_keys[0],
        "BPA_SEARCH_URL": settings.search_url,
        "BPA_SEARCH_INDEX": settings.search_index,
        "BPA_SEARCH_REPLICAS": str(settings.search_replicas),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bpa_service", name),
        env=environment,
        cwd=CHECKOUT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    return process.returncode, printed.decode()


async def test_what_is_said_is_found_by_any_form_of_its_words(desk: Desk, backbone: Backbone) -> None:
    case_id = await desk.in_work()
    async with kept(backbone) as index:
        await at_rest(backbone, index)
        await desk.do(talking.write_note, case_id, text="Номера кузовов перебиты", by=desk.anna)
        await at_rest(backbone, index)
        assert await number_of(index, "номер", "кузова") == 1
        assert await number_of(index, "март") == await number_of(index, "марте") == 1
        assert await number_of(index, "rover", "genuine") == 1
        assert await number_of(index, "skoda") == 0


async def test_a_database_that_cuts_everybody_off_is_waited_for(
    desk: Desk, backbone: Backbone, bpa_superuser_url: str
) -> None:
    case_id = await desk.in_work()
    admin: Any = await asyncpg.connect(bpa_superuser_url)
    async with kept(backbone) as index:
        await at_rest(backbone, index)
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await admin.close()
        await asyncio.sleep(0.2)  # until the test's own connections know that they are gone
        await desk.do(talking.write_note, case_id, text="afterwards", by=desk.anna)
        await at_rest(backbone, index)
        assert await number_of(index, "afterwards") == 1


async def test_operators_are_told_what_differs(desk: Desk, backbone: Backbone) -> None:
    case_id = await desk.in_work()
    code, said = await command(backbone, "search-check")
    assert (code, "there is no index yet" in said) == (1, True)
    async with kept(backbone) as index:
        live = await at_rest(backbone, index)
        code, said = await command(backbone, "search-check")
        assert (code, "1 documents, all as the database has them" in said) == (0, True)
        await index.write(live, [Removal(case_id, version=1_000)])
        code, said = await command(backbone, "search-check")
        assert (code, "1 missing, 0 stale, 0 unwanted" in said) == (1, True)


async def test_an_operator_has_it_built_anew(desk: Desk, backbone: Backbone) -> None:
    await desk.in_work()
    async with kept(backbone) as index:
        before = await at_rest(backbone, index)
        code, said = await command(backbone, "search-rebuild")
        assert code == 0, said
        async with asyncio.timeout(PATIENCE):
            while await index.live() == before:
                assert await number_of(index, "genuine") == 1
                await asyncio.sleep(0.05)
        assert await number_of(index, "genuine") == 1
        assert await at_rest(backbone, index) == before + 1
        assert list(await index.copies()) == [before + 1]


@needs_elasticsearch
@pytest.mark.parametrize("backbone", ["elasticsearch"], indirect=True)
async def test_what_another_engine_held_before_goes(desk: Desk, backbone: Backbone) -> None:
    """An erasure would not reach it."""
    await desk.in_work()
    async with kept(desk.ports.backbone) as before:
        await at_rest(desk.ports.backbone, before)
    async with kept(backbone) as index:
        async with asyncio.timeout(PATIENCE):
            while await index.live() is None:
                await asyncio.sleep(0.1)
        await at_rest(backbone, index)
        assert await number_of(index, "genuine") == 1
        assert list(await before.copies()) == []


async def test_metrics_say_how_far_it_is_behind(desk: Desk, bpa_api: httpx.AsyncClient) -> None:
    await desk.opened()
    told = (await bpa_api.get("/metrics")).text
    assert "autodetective_search_waiting 1.0" in told
    assert "autodetective_search_live 0.0" in told
    async with kept(desk.ports.backbone) as index:
        await at_rest(desk.ports.backbone, index)
    told = (await bpa_api.get("/metrics")).text
    assert "autodetective_search_waiting 0.0" in told
    assert "autodetective_search_behind_seconds 0.0" in told
    assert "autodetective_search_live 1.0" in told


async def test_of_several_workers_one_works(desk: Desk) -> None:
    case_id = await desk.in_work()
    backbone = desk.ports.backbone
    async with kept(backbone) as index:
        await at_rest(backbone, index)
        other = asyncio.create_task(keep(backbone, INDEXED))
        await desk.do(talking.write_note, case_id, text="together", by=desk.anna)
        await at_rest(backbone, index)
        assert await number_of(index, "together") == 1
        assert not other.done()
        other.cancel()
        with suppress(asyncio.CancelledError):
            await other
