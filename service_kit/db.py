"""Database sessions: one request or one message is one transaction, committed at the edge.

Two session types, so that the type checker refuses a write through a read. Both are what SQLAlchemy calls an
AsyncSession; services flush and never commit.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Protocol, TypeVar, TypeVarTuple

import asyncpg
from sqlalchemy import Select, func, select, text
from sqlalchemy.engine import Result, ScalarResult
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm.interfaces import ORMOption

from service_kit import failpoints, live

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

Session = AsyncSession


class ReadSession(Protocol):
    """A session through which nothing can be written: it takes SELECTs only, in a READ ONLY transaction."""

    async def execute(self, statement: Select[*Ts]) -> Result[*Ts]: ...
    async def scalar(self, statement: Select[T]) -> T | None: ...
    async def scalars(self, statement: Select[T]) -> ScalarResult[T]: ...
    async def get(
        self, entity: type[T], ident: Any, *, options: list[ORMOption] | None = None
    ) -> T | None: ...


def async_url(url: str) -> str:
    """`postgresql://…` as SQLAlchemy wants it for asyncpg."""
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


class Database:
    """The connection pool of one process."""

    def __init__(self, url: str, *, hints: type[live.LiveHintColumns], pool_size: int = 10) -> None:
        """`hints` is the service's table of live hints, which `writing` fills just before it commits."""
        self.url = url
        self._hints = hints
        self.engine: AsyncEngine = create_async_engine(
            async_url(url),
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=5,
            pool_pre_ping=False,
            connect_args={
                "timeout": 5,
                "command_timeout": 30,
                # A prepared statement turns to a generic plan at its sixth call; with LIKE patterns and skewed
                # states that plan can be hundreds of times slower.
                "server_settings": {"plan_cache_mode": "force_custom_plan", "timezone": "UTC"},
            },
        )

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[Session]:
        """One transaction: committed when the block ends well, rolled back when it raises."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            yield session
            await live.flush(session, self._hints)
            failpoints.reach(failpoints.Point.COMMITTING)
            await session.commit()
        failpoints.reach(failpoints.Point.COMMITTED)

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[ReadSession]:
        """One READ ONLY transaction on one snapshot."""
        async with (
            self.engine.connect() as connection,
            AsyncSession(await _read_only(connection), expire_on_commit=False) as session,
        ):
            yield session

    async def check(self) -> None:
        """Raise whatever the driver raises if PostgreSQL cannot be reached (for /readyz)."""
        async with self.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        await self.engine.dispose()


async def _read_only(connection: AsyncConnection) -> AsyncConnection:
    return await connection.execution_options(postgresql_readonly=True)


async def database_now(session: ReadSession) -> datetime:
    """The instant at which this transaction began, by the database's clock.

    Every instant that is stored comes from here, so that the clocks of the processes' hosts do not matter.
    """
    now = await session.scalar(select(func.transaction_timestamp()))
    assert now is not None  # noqa: S101 - a SELECT without FROM has one row
    return now


def is_database_away(error: BaseException) -> bool:
    """Whether `error` says that PostgreSQL could not be reached or went away, rather than that we erred."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or isinstance(error.orig, _AWAY) or _is_shutdown(error.orig)
    return isinstance(error, (*_AWAY, PoolTimeout)) or _is_shutdown(error)


_AWAY = (ConnectionError, TimeoutError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError)


def _is_shutdown(error: object) -> bool:
    # Class 57P: admin_shutdown, crash_shutdown, cannot_connect_now; 53300: too_many_connections.
    state = str(getattr(error, "sqlstate", "") or "")
    return state.startswith(("57P0", "08")) or state == "53300"
