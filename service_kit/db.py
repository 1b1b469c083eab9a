"""The database of a process: one request or one message is one transaction, committed at the edge.

Two session types, so that the type checker refuses a write through a read. Services flush and never commit.

A transaction works for somebody: its *scope* is put in force as settings of the transaction, and row level
security shows it the rows of that scope and no others. Nobody sees nothing.
"""

import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg

from service_kit import audit, failpoints, live
from service_kit.pool import STATEMENT_TIMEOUT, Pool
from service_kit.session import ReadSession, Session

__all__ = ["Database", "ReadSession", "Scope", "Session", "database_now", "enter"]


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom a transaction works, in the settings (`app.…`) that the policies of the tables read."""

    settings: tuple[tuple[str, str], ...]


NOBODY: Final = Scope(())
"""A request before it is known who sent it."""

SYSTEM: Final = Scope((("app.scope", "system"),))
"""The service itself: what it takes in, sends out and tidies up is everybody's."""

_BYPASSES_RLS: Final = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"


class RlsBypassed(Exception):
    """This process connects as a role that row level security does not hold for."""


def async_url(url: str) -> str:
    """`postgresql://…` as SQLAlchemy wants it for asyncpg, where it is needed: for migrations."""
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


class Database:
    """The connection pool of one process. Nothing connects before it is used."""

    def __init__(
        self,
        url: str,
        *,
        hints: type[live.LiveHintColumns],
        pool_size: int = 20,
        patience: float = STATEMENT_TIMEOUT,
        sandbox: bool = False,
    ) -> None:
        """`hints` is the table of the service's live hints, filled just before the commit.

        A statement without an answer for `patience` seconds says that nobody is at the other end.
        `sandbox`: it is the database of an installation for trying.
        """
        self.pool = Pool(url, size=pool_size, patience=patience, sandbox=sandbox)
        self._hints = hints

    @asynccontextmanager
    async def writing(self, scope: Scope = SYSTEM) -> AsyncGenerator[Session]:
        """One transaction: committed when the block ends well, rolled back when it raises."""
        async with self.pool.writing() as session:
            await enter(session, scope)
            yield session
            await self._write_held_back(session)
            failpoints.reach(failpoints.Point.COMMITTING)
        failpoints.reach(failpoints.Point.COMMITTED)

    @asynccontextmanager
    async def reading(self, scope: Scope = SYSTEM, *, snapshot: bool = False) -> AsyncGenerator[ReadSession]:
        """One READ ONLY transaction; as a `snapshot` all its statements see the same instant."""
        async with self.pool.reading(snapshot=snapshot) as session:
            await enter(session, scope)
            yield session

    async def _write_held_back(self, session: Session) -> None:
        """Write what is written under locks that all transactions share, and so is held for a commit only.

        Nothing else may be left to write, which could wait for a row that another transaction holds; and every
        transaction takes these locks in the same order.
        """
        audit.hold(session)
        live.hold(session, self._hints)
        await session.flush()

    async def check(self) -> None:
        """Raise whatever the driver raises if PostgreSQL cannot be reached, and RlsBypassed (for /readyz)."""
        async with self.pool.statements() as session:
            [[is_above]] = await session.fetch(_BYPASSES_RLS)
        if is_above:
            raise RlsBypassed

    async def close(self) -> None:
        await self.pool.close()


async def enter(session: ReadSession, scope: Scope) -> None:
    """Let the transaction work for `scope` from now on.

    What an earlier scope had set and this one does not mention stays: scopes of one service name the same
    settings, or a part of them.
    """
    if scope.settings:
        await session.put(scope.settings)


@asynccontextmanager
async def as_system(session: ReadSession) -> AsyncGenerator[None]:
    """Within it the transaction works for the service itself, and then for whom it did before.

    What is held is written for whom it works by then: flush what is to be written within.
    """
    [[before]] = await session.fetch("SELECT current_setting('app.scope', true)")
    await enter(session, SYSTEM)
    yield
    await enter(session, Scope((("app.scope", before),)))


async def database_now(session: ReadSession) -> datetime:
    """The instant at which this transaction began, by the database's clock.

    Every instant that is stored comes from here, so that the clocks of the processes' hosts do not matter.
    Costs a round trip, unless a query has brought it along (`began_at`).
    """
    began_at = session.began_at
    if began_at is None:
        [[began_at]] = await session.fetch("SELECT transaction_timestamp()")
        session.began_at = began_at
    return began_at


def is_database_away(error: BaseException) -> bool:
    """Whether `error` says that PostgreSQL could not be reached or went away, rather than that we erred."""
    # Class 57P: admin_shutdown, crash_shutdown, cannot_connect_now; 53300: too_many_connections.
    state = str(getattr(error, "sqlstate", "") or "")
    return isinstance(error, _AWAY) or state.startswith(("57P0", "08")) or state == "53300"


def will_pass(error: BaseException) -> bool:
    """Whether the same transaction, tried again, may well succeed, after all of it was rolled back.

    The database was away, or chose a victim, or a migration changed a table under a statement that was prepared:
    by then the driver has forgotten what it had prepared.
    """
    # 40P01: deadlock_detected, 40001: serialization_failure, 55P03: lock_not_available.
    chosen = getattr(error, "sqlstate", None) in ("40P01", "40001", "55P03")
    return is_database_away(error) or chosen or isinstance(error, asyncpg.InvalidCachedStatementError)


# A name that is not found is a name service that is away, or a wrong address: nobody was reached either way.
_AWAY = (
    ConnectionError,
    TimeoutError,
    socket.gaierror,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
)
