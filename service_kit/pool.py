"""The connections of one process to its database, and transactions on them that work for nobody (see `db`)."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, cast

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from service_kit.session import LOST, ReadSession, Session, SnapshotSession

# Shorter than the time limit of a request (`http.app`): what that cuts off tells nothing about the connection.
STATEMENT_TIMEOUT: Final = 15.0
CONNECT_TIMEOUT: Final = 5.0
CHECKOUT_TIMEOUT: Final = 15.0  # a burst waits for its turn; a request has 30 s
CHECKIN_TIMEOUT: Final = 5.0
# More than a process has. The joined ones (`writes`) are many, and what was forgotten is parsed anew.
STATEMENTS_KEPT: Final = 500
SPARE_FOR: Final = 60.0  # a burst opens many, each of which is a process of the server


class Pool:
    """Nothing connects before it is used."""

    def __init__(
        self,
        url: str,
        *,
        size: int = 20,
        patience: float = STATEMENT_TIMEOUT,
        sandbox: bool = False,
    ) -> None:
        """A statement without an answer for `patience` seconds says that nobody is at the other end.

        `sandbox`: it is the database of an installation for trying.
        """
        self.url = url
        self.sandbox = sandbox
        self._size = size
        self._patience = patience
        self._pool: asyncpg.Pool | None = None

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[Session]:
        """One transaction: committed when the block ends well, rolled back when it raises."""
        session = Session(self)
        try:
            yield session
            await session.commit()
        finally:
            await session.close()

    @asynccontextmanager
    async def reading(self, *, snapshot: bool = False) -> AsyncGenerator[ReadSession]:
        """One READ ONLY transaction; as a `snapshot` all its statements see the same instant."""
        session = SnapshotSession(self) if snapshot else ReadSession(self)
        try:
            yield session
        finally:
            await session.close()

    @asynccontextmanager
    async def statements(self) -> AsyncGenerator[Session]:
        """Statements on one connection, each a transaction of its own."""
        session = Session(self, in_transaction=False)
        try:
            yield session
        finally:
            await session.close()

    @asynccontextmanager
    async def guard(self) -> AsyncGenerator[Session]:
        """The same on a connection that is closed at the end, whatever state it is in: so go its locks."""
        session = Session(self, in_transaction=False)
        try:
            yield session
        finally:
            await session.close(for_good=True)

    async def close(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            try:
                async with asyncio.timeout(CHECKIN_TIMEOUT):
                    await pool.close()
            except TimeoutError:
                pool.terminate()

    async def checkout(self) -> PoolConnectionProxy:
        if self._pool is None:
            # A host that vanished must not keep its locks, the relay's above all, until TCP gives up in two
            # hours: the server asks after 10 s of silence, and ends the session after 15 s without an answer.
            self._pool = asyncpg.create_pool(
                self.url,
                min_size=0,
                max_size=self._size,
                max_inactive_connection_lifetime=SPARE_FOR,
                timeout=CONNECT_TIMEOUT,
                command_timeout=self._patience,
                statement_cache_size=STATEMENTS_KEPT,
                init=cast("Any", _set_up),  # the stubs name the class behind the proxy that is given
                reset=cast("Any", _leave_as_it_is),
                server_settings={
                    # A prepared statement turns to a generic plan at its sixth call; with LIKE patterns and
                    # skewed states that plan can be hundreds of times slower.
                    "plan_cache_mode": "force_custom_plan",
                    "standard_conforming_strings": "on",
                    "timezone": "UTC",
                    "tcp_keepalives_idle": "10",
                    "tcp_keepalives_interval": "5",
                    "tcp_keepalives_count": "3",
                },
            )
            await self._pool
        return await self._pool.acquire(timeout=CHECKOUT_TIMEOUT)

    async def checkin(self, connection: PoolConnectionProxy, *, is_silent: bool, for_good: bool) -> None:
        pool = self._pool
        if is_silent and pool is not None:
            # No connection of the pool is used again, or each of them would have to time out first.
            await pool.expire_connections()
        with suppress(*LOST):  # one that has ended has left the pool by itself
            if is_silent or for_good:
                connection.terminate()
        with suppress(*LOST):
            if pool is not None:
                await pool.release(connection, timeout=CHECKIN_TIMEOUT)


async def _set_up(connection: PoolConnectionProxy) -> None:
    # SQLAlchemy's types make the text of what goes in.
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=str, decoder=json.loads)


async def _leave_as_it_is(_connection: PoolConnectionProxy) -> None:
    """Whatever we set is a setting of a transaction: nothing is left behind, and nothing is asked for that."""
