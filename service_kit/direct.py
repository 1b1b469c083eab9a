"""Statements that nearly every request sends, given to the driver as they are.

SQLAlchemy takes several times as long over a small statement as driver and PostgreSQL do together. So the few
that are in every request go past it, on the connection and in the transaction of the session. All others go
through it.
"""

from typing import Any, Protocol, cast

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncSession


class AnySession(Protocol):
    """A session of ours, one for reading too."""

    @property
    def info(self) -> dict[Any, Any]: ...


async def begin(session: AnySession, sql: str, *values: Any) -> list[Any]:
    """The same as `fetch`, for the first statement of a transaction: SQLAlchemy begins it, and so will end it."""
    connection = await cast("AsyncSession", session).connection()
    return list((await connection.exec_driver_sql(sql, values)).all())


async def fetch(session: AnySession, sql: str, *values: Any) -> list[Any]:
    """The rows of a statement in which `$1`, `$2` … stand for `values`, in a transaction that has begun.

    It does not see what the session has yet to flush. JSON goes in as text.
    """
    connection = await _connection(cast("AsyncSession", session))
    driver: Any = connection.connection.driver_connection
    if not driver.is_in_transaction():
        raise RuntimeError("a statement before its transaction")
    try:
        return await driver.fetch(sql, *values)
    except TimeoutError as error:
        # As SQLAlchemy does after one of its own, see `db`: no connection of the pool is used again.
        pool: Any = connection.engine.pool
        pool._invalidate(connection.connection, error)  # noqa: SLF001
        connection.invalidate(error)
        raise


async def _connection(session: AsyncSession) -> Connection:
    if session.in_nested_transaction():
        await session.connection()  # sends the savepoint, unless it was sent
    return session.sync_session.connection()
