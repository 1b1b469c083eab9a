"""The genuine Elasticsearch as tests of search use it: one server, and an index of its own for each."""

import os
import tempfile
from collections.abc import AsyncGenerator, Collection, Generator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest
from elastic_transport import HttpxAsyncHttpNode
from elasticsearch import AsyncElasticsearch

from service_kit.ids import new_id
from service_kit.search.elastic.index import Cluster, ElasticIndex
from tests.servers.elasticsearch.server import Elasticsearch

SEARCH_URL: Final = os.environ.get("AUTODETECTIVE_TEST_SEARCH_URL", "")
needs_elasticsearch: Final = pytest.mark.skipif(
    not SEARCH_URL, reason="no Elasticsearch: AUTODETECTIVE_TEST_SEARCH_URL is not set"
)


@asynccontextmanager
async def elastic_index(facets: Collection[str], *, url: str = SEARCH_URL) -> AsyncGenerator[ElasticIndex]:
    """An index under a name of its own, of which nothing is left afterwards."""
    name = f"test-{new_id().hex}"
    index = ElasticIndex(Cluster(url=url, replicas=0), name, facets=facets)
    try:
        yield index
    finally:
        for copy in await index.copies():
            await index.drop(copy)
        async with AsyncElasticsearch(url, node_class=HttpxAsyncHttpNode) as server:
            await server.options(ignore_status=404).indices.delete_index_template(name=name)
        await index.close()


@pytest.fixture
def server() -> Generator[Elasticsearch]:
    """One of its own, that nobody else is standing on."""
    with tempfile.TemporaryDirectory(prefix="elasticsearch-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # root's server runs as nobody and has to get through
        server = Elasticsearch(folder / "server")
        try:
            server.start()
            yield server
        finally:
            server.stop()
