"""Database sessions: one request or one message is one transaction, committed at the edge.

Two session types, so that the type checker refuses a write through a read. Both are what SQLAlchemy calls an
AsyncSession; services flush and never commit.

A transaction works for somebody: its *scope* is put in force as settings of the transaction, and row level
security shows it the rows of that scope and no others. Nobody sees nothing.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, Protocol, TypeVar, TypeVarTuple

import asyncpg
from sqlalchemy import Select, event, text
from sqlalchemy.engine import ExceptionContext, Result, ScalarResult
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm.interfaces import ORMOption

from service_kit import audit, direct, failpoints, live

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

Session = AsyncSession
Params = Mapping[str, Any] | None

# Shorter than the time limit of a request (`http.app`): what that cuts off tells nothing about the connection.
STATEMENT_TIMEOUT: Final = 15.0


class ReadSession(Protocol):
    """A session through which nothing can be written: it takes SELECTs only, in a READ ONLY transaction."""

    async def execute(self, statement: Select[*Ts], params: Params = None) -> Result[*Ts]: ...
    async def scalar(self, statement: Select[T], params: Params = None) -> T | None: ...
    async def scalars(self, statement: Select[T], params: Params = None) -> ScalarResult[T]: ...
    async def get(
        self, entity: type[T], ident: Any, *, options: list[ORMOption] | None = None
    ) -> T | None: ...
    @property
    def info(self) -> dict[Any, Any]: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom a transaction works, in the settings (`app.…`) that the policies of the tables read."""

    settings: tuple[tuple[str, str], ...]


NOBODY: Final = Scope(())
"""A request before it is known who sent it."""

SYSTEM: Final = Scope((("app.scope", "system"),))
"""The service itself: what it takes in, sends out and tidies up is everybody's."""

_BEGAN_AT: Final = "began_at"
# A prepared statement turns to a generic plan at its sixth call; with LIKE patterns and skewed states that plan
# can be hundreds of times slower. But whoever writes finds rows by their keys, for which one plan is as good as
# the next, and would plan anew through every wall: there PostgreSQL may choose.
_PLANNING: Final = """
set_config('plan_cache_mode',
    CASE current_setting('transaction_read_only') WHEN 'on' THEN 'force_custom_plan' ELSE 'auto' END, true)
"""
_ABOVE_THE_WALLS: Final = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"


class WallsDown(Exception):
    """This process connects as a role that row level security does not hold for."""


def async_url(url: str) -> str:
    """`postgresql://…` as SQLAlchemy wants it for asyncpg."""
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


class Database:
    """The connection pool of one process."""

    def __init__(
        self,
        url: str,
        *,
        audit_log: type[audit.AuditColumns],
        hints: type[live.LiveHintColumns],
        pool_size: int = 10,
        patience: float = STATEMENT_TIMEOUT,
    ) -> None:
        """`audit_log` and `hints` are the service's audit log and live hints, filled just before the commit.

        A statement without an answer for `patience` seconds says that nobody is at the other end.
        """
        self.url = url
        self._audit_log = audit_log
        self._hints = hints
        self.engine: AsyncEngine = create_async_engine(
            async_url(url),
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=15,  # a burst waits for its turn; a request has 30 s
            pool_pre_ping=False,
            hide_parameters=True,  # an error that quotes them would carry contacts and texts into the logs
            connect_args={
                "timeout": 5,
                "command_timeout": patience,
                # A host that vanished must not keep its locks, the relay's above all, until TCP gives up in two
                # hours: the server asks after 10 s of silence, and ends the session after 15 s without an answer.
                "server_settings": {
                    "plan_cache_mode": "force_custom_plan",  # see _PLANNING
                    "timezone": "UTC",
                    "tcp_keepalives_idle": "10",
                    "tcp_keepalives_interval": "5",
                    "tcp_keepalives_count": "3",
                },
            },
        )
        event.listen(self.engine.sync_engine, "handle_error", _give_up_the_pool)
        self._reading: AsyncEngine = self.engine.execution_options(postgresql_readonly=True)

    @asynccontextmanager
    async def writing(self, scope: Scope = SYSTEM) -> AsyncGenerator[Session]:
        """One transaction: committed when the block ends well, rolled back when it raises."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            if scope.settings:
                await enter(session, scope)
            yield session
            await self._say_last_words(session)
            failpoints.reach(failpoints.Point.COMMITTING)
            await session.commit()
        failpoints.reach(failpoints.Point.COMMITTED)

    async def _say_last_words(self, session: Session) -> None:
        """Write what is written under locks that all transactions share, and so is held for a commit only.

        Nothing else may be left to write, which could wait for a row that another transaction holds; and every
        transaction takes these locks in the same order.
        """
        await session.flush()
        await audit.flush(session, self._audit_log)
        await live.flush(session, self._hints)

    @asynccontextmanager
    async def reading(self, scope: Scope = SYSTEM) -> AsyncGenerator[ReadSession]:
        """One READ ONLY transaction."""
        async with AsyncSession(self._reading, expire_on_commit=False) as session:
            if scope.settings:
                await enter(session, scope)
            yield session

    async def check(self) -> None:
        """Raise whatever the driver raises if PostgreSQL cannot be reached, and WallsDown (for /readyz)."""
        async with self.engine.connect() as connection:
            if await connection.scalar(text(_ABOVE_THE_WALLS)):
                raise WallsDown

    async def close(self) -> None:
        await self.engine.dispose()


def _give_up_the_pool(context: ExceptionContext) -> None:
    """After a time-out no connection of the pool is used again, or each of them would have to time out first."""
    if isinstance(context.original_exception, TimeoutError):
        context.is_disconnect = context.invalidate_pool_on_disconnect = True


async def enter(session: ReadSession, scope: Scope) -> datetime:
    """Let the transaction work for `scope` from now on; returns when it began (see `database_now`).

    What an earlier scope had set and this one does not mention stays: scopes of one service name the same
    settings, or a part of them.
    """
    sql, values = _entering(tuple(name for name, _ in scope.settings)), [value for _, value in scope.settings]
    if _BEGAN_AT in session.info:
        await direct.fetch(session, sql, *values)
    else:
        rows = await direct.begin(session, sql, *values)
        session.info[_BEGAN_AT] = rows[0][0]
    began_at: datetime = session.info[_BEGAN_AT]
    return began_at


@cache
def _entering(names: tuple[str, ...]) -> str:
    settings = (f"set_config('{name}', ${place}, true)" for place, name in enumerate(names, start=1))
    return f"SELECT {', '.join(('transaction_timestamp()', _PLANNING, *settings))}"


async def database_now(session: ReadSession) -> datetime:
    """The instant at which this transaction began, by the database's clock.

    Every instant that is stored comes from here, so that the clocks of the processes' hosts do not matter.
    Costs a round trip only in a transaction that has entered no scope.
    """
    began_at: datetime | None = session.info.get(_BEGAN_AT)
    return began_at or await enter(session, NOBODY)


def is_database_away(error: BaseException) -> bool:
    """Whether `error` says that PostgreSQL could not be reached or went away, rather than that we erred."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or isinstance(error.orig, _AWAY) or _is_shutdown(error.orig)
    return isinstance(error, (*_AWAY, PoolTimeout)) or _is_shutdown(error)


def will_pass(error: BaseException) -> bool:
    """Whether the same transaction, tried again, may well succeed: the database was away, or chose a victim."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    # 40P01: deadlock_detected, 40001: serialization_failure. All was rolled back.
    return is_database_away(error) or getattr(cause, "sqlstate", None) in ("40P01", "40001")


_AWAY = (ConnectionError, TimeoutError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError)


def _is_shutdown(error: object) -> bool:
    # Class 57P: admin_shutdown, crash_shutdown, cannot_connect_now; 53300: too_many_connections.
    state = str(getattr(error, "sqlstate", "") or "")
    return state.startswith(("57P0", "08")) or state == "53300"
