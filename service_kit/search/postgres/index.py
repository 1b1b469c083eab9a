"""An index in PostgreSQL, for where there is no other engine.

What is written is found at once. Of more than MOST_COUNTED documents that answer the newest so many are looked
at: to rank all of them would take longer the more there are.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from service_kit.db import will_pass
from service_kit.pool import Pool
from service_kit.search.documents import BETWEEN, Change, Document, TextField, flaw_of, words_in
from service_kit.search.port import IndexAway, IndexWrong, Outcome, Written
from service_kit.search.postgres import lexemes, queries
from service_kit.search.postgres.queries import LIVE, Mistaken, Values, Wanted
from service_kit.search.postgres.tables import COPIES, DOCUMENTS
from service_kit.search.questions import MOST_COUNTED, MOST_VALUES, Answer, Hit, Place, Question
from service_kit.session import ReadSession, Session

# Of documents that have a name nearby, so many are looked at: each name is one mistake away from a few only.
_MOST_NEARBY: Final = 1000
_DROPPED_AT_ONCE: Final = 2000
_FIRST: Final = UUID(int=0)
# Of the connections of a process (`pool`), which all that it does needs: the others who search wait.
_AT_ONCE: Final = 5
# Lists of rows that may answer stay exact in it, and no row is compared twice.
_MEMORY: Final = "32MB"
_FIRST_WINDOW: Final = 4
_WIDER: Final = 1.5
_MOST_WIDER: Final = 20
_FIELDS: Final = ", ".join(TextField)
# Data that will not do (22), or more than PostgreSQL can take of it (54).
_NEVER: Final = (asyncpg.DataError, asyncpg.ProgramLimitExceededError)
# A table, a column, or the way in which words are read.
_NOT_THERE: Final = (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError, asyncpg.UndefinedObjectError)


def _read_twice(name: str) -> str:
    """A text by the stems of its words, and by the words as they are, each in its place."""
    ways = (f"to_tsvector('{how}', {name})::text" for how in ("search_words", "simple"))
    return f"({' || chr(32) || '.join(ways)})::tsvector"


_VECTORS: Final = ", ".join(f"{_read_twice(f'given.{name}')} AS {name}" for name in TextField)
_STRIPPED: Final = "".join(f" || coalesce(strip(vectors.{name}), '')" for name in TextField)
_WRITE: Final = f"""
INSERT INTO {DOCUMENTS} AS old (copy, id, version, owner, at, names, facets, lexemes, {_FIELDS})
SELECT $1, given.id, given.version, given.owner, given.at, given.names, given.facets,
    array_to_tsvector(given.lexemes){_STRIPPED}, {", ".join(f"vectors.{name}" for name in TextField)}
FROM jsonb_to_recordset($2) AS given (
    id uuid, version bigint, owner text, at timestamptz, names text, facets text[], lexemes text[],
    {", ".join(f"{name} text" for name in TextField)}
), LATERAL (SELECT {_VECTORS}) AS vectors
ORDER BY given.id
ON CONFLICT (copy, id) DO UPDATE SET ({_FIELDS}, version, owner, at, names, facets, lexemes) = (
    {", ".join(f"excluded.{name}" for name in TextField)},
    excluded.version, excluded.owner, excluded.at, excluded.names, excluded.facets, excluded.lexemes
) WHERE old.version < excluded.version
RETURNING id
"""
_MARK_DROPPED: Final = f"UPDATE {COPIES} SET made_as = '', is_live = false WHERE copy = $1 AND made_as <> ''"
_FOUND: Final = """
WITH matched AS MATERIALIZED ({matched}),
counted AS MATERIALIZED (SELECT count(*) AS number FROM matched)
SELECT (SELECT made_as FROM {copies} WHERE is_live) AS made_as, (SELECT number FROM counted) AS total,
page.*, held.* FROM (
    SELECT array_agg(id) AS ids, array_agg(version) AS versions, array_agg(at) AS ats, array_agg(fit) AS fits
    FROM (
        SELECT * FROM matched WHERE (SELECT number FROM counted) <= {most} AND {after}
        ORDER BY fit DESC, at DESC, id DESC LIMIT {limit}
    ) AS best
) AS page, (
    SELECT array_agg(value) AS held, array_agg(number) AS numbers FROM (
        SELECT value, count(*) AS number FROM matched, unnest(facets) AS value
        WHERE (SELECT number FROM counted) <= {most} AND cardinality({counting}) > 0
        GROUP BY value HAVING split_part(value, '=', 1) = ANY ({counting})
    ) AS each
) AS held
"""


class PostgresIndex:
    """`SearchIndex` in the tables of `tables`, in a database that `pool` is connected to."""

    def __init__(
        self,
        pool: Pool,
        *,
        seconds: float = 5,
        most_counted: int = MOST_COUNTED,
        at_once: int = _AT_ONCE,
    ) -> None:
        """An answer that takes longer than `seconds` is none, and `at_once` are looked for at most.

        What is left of `pool` is its owner's to close.
        """
        self._pool = pool
        self._turns = asyncio.Semaphore(at_once)
        self._settings = (
            ("statement_timeout", str(round(seconds * 1000))),
            ("work_mem", _MEMORY),
            ("jit", "off"),
            ("enable_seqscan", "off"),
        )
        self._most = most_counted
        self._dropped: dict[int, UUID] = {}

    async def check(self) -> None:
        async with self._reading() as session:
            found = await session.fetch(f"SELECT made_as FROM {COPIES} WHERE is_live")
            _expect(found[0][0] if found else None)

    async def copies(self) -> Sequence[int]:
        async with self._reading() as session:
            return [one for (one,) in await session.fetch(f"SELECT copy FROM {COPIES} ORDER BY copy")]

    async def live(self) -> int | None:
        async with self._reading() as session:
            found = await session.fetch(f"SELECT {LIVE}")
            live: int | None = found[0][0]
            return live

    async def create(self, copy: int) -> None:
        if copy in await self.copies():
            return
        first: UUID | None = _FIRST
        while first is not None:  # what is left of one whose row somebody deleted
            async with self._writing() as session:
                first = await _delete_some(session, copy, first)
        async with self._writing() as session:
            await session.fetch(
                f"INSERT INTO {COPIES} (copy, made_as) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                copy,
                lexemes.MADE_AS,
            )

    async def publish(self, copy: int) -> None:
        async with self._writing() as session:
            await _lock(session, copy)
            await session.fetch(f"UPDATE {COPIES} SET is_live = false WHERE is_live AND copy <> $1", copy)
            await session.fetch(f"UPDATE {COPIES} SET is_live = true WHERE copy = $1", copy)

    async def drop(self, copy: int) -> bool:
        first = self._dropped.pop(copy, _FIRST)
        async with self._writing() as session:
            # Waits for those who write to it; whoever comes later finds one that is made by no rules. Its row is
            # the last to go: whoever is killed before that leaves a copy that is known.
            await session.fetch(f"SELECT copy FROM {COPIES} WHERE copy = $1 FOR UPDATE", copy)
            await session.fetch(_MARK_DROPPED, copy)
            last = await _delete_some(session, copy, first)
            is_gone = last is None and first == _FIRST
            if is_gone:
                await session.fetch(f"DELETE FROM {COPIES} WHERE copy = $1", copy)
        if last is not None:
            self._dropped[copy] = last  # past the rows that are dead already
        return not is_gone

    async def write(self, copy: int, changes: Sequence[Change]) -> list[Written]:
        refused = {one.id: flaw for one in changes if (flaw := flaw_of(one)) is not None}
        rows = [_row(one) for one in changes if one.id not in refused]
        taken: set[UUID] = set()
        try:
            taken = await self._write(copy, rows)
        except _NEVER:
            for row in rows:
                try:
                    taken |= await self._write(copy, [row])
                except _NEVER as error:
                    refused[UUID(row["id"])] = str(error.sqlstate)
        return [_outcome(one.id, taken, refused) for one in changes]

    async def refresh(self, copy: int) -> None:
        async with self._reading() as session:
            await _expect_copy(session, copy)

    async def versions(self, copy: int, *, after: UUID | None, limit: int) -> list[tuple[UUID, int]]:
        sql = f"""
            SELECT id, version FROM {DOCUMENTS} WHERE copy = $1 AND at IS NOT NULL AND id > $2
            ORDER BY id LIMIT $3"""
        first = f"""
            SELECT id, version FROM {DOCUMENTS} WHERE copy = $1 AND at IS NOT NULL
            ORDER BY id LIMIT $2"""
        async with self._reading() as session:
            await _expect_copy(session, copy)
            rows = await (
                session.fetch(first, copy, limit) if after is None else session.fetch(sql, copy, after, limit)
            )
            return [(row["id"], row["version"]) for row in rows]

    async def search(self, question: Question, *, after: Place | None, limit: int) -> Answer:
        async with self._turns, self._reading() as session:
            found = await self._answer(session, question, after, limit)
            counts = {name: found.counts.get(name, ()) for name in question.counting}
            for name in question.facets.keys() & set(question.counting):
                others = {other: chosen for other, chosen in question.facets.items() if other != name}
                without = replace(question, facets=others, counting=(name,))
                counts |= (await self._answer(session, without, None, 0)).counts
            return replace(found, counts=counts)

    async def close(self) -> None:
        """What is left to close is the pool, which is not ours."""

    async def _answer(
        self, session: ReadSession, question: Question, after: Place | None, limit: int
    ) -> Answer:
        wanted = queries.wanted_of(question)
        if wanted is None:
            found = await session.fetch(f"SELECT made_as FROM {COPIES} WHERE is_live")
            _expect(found[0][0] if found else None)
            return Answer(hits=(), total=0, counts=dict.fromkeys(question.counting, ()))
        mistaken: Mistaken = {}
        if (statement := queries.names_nearby(wanted, most=_MOST_NEARBY)) is not None:
            sql, values = statement
            rows = await session.fetch(sql, *values)
            mistaken = queries.mistaken_of(wanted, [row["names"] for row in rows])
        ask = _Asking(session, question, wanted, mistaken, after, limit, self._most)
        return await ask.answer()

    async def _write(self, copy: int, rows: Sequence[dict[str, Any]]) -> set[UUID]:
        async with self._writing() as session:
            await _lock(session, copy)
            found = await session.fetch(_WRITE, copy, json.dumps(rows)) if rows else []
            return {row["id"] for row in found}

    @asynccontextmanager
    async def _reading(self) -> AsyncGenerator[ReadSession]:
        async with _told(), self._pool.reading() as session:
            await session.put(self._settings)
            yield session

    @asynccontextmanager
    async def _writing(self) -> AsyncGenerator[Session]:
        async with _told(), self._pool.writing() as session:
            yield session


class _Asking:
    """One question, asked of the documents that answer, or of the newest of them."""

    def __init__(
        self,
        session: ReadSession,
        question: Question,
        wanted: Wanted,
        mistaken: Mistaken,
        after: Place | None,
        limit: int,
        most: int,
    ) -> None:
        self._session, self._question, self._wanted, self._mistaken = session, question, wanted, mistaken
        self._after, self._limit, self._most = after, limit, most

    async def answer(self) -> Answer:
        if not self._wanted.terms and not self._wanted.facets:
            return self._read(await self._newest(None))
        row = await self._ask(f"LIMIT {self._most + 1}", since=None)
        return self._read(row if row["total"] <= self._most else await self._among_many())

    async def _among_many(self) -> Any:
        """The newest of so many that answer: those of the newest documents, of more and more of them."""
        window = self._most * _FIRST_WINDOW
        while True:
            since = await self._at_place(window)
            row = await self._newest(since)
            if since is None or row["total"] == self._most:
                return row
            share = self._most / max(1, row["total"])
            window = round(window * min(_MOST_WIDER, share * _WIDER))

    async def _newest(self, since: datetime | None) -> Any:
        return await self._ask(f"ORDER BY at DESC, id DESC LIMIT {self._most}", since=since)

    async def _at_place(self, number: int) -> datetime | None:
        """Since when there have been so many documents; None if there are not."""
        values = Values()
        where = queries.newest(self._wanted, self._question, values)
        sql = f"""
            SELECT at FROM {DOCUMENTS} WHERE {where} ORDER BY at DESC OFFSET {number} LIMIT 1
        """
        found = await self._fetch(sql, values)
        at: datetime | None = found[0][0] if found else None
        return at

    async def _fetch(self, sql: str, values: Values) -> list[Any]:
        sent, used = values.sent(sql)
        return await self._session.fetch(sent, *used)

    async def _ask(self, end: str, *, since: datetime | None) -> Any:
        values = Values()
        question = self._question if since is None else replace(self._question, since=since)
        inner = queries.matching(question, self._wanted, self._mistaken, values)
        sql = _FOUND.format(
            matched=f"SELECT * FROM ({inner} OFFSET 0) AS fitting WHERE fit IS NOT NULL {end}",
            copies=COPIES,
            most=self._most,
            after=queries.after(self._after, values),
            limit=values.add(self._limit, "bigint"),
            counting=values.add(list(self._wanted.counting), "text[]"),
        )
        [row] = await self._fetch(sql, values)
        _expect(row["made_as"])
        return row

    def _read(self, row: Any) -> Answer:
        pages = (row["ids"] or (), row["versions"] or (), row["ats"] or (), row["fits"] or ())
        hits = tuple(Hit(Place(fit, at, one), version) for one, version, at, fit in zip(*pages, strict=True))
        counts: dict[str, list[tuple[str, int]]] = {name: [] for name in self._question.counting}
        held: Sequence[str] = row["held"] or ()
        for both, number in zip(held, row["numbers"] or (), strict=True):
            name, _, value = both.partition(BETWEEN)
            counts[name].append((value, number))
        for numbers in counts.values():
            numbers.sort(key=lambda one: (-one[1], one[0]))
        return Answer(
            hits=hits,
            total=min(row["total"], self._most),
            counts={name: tuple(numbers[:MOST_VALUES]) for name, numbers in counts.items()},
        )


@asynccontextmanager
async def _told() -> AsyncGenerator[None]:
    """Say of what went wrong whether the same may be asked again."""
    try:
        yield
    except _NOT_THERE as error:
        raise IndexWrong(str(error)) from error
    except Exception as error:
        if isinstance(error, asyncpg.QueryCanceledError) or will_pass(error):
            raise IndexAway(type(error).__name__) from error
        raise


async def _lock(session: Session, copy: int) -> None:
    """Keep a copy from being dropped until the transaction ends. Raises IndexWrong."""
    found = await session.fetch(f"SELECT made_as FROM {COPIES} WHERE copy = $1 FOR KEY SHARE", copy)
    _expect(found[0][0] if found else None)


async def _delete_some(session: Session, copy: int, first: UUID) -> UUID | None:
    """Delete documents in the order of their ids; returns the last one's, if there may be more."""
    some = f"SELECT id FROM {DOCUMENTS} WHERE copy = $1 AND id >= $2 ORDER BY id LIMIT $3"
    # By their keys: of a copy that is nearly all that there is PostgreSQL would rather look at each row.
    delete = f"DELETE FROM {DOCUMENTS} WHERE copy = $1 AND id = ANY ($2::uuid[])"
    ids = [row["id"] for row in await session.fetch(some, copy, first, _DROPPED_AT_ONCE)]
    await session.fetch(delete, copy, ids)
    return ids[-1] if len(ids) == _DROPPED_AT_ONCE else None


async def _expect_copy(session: ReadSession, copy: int) -> None:
    found = await session.fetch(f"SELECT made_as FROM {COPIES} WHERE copy = $1", copy)
    _expect(found[0][0] if found else None)


def _expect(made_as: str | None) -> None:
    if made_as is None:
        raise IndexWrong("there is no such copy of the index, or none that is looked into")
    if made_as != lexemes.MADE_AS:
        raise IndexWrong(f"the copy was made as {made_as}, and not as {lexemes.MADE_AS}")


def _row(change: Change) -> dict[str, Any]:
    """What is written for a change; of one that is there no more only that."""
    row: dict[str, Any] = {"id": str(change.id), "version": change.version}
    if not isinstance(change, Document):
        return row | {"names": "", "facets": [], "lexemes": []}
    names = sorted(f"{queries.LETTERS[name.kind]}:{name.key}" for name in change.names)
    return row | {
        "owner": change.owner,
        "at": change.at.isoformat(),
        "names": "".join(f";{name}" for name in names) + ";",
        "facets": sorted(
            f"{name}{BETWEEN}{value}" for name, values in change.facets.items() for value in values
        ),
        "lexemes": lexemes.of_document(change),
        **{name: words_in(text) or None for name, text in change.texts.items()},
    }


def _outcome(one: UUID, taken: set[UUID], refused: dict[UUID, str]) -> Written:
    if (why := refused.get(one)) is not None:
        return Written(one, Outcome.REFUSED, why)
    return Written(one, Outcome.TAKEN if one in taken else Outcome.OLDER)
