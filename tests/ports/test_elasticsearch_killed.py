"""A server that is killed while documents are written to it: what was acknowledged is there, the rest is away."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from service_kit.ids import new_id
from service_kit.search.documents import Document
from service_kit.search.elastic.index import Cluster, ElasticIndex
from service_kit.search.port import IndexAway, Outcome
from service_kit.search.questions import Question
from tests.ports.elasticsearch import needs_elasticsearch, server
from tests.servers.elasticsearch.server import Elasticsearch

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
PORTION = 50

__all__ = ["server"]

pytestmark = needs_elasticsearch


async def test_what_was_acknowledged_is_there_after_a_kill_and_the_rest_is_written_again(
    server: Elasticsearch,
) -> None:
    index = ElasticIndex(Cluster(url=server.url, replicas=0, seconds=60), "cases", facets=[])
    await index.create(1)
    await index.publish(1)
    acknowledged: list[Document] = []
    lost: list[Document] = []
    some_are_there = asyncio.Event()

    async def feed() -> None:
        while not lost:
            at = AT + timedelta(seconds=len(acknowledged))
            portion = [Document(id=new_id(), version=1, owner="o", at=at) for _ in range(PORTION)]
            try:
                written = await index.write(1, portion)
            except IndexAway:
                lost.extend(portion)
            else:
                assert {one.outcome for one in written} == {Outcome.TAKEN}
                acknowledged.extend(portion)
                some_are_there.set()

    feeding = asyncio.create_task(feed())
    await some_are_there.wait()
    await asyncio.to_thread(server.kill)
    await feeding
    with pytest.raises(IndexAway):
        await index.search(Question(owner=None), after=None, limit=1)

    await asyncio.to_thread(server.start)
    await _until_it_answers(index)
    there = {id_ for id_, _ in await index.versions(1, after=None, limit=1_000_000)}
    assert there >= {one.id for one in acknowledged}
    again = await index.write(1, [*acknowledged, *lost])
    assert {one.outcome for one in again[: len(acknowledged)]} == {Outcome.OLDER}
    everything = sorted(one.id for one in [*acknowledged, *lost])
    assert [id_ for id_, _ in await index.versions(1, after=None, limit=1_000_000)] == everything
    await index.check()
    await index.close()


async def _until_it_answers(index: ElasticIndex) -> None:
    """The server answers before its indices are open."""
    while True:
        try:
            await index.refresh(1)
            await index.search(Question(owner=None), after=None, limit=1)
        except IndexAway:
            await asyncio.sleep(0.1)
        else:
            return
