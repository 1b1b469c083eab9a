"""Advisory locks: what only one transaction at a time may do, by its name; they end with the transaction."""

from sqlalchemy import ColumnElement, func, select

from service_kit.session import ReadSession


async def hold(session: ReadSession, name: str) -> None:
    """Wait until nobody else holds the lock, neither alone nor shared, and hold it."""
    await session.execute(select(func.pg_advisory_xact_lock(_key(name))))


async def share(session: ReadSession, name: str) -> None:
    """Wait until nobody holds the lock alone, and keep everybody from that; others may share it, too."""
    await session.execute(select(func.pg_advisory_xact_lock_shared(_key(name))))


async def hold_if_free(session: ReadSession, name: str) -> bool:
    """Hold the lock unless somebody else does; whether it is held now."""
    return bool(await session.scalar(select(func.pg_try_advisory_xact_lock(_key(name)))))


async def hold_for_connection_if_free(guard: ReadSession, name: str) -> bool:
    """The same for what waits for others, and so is no transaction: the lock ends with the `pool.guard()`."""
    return bool(await guard.scalar(select(func.pg_try_advisory_lock(_key(name)))))


def _key(name: str) -> ColumnElement[int]:
    return func.hashtextextended(name, 0)
