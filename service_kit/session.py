"""A session: one transaction on one connection of asyncpg, begun with its first statement.

It takes SQLAlchemy's statements, which are compiled once (`compiled`), and keeps the objects of the rows that it
read (`objects`). What was changed on them, and what was said to be written some time (`Session.hold`), is written
before the next statement and before the commit, in few statements (`writes`).
"""

from collections.abc import AsyncGenerator, Generator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime
from functools import cache
from typing import Any, Final, Protocol, TypeVar, TypeVarTuple, cast, overload

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from sqlalchemy import Column, Executable, Select, bindparam, inspect, select
from sqlalchemy.engine import IteratorResult, Result, ScalarResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Mapper
from sqlalchemy.sql.selectable import TypedReturnsRows

from service_kit.compiled import Plan, Record, Value, prepared
from service_kit.objects import Objects, RowGone
from service_kit.writes import Batch, Write, batches

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
Params = Mapping[str, Any] | None
Settings = tuple[tuple[str, str], ...]
ONE_PLAN: Final[Settings] = (("plan_cache_mode", "force_generic_plan"),)
"""For `put`, before a statement of many tables that has the same good plan for all its values."""
STREAMED_AT_ONCE: Final = 200
LOST: Final = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a server's last words came when nothing had been asked
)
"""What the driver says where a connection has ended."""


class Connections(Protocol):
    """Where a session has its connection from; `sandbox`: it is of an installation for trying."""

    sandbox: bool

    async def checkout(self) -> PoolConnectionProxy: ...

    async def checkin(self, connection: PoolConnectionProxy, *, is_silent: bool, for_good: bool) -> None:
        """`is_silent`: a statement had no answer in time, so that nothing is known of the other end.

        `for_good`: close the connection in any case. Raises nothing: what was done on it is done.
        """
        ...


class ReadSession:
    """A session through which nothing can be written: it takes SELECTs only, in a READ ONLY transaction."""

    BEGIN = "BEGIN READ ONLY"
    SETTINGS: Settings = ()

    def __init__(self, connections: Connections, *, in_transaction: bool = True) -> None:
        """Without a transaction each statement is one of its own."""
        self.info: dict[str, Any] = {}
        self.began_at: datetime | None = None
        self._connections = connections
        self._in_transaction = in_transaction
        self._connection: PoolConnectionProxy | None = None
        self._is_open = False
        self._streams = 0
        self._is_silent = False
        self._objects = Objects()

    @property
    def sandbox(self) -> bool:
        """Whether this is an installation for trying: what is ordered in it is a test, whoever orders it."""
        return self._connections.sandbox

    async def put(self, settings: Settings) -> None:
        """Let settings of PostgreSQL (`app.…`) have these values until the transaction ends.

        Where it has not begun yet, this begins it in the same round trip.
        """
        if self._connection is None:
            await self._begun(settings)
        elif settings:
            await self._send(_setting(settings))

    async def fetch(self, sql: str, *values: Any) -> list[Record]:
        """The rows of a statement in which `$1`, `$2` … stand for `values`; JSON goes in as text.

        It does not see what is changed on objects and not written yet.
        """
        connection = await self._begun()
        with self._listening():
            return await connection.fetch(sql, *values)

    async def fetch_within(self, seconds: float, sql: str, *values: Any) -> list[Record] | None:
        """The rows of a statement that reads; None if it takes longer. The transaction goes on in any case."""
        most = max(1, round(seconds * 1000))  # 0 would be without end
        limit = _setting((("statement_timeout", str(most)),))
        await self._send(f"SAVEPOINT within; {limit}")
        try:
            found = await self.fetch(sql, *values)
        except asyncpg.QueryCanceledError:
            found = None
        # So the limit is taken back, too.
        await self._send("ROLLBACK TO within; RELEASE within")
        return found

    async def execute(self, statement: Select[*Ts], params: Params = None) -> Result[*Ts]:
        found: Result[*Ts] = self._result(*await self._run(statement, params))
        return found

    async def scalars(self, statement: Select[T], params: Params = None) -> ScalarResult[T]:
        """The first column of each row."""
        return self._result(*await self._run(statement, params)).scalars()

    async def scalar(self, statement: Select[T], params: Params = None) -> T | None:
        """The first column of the first row, or None."""
        plan, records = await self._run(statement, params)
        found: T | None = _first(plan, records[0], self._objects) if records else None
        return found

    async def get(self, entity: type[T], key: Any, *, lock: bool = False) -> T | None:
        """The object with this primary key. With `lock` no one else changes its row before we have ended.

        What was read before is given again, but with `lock` as it is now.
        """
        parts = cast("tuple[Any, ...]", key if isinstance(key, tuple) else (key,))
        found = None if lock else self._objects.known(entity, parts)
        if found is None:
            params = {f"key_{place}": part for place, part in enumerate(parts)}
            plan, records = await self._run(_by_key(entity, lock), params)
            found = _first(plan, records[0], self._objects) if records else None
        return found

    async def get_one(self, entity: type[T], key: Any, *, lock: bool = False) -> T:
        """The same where there is one. Raises NoResultFound."""
        found = await self.get(entity, key, lock=lock)
        if found is None:
            raise NoResultFound(f"no {entity.__name__} with this key")
        return found

    async def stream(self, statement: Select[T]) -> AsyncGenerator[T]:
        """The first column of each row, of which only a few at a time are in memory. Objects are not kept."""
        plan, sql, values = prepared(statement)
        self._streams += 1
        name = f"stream_{self._streams}"
        await self.fetch(f"DECLARE {name} NO SCROLL CURSOR FOR {sql}", *values)
        while records := await self.fetch(f"FETCH {STREAMED_AT_ONCE} FROM {name}"):
            for record in records:
                yield _first(plan, record, Objects())
        await self._send(f"CLOSE {name}")

    async def close(self, *, for_good: bool = False) -> None:
        """End without a commit, unless there was one. `for_good` closes the connection, too."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if self._is_open and not self._is_silent and not connection.is_closed():
                await connection.execute("ROLLBACK")
        except LOST:
            pass  # the connection is gone, and all that was written on it
        finally:
            await self._connections.checkin(connection, is_silent=self._is_silent, for_good=for_good)

    @contextmanager
    def _listening(self) -> Generator[None]:
        """Note that an answer did not come in time."""
        try:
            yield
        except TimeoutError:
            self._is_silent = True
            raise

    async def _begun(self, settings: Settings = ()) -> PoolConnectionProxy:
        if self._connection is None:
            self._connection = await self._connections.checkout()
            if self._in_transaction:
                self._is_open = True
                settings = (*self.SETTINGS, *settings)
                await self._send(f"{self.BEGIN}; {_setting(settings)}" if settings else self.BEGIN)
        return self._connection

    async def _send(self, sql: str) -> None:
        """Send statements without parameters, of which no rows come back."""
        connection = await self._begun()
        with self._listening():
            await connection.execute(sql)

    async def _run(self, statement: Executable, params: Params) -> tuple[Plan, list[Record]]:
        plan, sql, values = prepared(statement, params)
        return plan, await self.fetch(sql, *values)

    def _row(self, plan: Plan, record: Record) -> tuple[Any, ...]:
        if plan.columns is None:
            return tuple(record.values())
        objects = self._objects
        return tuple(
            column.of(record) if isinstance(column, Value) else objects.of(column, record)
            for column in plan.columns
        )

    def _result(self, plan: Plan, records: Sequence[Record]) -> Any:
        keys = plan.keys or (tuple(records[0].keys()) if records else ())
        rows = iter([self._row(plan, record) for record in records])
        return cast("Any", IteratorResult(SimpleResultMetaData(keys), rows))


class SnapshotSession(ReadSession):
    """A session that reads only, and sees one instant of the database, whatever it asks."""

    BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class Session(ReadSession):
    """A session that writes. Whoever opened it commits; services do not."""

    BEGIN = "BEGIN"
    # Who writes finds rows by their keys, for which one plan is as good as the next, and would plan every policy
    # anew. So PostgreSQL may choose, as it may not for those who read (`pool`).
    SETTINGS = (("plan_cache_mode", "auto"),)

    def __init__(self, connections: Connections, *, in_transaction: bool = True) -> None:
        super().__init__(connections, in_transaction=in_transaction)
        self._held: list[Write] = []
        self._savepoints = 0

    @overload
    async def execute(self, statement: TypedReturnsRows[*Ts], params: Params = None) -> Result[*Ts]: ...
    @overload
    async def execute(
        self, statement: Executable, params: Params | Sequence[Mapping[str, Any]] = None
    ) -> Result[Any]: ...
    async def execute(
        self, statement: Executable, params: Params | Sequence[Mapping[str, Any]] = None
    ) -> Any:
        """With a sequence of parameters the statement is sent once for each of them, and nothing comes back."""
        if params is None or isinstance(params, Mapping):
            return self._result(*await self._run(statement, params))
        await self.flush()
        sent = [prepared(statement, one, is_one_of_many=True) for one in params]
        connection = await self._begun()
        with self._listening():
            await connection.executemany(sent[0][1], [values for _, _, values in sent])
        return self._result(sent[0][0], [])

    async def scalars(self, statement: TypedReturnsRows[T], params: Params = None) -> ScalarResult[T]:
        return self._result(*await self._run(statement, params)).scalars()

    async def scalar(self, statement: TypedReturnsRows[T], params: Params = None) -> T | None:
        plan, records = await self._run(statement, params)
        found: T | None = _first(plan, records[0], self._objects) if records else None
        return found

    async def stream(self, statement: Select[T]) -> AsyncGenerator[T]:
        await self.flush()
        async for one in super().stream(statement):
            yield one

    def add(self, one: object) -> None:
        """Have a new row written for the object."""
        self._objects.add(one)

    def add_all(self, many: Iterable[object]) -> None:
        for one in many:
            self.add(one)

    def delete(self, one: object) -> None:
        """Have the row of the object deleted."""
        self._objects.delete(one)

    def hold(self, *writes: Write) -> None:
        """Have it written with what comes, at the latest before the commit. `fetch` does not see it before."""
        self._held += writes

    async def flush(self) -> None:
        """Write what was changed on objects, and what is held.

        Raises RowGone where somebody else deleted the row of an object meanwhile.
        """
        if self._held or self._objects.has_changes():
            held, self._held = self._held, []
            await self._write((*self._objects.changes().writes(), *held))

    async def flush_objects(self) -> None:
        """Write what was changed on objects, for what the database gives them."""
        await self._write(self._objects.changes().writes())

    async def _write(self, writes: Iterable[Write]) -> None:
        for batch in batches(writes):
            await self._write_batch(batch)

    async def _write_batch(self, batch: Batch) -> None:
        sql, values = batch.statement()
        records = await self.fetch(sql, *values)
        [first, *others] = batch.writes
        for write, count in zip(batch.writes, records[0] if others else [len(records)], strict=True):
            if count < len(write.objects):
                raise RowGone(f"{write.objects[0].__class__.__name__} has no such row")
        if first.gives:
            self._objects.given(first, records)

    @asynccontextmanager
    async def savepoint(self) -> AsyncGenerator[None]:
        """When the block raises, what was written in it is undone, on its objects too."""
        await self.flush()
        memory = self._objects.remember()
        self._savepoints += 1
        name = f"savepoint_{self._savepoints}"
        await self._send(f"SAVEPOINT {name}")
        try:
            yield
            await self.flush()
        except BaseException:
            # Where the connection is gone, all is gone with it.
            with suppress(*LOST):
                await self._send(f"ROLLBACK TO {name}")
            self._held = []
            self._objects.come_back_to(memory)
            raise
        await self._send(f"RELEASE {name}")

    async def commit(self) -> None:
        await self.flush()
        if self._is_open:
            await self._send("COMMIT")
            self._is_open = False

    async def _run(self, statement: Executable, params: Params) -> tuple[Plan, list[Record]]:
        await self.flush()
        return await super()._run(statement, params)


def _setting(settings: Settings) -> str:
    # As literals, because a statement with parameters cannot be sent together with BEGIN.
    put = (f"set_config({_literal(name)}, {_literal(value)}, true)" for name, value in settings)
    return f"SELECT {', '.join(put)}"


def _literal(text: str) -> str:
    """`standard_conforming_strings` is on (`pool`): nothing in it but the quote has a meaning."""
    return "'" + text.replace("'", "''") + "'"


@cache
def _by_key(entity: type[Any], lock: bool) -> Select[Any]:
    mapper: Mapper[Any] = inspect(entity)
    columns = enumerate(cast("tuple[Column[Any], ...]", mapper.primary_key))
    statement = select(entity).where(*(column == bindparam(f"key_{place}") for place, column in columns))
    return statement.with_for_update() if lock else statement


def _first(plan: Plan, record: Record, objects: Objects) -> Any:
    if plan.columns is None:
        return record[0]
    first = plan.columns[0]
    return first.of(record) if isinstance(first, Value) else objects.of(first, record)
