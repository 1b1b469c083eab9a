"""`SearchIndex` on a cluster."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from elastic_transport import HttpxAsyncHttpNode
from elastic_transport.client_utils import DEFAULT
from elasticsearch import AsyncElasticsearch, BadRequestError, NotFoundError

from service_kit.search.documents import Change
from service_kit.search.elastic import queries, writing
from service_kit.search.elastic.documents import moment_of
from service_kit.search.elastic.failures import kinds_of, told
from service_kit.search.elastic.schema import Schema
from service_kit.search.port import IndexWrong, Written
from service_kit.search.questions import MOST_COUNTED, Answer, Hit, Place, Question

_EXISTS: Final = "resource_already_exists_exception"
_MOST_AT_ONCE: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Where the servers are, and how an index lies on them. `url`: several with commas between."""

    url: str
    api_key: str = ""
    ca_file: Path | None = None
    shards: int = 1
    replicas: int = 1
    seconds: float = 10.0
    """So long an answer may take."""

    def connect(self) -> AsyncElasticsearch:
        hosts = self.url.split(",")
        return AsyncElasticsearch(
            hosts,
            api_key=self.api_key or None,
            ca_certs=str(self.ca_file) if self.ca_file else DEFAULT,
            node_class=HttpxAsyncHttpNode,
            request_timeout=self.seconds,
            # Another server may answer at once; the same one again is for whoever asks.
            max_retries=len(hosts) - 1,
            retry_on_status=(),
        )


class ElasticIndex:
    """`SearchIndex` under a name on a cluster. Connects with the first call."""

    def __init__(self, cluster: Cluster, name: str, *, facets: Collection[str]) -> None:
        """`facets`: all that documents have; a document with another is refused."""
        self._cluster = cluster
        self._client = cluster.connect()
        self.name = name
        self._facets = frozenset(facets)
        self._schema = Schema(name, facets)
        self._copy = re.compile(rf"{re.escape(name)}-([0-9]+)")

    async def check(self) -> None:
        with told("checking"):
            found = await self._client.indices.get_mapping(index=self.name)
        if len(found) != 1:
            raise IndexWrong(f"{self.name} is {len(found)} indices: {', '.join(sorted(found))}")
        index, made = next(iter(found.items()))
        if index == self.name:
            raise IndexWrong(f"{index} is no alias of a copy")
        if why := self._schema.differs(made["mappings"]):
            raise IndexWrong(f"{index}: {why}")

    async def copies(self) -> Sequence[int]:
        with told("listing"):
            found = await self._client.indices.get(index=f"{self.name}-*", features="aliases")
        return sorted(copy for index in found if (copy := self._number(index)) is not None)

    async def live(self) -> int | None:
        with told("listing"):
            try:
                found = await self._client.indices.get_alias(name=self.name)
            except NotFoundError:
                return None
        numbers = [self._number(index) for index in found]
        return numbers[0] if len(numbers) == 1 else None

    async def create(self, copy: int) -> None:
        schema = self._schema
        placing = {"number_of_shards": self._cluster.shards, "number_of_replicas": self._cluster.replicas}
        with told("creating"):
            await self._client.indices.put_index_template(name=self.name, **schema.template)
            try:
                await self._client.indices.create(
                    index=self._index(copy),
                    mappings=schema.mappings,
                    settings={"index": {**schema.settings["index"], **placing}},
                )
            except BadRequestError as error:
                if not kinds_of(error.body).startswith(_EXISTS):
                    raise

    async def publish(self, copy: int) -> None:
        await self.refresh(copy)
        index = self._index(copy)
        with told("publishing"):
            await self._client.indices.update_aliases(
                actions=[
                    {"remove": {"index": f"{self.name}-*", "alias": self.name, "must_exist": False}},
                    {"add": {"index": index, "alias": self.name}},
                ]
            )

    async def drop(self, copy: int) -> bool:
        with told("dropping"):
            await self._client.indices.delete(index=self._index(copy), ignore_unavailable=True)
        return False

    async def write(self, copy: int, changes: Sequence[Change]) -> list[Written]:
        return await writing.write(self._client, self._index(copy), changes)

    async def refresh(self, copy: int) -> None:
        with told("refreshing"):
            await self._client.indices.refresh(index=self._index(copy))

    async def versions(self, copy: int, *, after: UUID | None, limit: int) -> list[tuple[UUID, int]]:
        await self.refresh(copy)
        found: list[tuple[UUID, int]] = []
        while len(found) < limit:
            size = min(limit - len(found), _MOST_AT_ONCE)
            page = await self._page_of_versions(copy, found[-1][0] if found else after, size)
            found += page
            if len(page) < size:
                break
        return found

    async def search(self, question: Question, *, after: Place | None, limit: int) -> Answer:
        with told("searching"):
            found = await self._client.search(
                index=self.name,
                body=queries.search(question, self._facets, after=after, limit=limit),
                allow_partial_search_results=False,
            )
        hits = found["hits"]
        counts = queries.counted(found.get("aggregations", {}))
        return Answer(
            hits=tuple(map(_hit, hits["hits"])),
            total=min(hits["total"]["value"], MOST_COUNTED),
            counts={facet: counts.get(facet, ()) for facet in question.counting},
        )

    async def close(self) -> None:
        await self._client.close()

    async def _page_of_versions(self, copy: int, after: UUID | None, size: int) -> list[tuple[UUID, int]]:
        with told("comparing"):
            page = await self._client.search(
                index=self._index(copy),
                sort=[{"id": "asc"}],
                search_after=None if after is None else [str(after)],
                size=size,
                version=True,
                source=False,
                track_total_hits=False,
                allow_partial_search_results=False,
            )
        return [(UUID(hit["_id"]), hit["_version"]) for hit in page["hits"]["hits"]]

    def _index(self, copy: int) -> str:
        return f"{self.name}-{copy}"

    def _number(self, index: str) -> int | None:
        found = self._copy.fullmatch(index)
        return int(found[1]) if found else None


def _hit(found: dict[str, Any]) -> Hit:
    score, at, _ = found["sort"]
    return Hit(Place(int(score), moment_of(at), UUID(found["_id"])), found["_version"])
