"""What PostgreSQL's index does in its own way: plans, very many answers, what is left behind, and being away."""

import asyncio
import json
from collections.abc import AsyncGenerator
from random import Random
from typing import Any, Final
from unittest.mock import patch

import asyncpg
import pytest

from service_kit.pool import Pool
from service_kit.search.documents import MOST_CHARACTERS, Removal, TextField
from service_kit.search.port import IndexAway, IndexWrong, Outcome
from service_kit.search.postgres import index as postgres_index
from service_kit.search.postgres.index import PostgresIndex
from service_kit.search.postgres.tables import COPIES, DOCUMENTS
from service_kit.search.questions import Hit, NamePattern, Question, Term, Words
from service_kit.session import ReadSession
from tests.ports import search_cases
from tests.ports.search_cases import plain
from tests.support import postgres
from tests.support.search_in_memory import MemoryIndex

ROWS: Final = 30_000
EACH_OF: Final = 300
BY_LEXEMES: Final = f"ix_{DOCUMENTS}_lexemes"
WAITING: Final = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
WORDS: Final = Words(("k1", "z7"), is_begun=True)
QUESTIONS: Final = (
    Question(owner=None, counting=("verdict",)),
    Question(owner="anna", since=search_cases.BEGUN),
    Question(owner=None, facets={"verdict": frozenset({"clean"})}, counting=("verdict", "make")),
    *(
        Question(owner=owner, terms=(Term(alternatives),), since=since, counting=("make",))
        for owner in (None, "anna")
        for since in (None, search_cases.BEGUN)
        for alternatives in (
            (NamePattern("0B12Z8"),),
            (NamePattern("12"), Words(("k12",))),
            (NamePattern("0B?2*"), WORDS),
            (WORDS, Words(("z7",))),
        )
    ),
)


@pytest.fixture(scope="module")
async def urls(postgres_url: str) -> AsyncGenerator[tuple[str, str]]:
    """The addresses of a database for the service, and for the superuser."""
    template = await postgres.make_template(postgres_url, "bpa")
    async with postgres.copy_of(postgres_url, template) as url:
        yield postgres.as_service(url), url


@pytest.fixture
async def pool(urls: tuple[str, str]) -> AsyncGenerator[Pool]:
    pool = Pool(urls[0])
    yield pool
    await pool.close()


@pytest.fixture
async def superuser(urls: tuple[str, str]) -> AsyncGenerator[Any]:
    connection: Any = await asyncpg.connect(urls[1])
    yield connection
    await connection.execute(f"TRUNCATE {COPIES}, {DOCUMENTS}")
    await connection.close()


async def published(pool: Pool, *, most_counted: int = 10_000) -> PostgresIndex:
    index = PostgresIndex(pool, most_counted=most_counted)
    await index.create(1)
    await index.publish(1)
    return index


async def test_no_statement_looks_at_each_document_even_by_a_plan_for_any_values(
    pool: Pool, superuser: Any
) -> None:
    """Asked with few documents counted, so that the statements for very many are among them."""
    index = await published(pool, most_counted=100)
    await index.write(1, search_cases.documents(EACH_OF, seed=2))
    others = "version, owner, at, names, facets, lexemes, about, people, findings, answer, messages, notes"
    await superuser.execute(
        f"INSERT INTO {DOCUMENTS} (copy, id, {others})"
        f"SELECT copy, gen_random_uuid(), {others} FROM {DOCUMENTS}, generate_series(2, {ROWS // EACH_OF})"
    )
    await superuser.execute(f"VACUUM ANALYZE {DOCUMENTS}")
    sent: dict[str, int] = {}
    fetch = ReadSession.fetch

    async def noted(self: ReadSession, sql: str, *values: Any) -> Any:
        sent[sql] = len(values)
        return await fetch(self, sql, *values)

    with patch.object(ReadSession, "fetch", noted):
        for question in QUESTIONS:
            answer = await index.search(question, after=None, limit=10)
            await index.search(question, after=answer.hits[-1].place, limit=10)
        await index.write(1, [plain(1)])
        await index.versions(1, after=None, limit=10)
        await index.versions(1, after=plain(1).id, limit=10)
        await index.create(2)
        await index.drop(2)
    assert len(sent) > len(QUESTIONS)
    await superuser.execute("SET plan_cache_mode = force_generic_plan; SET jit = off")
    looked_at: set[str] = set()
    for number, (sql, count) in enumerate(sent.items()):
        if sql.lstrip().startswith(("SELECT", "WITH")):
            await superuser.execute("SET enable_seqscan = off")  # as who asks has it
        await superuser.execute(f"PREPARE s{number} AS {sql}")
        values = f"({', '.join(['NULL'] * count)})" if count else ""
        [[plan]] = await superuser.fetch(f"EXPLAIN (FORMAT JSON) EXECUTE s{number}{values}")
        await superuser.execute("SET enable_seqscan = on")
        found = nodes(json.loads(plan)[0]["Plan"])
        if any(is_scan(node) for node in found) or (
            "lexemes @@" in sql and {name for node in found if (name := index_of(node))} != {BY_LEXEMES}
        ):
            looked_at.add(sql)
    assert looked_at == set()


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for one in plan.get("Plans", ()) for node in nodes(one))]


def is_scan(node: dict[str, Any]) -> bool:
    return node["Node Type"] == "Seq Scan" and node["Relation Name"] == DOCUMENTS


def index_of(node: dict[str, Any]) -> str | None:
    """The index of documents that is looked into there."""
    name: str = node.get("Index Name", "")
    return name if DOCUMENTS in name else None


@pytest.mark.parametrize(
    "alternatives",
    [(Words(("k1",)),), (NamePattern("12"), NamePattern("0"), Words(("k1",)))],
    ids=["words", "names"],
)
@pytest.mark.usefixtures("superuser")
async def test_of_very_many_answers_the_newest_are_ranked(
    pool: Pool, alternatives: tuple[NamePattern | Words, ...]
) -> None:
    most = 20
    index, promised = await published(pool, most_counted=most), MemoryIndex()
    await promised.create(1)
    await promised.publish(1)
    documents = search_cases.documents(EACH_OF, seed=4)
    for one in (index, promised):
        await one.write(1, documents)
    question = Question(owner=None, terms=(Term(alternatives),), counting=("make",))
    everything = (await promised.search(question, after=None, limit=EACH_OF)).hits
    newest = sorted(everything, key=lambda hit: (hit.place.at, hit.place.id), reverse=True)[:most]

    hits: list[Hit] = []
    while (answer := await index.search(question, after=hits[-1].place if hits else None, limit=7)).hits:
        hits += answer.hits
        assert answer.total == most
        assert sum(number for _, number in answer.counts["make"]) == most
    assert len(everything) > most
    assert hits == sorted(newest, key=lambda hit: hit.place, reverse=True)


@pytest.mark.usefixtures("superuser")
async def test_what_postgresql_refuses_keeps_no_other_from_being_taken(pool: Pool) -> None:
    index = await published(pool)
    chance = Random(6)
    count = MOST_CHARACTERS // 22
    # Words of which each has a stem that is another, in every field: more than a vector holds.
    texts = {
        field: " ".join(f"{''.join(chance.choices('бвгджзклмн', k=18))}ами" for _ in range(count))
        for field in TextField
    }
    written = await index.write(1, [plain(1), plain(2, texts=texts), plain(3)])
    assert [one.outcome for one in written] == [Outcome.TAKEN, Outcome.REFUSED, Outcome.TAKEN]
    assert written[1].why == "54000"
    assert (await index.search(Question(owner=None), after=None, limit=5)).total == 2


async def test_a_copy_that_was_made_otherwise_is_wrong(pool: Pool, superuser: Any) -> None:
    index = await published(pool)
    await superuser.execute(f"UPDATE {COPIES} SET made_as = 'of old'")
    for asked in (
        index.check(),
        index.search(Question(owner=None), after=None, limit=1),
        index.write(1, [plain(1)]),
    ):
        with pytest.raises(IndexWrong, match="of old"):
            await asked


async def test_what_an_interrupted_end_left_is_in_no_new_copy(pool: Pool, superuser: Any) -> None:
    index = await published(pool)
    await index.write(1, [plain(1)])
    await superuser.execute(f"DELETE FROM {COPIES}")
    await index.create(1)
    await index.publish(1)
    assert (await index.search(Question(owner=None), after=None, limit=1)).total == 0


async def test_a_copy_goes_in_parts_whoever_is_killed_and_is_known_until_it_is_gone(
    pool: Pool, superuser: Any
) -> None:
    index = await published(pool)
    await index.write(1, search_cases.documents(7, seed=5))
    await index.create(2)
    await index.write(2, search_cases.documents(3, seed=5))
    with patch.object(postgres_index, "_DROPPED_AT_ONCE", 2):
        assert await index.drop(1)
        assert await number_in(superuser, 1) == 5
        assert (await index.copies(), await index.live()) == ([1, 2], None)
        for asked in (
            index.write(1, [plain(1)]),
            index.versions(1, after=None, limit=1),
            index.publish(1),
        ):
            with pytest.raises(IndexWrong):
                await asked
        other = PostgresIndex(pool)
        while await other.drop(1):
            assert 1 in await other.copies()
    assert list(await other.copies()) == [2]
    assert (await number_in(superuser, 1), await number_in(superuser, 2)) == (0, 3)


async def test_of_a_copy_that_is_dropped_nothing_is_left_however_far_it_was_dropped_before(
    pool: Pool, superuser: Any
) -> None:
    """Somebody else ended what we had begun, and used its number again."""
    index, other = await published(pool), PostgresIndex(pool)
    documents = sorted(search_cases.documents(5, seed=5), key=lambda one: one.id)
    await index.write(1, documents)
    with patch.object(postgres_index, "_DROPPED_AT_ONCE", 3):
        assert await index.drop(1)
        while await other.drop(1):
            pass
        await other.create(1)
        await other.write(1, documents[:1])
        while await index.drop(1):
            pass
    assert (await index.copies(), await number_in(superuser, 1)) == ([], 0)


async def test_who_writes_to_a_copy_is_waited_for_before_it_is_dropped(pool: Pool, superuser: Any) -> None:
    index = await published(pool)
    [document] = search_cases.documents(1, seed=5)
    await index.write(1, [document])
    writing = superuser.transaction()
    await writing.start()
    await superuser.fetch(f"SELECT made_as FROM {COPIES} WHERE copy = 1 FOR KEY SHARE")
    dropping = asyncio.create_task(index.drop(1))
    waiting = "SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    while not await superuser.fetchval(waiting):
        assert not dropping.done()
        await asyncio.sleep(0.01)
    await superuser.execute(
        f"INSERT INTO {DOCUMENTS} (copy, id, version, names, facets, lexemes)"
        f" SELECT 1, gen_random_uuid(), version, names, facets, lexemes FROM {DOCUMENTS}"
    )
    await writing.commit()
    assert not await dropping
    assert await number_in(superuser, 1) == 0


async def number_in(superuser: Any, copy: int) -> int:
    """So many documents are in the table for a copy, whether it is known or not."""
    found: int = await superuser.fetchval(f"SELECT count(*) FROM {DOCUMENTS} WHERE copy = $1", copy)
    return found


async def test_of_what_was_removed_nothing_is_left_but_that(pool: Pool, superuser: Any) -> None:
    index = await published(pool)
    [document] = search_cases.documents(1, seed=5)
    await index.write(1, [document])
    await index.write(1, [Removal(document.id, 7)])
    [row] = await superuser.fetch(f"SELECT * FROM {DOCUMENTS}")
    assert {name: value for name, value in row.items() if value} == {
        "copy": 1,
        "id": document.id,
        "version": 7,
    }


async def test_an_answer_that_takes_too_long_is_none(pool: Pool, superuser: Any) -> None:
    index = await published(pool)
    hasty = PostgresIndex(pool, seconds=0.1)
    async with superuser.transaction():
        await superuser.execute(f"LOCK TABLE {DOCUMENTS}")
        with pytest.raises(IndexAway):
            await hasty.search(Question(owner=None), after=None, limit=1)
    assert (await index.search(Question(owner=None), after=None, limit=1)).total == 0


async def test_however_many_search_others_have_connections_left(
    pool: Pool, urls: tuple[str, str], superuser: Any
) -> None:
    await published(pool)
    small = Pool(urls[0], size=3)
    index = PostgresIndex(small, seconds=600, at_once=2)

    async def waiting() -> int:
        async with small.reading() as session:
            [[count]] = await session.fetch(WAITING)
            return int(count)

    async with asyncio.TaskGroup() as searches, superuser.transaction():
        await superuser.execute(f"LOCK TABLE {DOCUMENTS}")
        found = [
            searches.create_task(index.search(Question(owner=None), after=None, limit=1)) for _ in range(6)
        ]
        while await waiting() < 2:
            await asyncio.sleep(0.05)
        assert await waiting() == 2
    assert [one.result().total for one in found] == [0] * 6
    await small.close()


async def test_a_database_that_is_away_is_an_index_that_is() -> None:
    nowhere = Pool("postgresql://nobody@127.0.0.1:1/nothing")
    index = PostgresIndex(nowhere)
    for asked in (index.check(), index.write(1, [plain(1)]), index.live()):
        with pytest.raises(IndexAway):
            await asked
    await nowhere.close()
