"""What is Elasticsearch's alone: how a server refuses, what may happen to an index, what queries may leave out.

What every engine promises is in `test_search_index`.
"""

from collections import defaultdict
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from elastic_transport import HttpxAsyncHttpNode
from elasticsearch import AsyncElasticsearch

from service_kit.ids import new_id
from service_kit.search.documents import Document, Name, NameKind, Removal, TextField
from service_kit.search.elastic import writing
from service_kit.search.elastic.index import Cluster, ElasticIndex
from service_kit.search.port import IndexAway, IndexWrong, Outcome
from service_kit.search.questions import NamePattern, Question, Term, Words
from service_kit.search.words import words_of
from tests.ports.elasticsearch import SEARCH_URL, elastic_index, needs_elasticsearch
from tests.support import postgres
from tests.support.played_search import Answer, played_search

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
VIN = "XTA211240Y2765432"


def document(
    *keys: str, version: int = 1, about: str = "", facets: dict[str, frozenset[str]] | None = None
) -> Document:
    return Document(
        id=new_id(),
        version=version,
        owner="somebody",
        at=AT,
        names=frozenset(Name(NameKind.NUMBER, key) for key in keys),
        texts={TextField.ABOUT: about},
        facets=facets or {},
    )


def asking(*alternatives: NamePattern | Words) -> Question:
    return Question(owner=None, terms=(Term(alternatives),))


async def found(index: ElasticIndex, question: Question) -> set[UUID]:
    answer = await index.search(question, after=None, limit=1000)
    return {hit.place.id for hit in answer.hits}


@pytest.fixture
async def index() -> AsyncGenerator[ElasticIndex]:
    async with elastic_index(["make"]) as index:
        await index.create(1)
        await index.publish(1)
        yield index


@pytest.fixture
async def server() -> AsyncGenerator[AsyncElasticsearch]:
    async with AsyncElasticsearch(SEARCH_URL, node_class=HttpxAsyncHttpNode) as server:
        yield server


@needs_elasticsearch
async def test_an_index_that_was_deleted_by_hand_is_wrong_and_no_write_makes_it_anew(
    index: ElasticIndex, server: AsyncElasticsearch
) -> None:
    await server.indices.delete(index=f"{index.name}-1")
    with pytest.raises(IndexWrong):
        await index.write(1, [document(VIN)])
    with pytest.raises(IndexWrong):
        await index.search(asking(NamePattern(VIN)), after=None, limit=1)
    for act in (index.check(), index.refresh(1), index.publish(1), index.versions(1, after=None, limit=1)):
        with pytest.raises(IndexWrong):
            await act
    assert await index.copies() == []
    assert await index.live() is None


@needs_elasticsearch
@pytest.mark.parametrize("block", ["read_only_allow_delete", "read_only", "write"])
async def test_an_index_that_may_only_be_read_is_away_for_writers_until_it_may_be_written(
    index: ElasticIndex, server: AsyncElasticsearch, block: str
) -> None:
    was_there = document(VIN)
    await index.write(1, [was_there])
    await server.indices.put_settings(index=f"{index.name}-1", settings={f"index.blocks.{block}": True})
    with pytest.raises(IndexAway, match="cluster_block_exception"):
        await index.write(1, [document(VIN)])
    await index.refresh(1)
    assert await found(index, asking(NamePattern(VIN))) == {was_there.id}

    await server.indices.put_settings(index=f"{index.name}-1", settings={f"index.blocks.{block}": None})
    (written,) = await index.write(1, [document(VIN)])
    assert written.outcome is Outcome.TAKEN


@needs_elasticsearch
async def test_an_index_that_somebody_closed_is_away_until_it_is_open(
    index: ElasticIndex, server: AsyncElasticsearch
) -> None:
    was_there = document(VIN)
    await index.write(1, [was_there])
    await server.indices.close(index=f"{index.name}-1")
    for act in (
        index.write(1, [Removal(was_there.id, 2)]),
        index.search(asking(NamePattern(VIN)), after=None, limit=1),
        index.versions(1, after=None, limit=1),
    ):
        with pytest.raises(IndexAway, match="index_closed_exception"):
            await act
    await server.indices.open(index=f"{index.name}-1", wait_for_active_shards=1)
    (written,) = await index.write(1, [Removal(was_there.id, 2)])
    assert written.outcome is Outcome.TAKEN


@needs_elasticsearch
async def test_a_field_that_somebody_changed_is_told_at_the_check(server: AsyncElasticsearch) -> None:
    async with elastic_index(["make"]) as index:
        await index.create(1)
        made = (await server.indices.get(index=f"{index.name}-1"))[f"{index.name}-1"]
        made["mappings"]["properties"]["owner"] = {"type": "text"}
        analysis = made["settings"]["index"]["analysis"]
        await server.indices.create(
            index=f"{index.name}-2", mappings=made["mappings"], settings={"analysis": analysis}
        )
        await index.publish(2)
        with pytest.raises(IndexWrong, match="somebody changed its field owner"):
            await index.check()
        await index.publish(1)
        await index.check()


@needs_elasticsearch
async def test_a_copy_that_another_version_made_is_told_at_the_check(index: ElasticIndex) -> None:
    later = ElasticIndex(Cluster(url=SEARCH_URL), index.name, facets=["make", "model"])
    with pytest.raises(IndexWrong, match="made by another version"):
        await later.check()
    await later.create(2)
    await later.publish(2)
    await later.check()
    with pytest.raises(IndexWrong):
        await index.check()
    await later.close()


@needs_elasticsearch
async def test_an_alias_of_two_copies_is_wrong(index: ElasticIndex, server: AsyncElasticsearch) -> None:
    await index.create(2)
    await server.indices.put_alias(index=f"{index.name}-2", name=index.name)
    assert await index.live() is None
    with pytest.raises(IndexWrong, match="2 indices"):
        await index.check()
    await index.publish(2)
    await index.check()
    assert await index.live() == 2


@needs_elasticsearch
async def test_what_is_no_copy_is_left_alone(index: ElasticIndex, server: AsyncElasticsearch) -> None:
    await server.indices.create(index=f"{index.name}-backup", mappings={"dynamic": False})
    assert await index.copies() == [1]
    await server.indices.delete(index=f"{index.name}-backup")


@needs_elasticsearch
async def test_one_that_is_refused_says_why_in_no_words_of_its_own_and_keeps_no_other_out(
    index: ElasticIndex,
) -> None:
    strange = document(VIN, facets={"colour": frozenset({"secretly green"})})
    written = await index.write(1, [document(VIN), strange, document(VIN), Removal(new_id(), 1)])
    taken, refused = Outcome.TAKEN, Outcome.REFUSED
    assert [one.outcome for one in written] == [taken, refused, taken, taken]
    assert written[1].why == "strict_dynamic_mapping_exception"


@needs_elasticsearch
async def test_more_names_are_one_mistake_away_than_the_server_looks_at_by_itself(
    index: ElasticIndex,
) -> None:
    letters = "ACDEFGHJKLMNPRTUVWXY"
    many = [document(f"AAA{one}{other}AAAAAAAAA") for one in letters for other in letters]
    await index.write(1, many)
    await index.refresh(1)
    assert len(await found(index, asking(NamePattern("AAAAAAAAAAAAAA")))) == 2 * len(letters) - 1


@needs_elasticsearch
@pytest.mark.parametrize("beginning", ["щ", "щелка", "щелкащелкащелк"])
async def test_more_words_begin_so_than_the_server_looks_at_by_itself(
    index: ElasticIndex, beginning: str
) -> None:
    letters = "абвгдежзиклмнопрстуфхцчшщ"
    words = [f"щелкащелкащелка{one}{other}ж" for one in letters for other in letters[:8]]
    many = [document(about=f"видна {word}") for word in words]
    await index.write(1, many)
    await index.refresh(1)
    for asked in (Words((beginning,), is_begun=True), Words(("видна", beginning), is_begun=True)):
        assert len(await found(index, asking(asked))) == len(many)


@needs_elasticsearch
async def test_what_is_more_than_a_request_takes_goes_in_several(
    index: ElasticIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MOST_BYTES", 4096)
    many = [document(f"{VIN}{number}", about="слово " * 100) for number in range(50)]
    assert {one.outcome for one in await index.write(1, many)} == {Outcome.TAKEN}
    assert await index.versions(1, after=None, limit=100) == sorted((one.id, 1) for one in many)


@needs_elasticsearch
async def test_a_copy_is_told_of_whole_however_many_are_asked_for(index: ElasticIndex) -> None:
    many = [Document(id=new_id(), version=3, owner="o", at=AT) for _ in range(10_050)]
    await index.write(1, many)
    in_order = sorted((one.id, 3) for one in many)
    assert await index.versions(1, after=None, limit=20_000) == in_order
    assert await index.versions(1, after=in_order[10_010][0], limit=30) == in_order[10_011:10_041]


@needs_elasticsearch
async def test_microseconds_are_kept(index: ElasticIndex) -> None:
    ages = [timedelta(microseconds=1), timedelta(), timedelta(microseconds=-1)]
    many = [Document(id=new_id(), version=1, owner="o", at=AT + age) for age in ages]
    await index.write(1, many)
    await index.refresh(1)
    answer = await index.search(Question(owner=None), after=None, limit=9)
    assert [hit.place.at for hit in answer.hits] == [one.at for one in many]


@needs_elasticsearch
async def test_words_are_the_same_as_postgresql_makes_of_them(
    index: ElasticIndex, server: AsyncElasticsearch, postgres_url: str
) -> None:
    words = sorted(set(words_of(ALL_FORMS)))
    template = await postgres.make_template(postgres_url, "bpa")
    async with postgres.copy_of(postgres_url, template) as url:
        connection = await asyncpg.connect(url)
        rows = await connection.fetch(
            "SELECT word, tsvector_to_array(to_tsvector('search_words', word)) FROM unnest($1::text[]) word",
            words,
        )
        await connection.close()
    theirs = {word: {word, *stems} for word, stems in rows}
    told = await server.indices.analyze(index=f"{index.name}-1", analyzer="words", text=" ".join(words))
    ours: dict[str, set[str]] = defaultdict(set)
    for token in told["tokens"]:
        ours[words[token["position"]]].add(token["token"])
    assert ours == theirs


ALL_FORMS = """
    Номер кузова перебит, номера кузовов перебиты, о перебитом номере кузова; следы сварки и шлифовки,
    сварные швы, автомобиль, автомобилями, автомобилю, серая, серой, серого, серые, Шкода Октавия из
    Казани, шкодами, ещё, чёрный, чёрного, двигателя, двигатель, двигатели, заменена, замена,
    маркировка, маркировочная табличка, таблички, подпись, не читается, нечитаемый, подлинный,
    подлинность, вмятина, вмятины на двери, эксперт, экспертов, клиентка, мартом, the numbers were
    restamped, restamping, a weld near the plates, scratches, scratched, genuine, running cars, bodies,
    engines, happily, flies, generalizations, 2026, 1600, a123bc77, x5s, audi100s, 3d, 1e5, škoda, вин1,
    дверь-дверца
"""


def alone(url: str, *, seconds: float = 10) -> ElasticIndex:
    return ElasticIndex(Cluster(url=url, seconds=seconds), "cases", facets=[])


def failure(kind: str, status: int) -> Answer:
    return status, {"error": {"root_cause": [{"type": kind}], "type": kind, "reason": VIN}, "status": status}


@pytest.mark.parametrize(
    "answer",
    [
        failure("es_rejected_execution_exception", 429),
        failure("circuit_breaking_exception", 429),
        failure("unavailable_shards_exception", 503),
        failure("search_phase_execution_exception", 500),
        failure("security_exception", 401),
        failure("security_exception", 403),
        failure("media_type_header_exception", 400),
        failure("index_closed_exception", 400),
        (502, "Bad Gateway"),
    ],
)
async def test_a_server_that_does_not_do_it_now_is_away(answer: Answer) -> None:
    async with played_search(lambda _: answer) as played:
        index = alone(played.url)
        acts = (
            index.write(1, [document(VIN)]),
            index.search(asking(NamePattern(VIN)), after=None, limit=1),
            *(index.check(), index.copies(), index.live(), index.create(1), index.publish(1), index.drop(1)),
            *(index.refresh(1), index.versions(1, after=None, limit=1)),
        )
        for act in acts:
            with pytest.raises(IndexAway) as away:
                await act
            assert VIN not in str(away.value)
        await index.close()


async def test_what_is_no_elasticsearch_hangs_or_is_not_there_is_away() -> None:
    async with played_search(lambda _: (200, {}), is_elasticsearch=False) as stranger:
        index = alone(stranger.url)
        with pytest.raises(IndexAway):
            await index.check()
        await index.close()
    index = alone(stranger.url)
    with pytest.raises(IndexAway):
        await index.check()
    await index.close()
    async with played_search(lambda _: None) as silent:
        index = alone(silent.url, seconds=0.2)
        with pytest.raises(IndexAway):
            await index.search(Question(owner=None), after=None, limit=1)
        await index.close()


def items(body: bytes, *statuses: int, kind: str = "es_rejected_execution_exception") -> Answer:
    """An answer to a bulk request of as many changes."""
    assert body.count(b'"_id"') == len(statuses)
    error = {"type": kind, "reason": VIN}
    told = [{"index": {"status": one, **({} if one == 201 else {"error": error})}} for one in statuses]
    return 200, {"errors": True, "items": told}


async def test_one_change_for_which_there_is_no_room_is_an_index_that_is_away() -> None:
    async with played_search(lambda body: items(body, 201, 429)) as played:
        index = alone(played.url)
        with pytest.raises(IndexAway):
            await index.write(1, [document(VIN), document(VIN)])
        await index.close()


async def test_one_change_that_is_not_taken_as_the_index_is_closed_is_an_index_that_is_away() -> None:
    async with played_search(lambda body: items(body, 201, 400, kind="index_closed_exception")) as played:
        index = alone(played.url)
        with pytest.raises(IndexAway):
            await index.write(1, [document(VIN), Removal(new_id(), 2)])
        await index.close()


async def test_a_request_that_is_too_large_is_halved_until_one_alone_is_refused() -> None:
    large = document(VIN, about="слово " * 200)
    small = [document(VIN) for _ in range(3)]

    def answer(body: bytes) -> Answer:
        if len(body) > 2000:
            return 413, {}
        return items(body, *[201] * body.count(b'"_id"'))

    async with played_search(answer) as played:
        index = alone(played.url)
        written = await index.write(1, [small[0], large, *small[1:]])
        await index.close()
    assert [one.id for one in written] == [small[0].id, large.id, small[1].id, small[2].id]
    assert [one.outcome for one in written] == [Outcome.TAKEN, Outcome.REFUSED, Outcome.TAKEN, Outcome.TAKEN]
