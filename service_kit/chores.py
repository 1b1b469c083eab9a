"""What a worker tidies up now and then. A chore may run in several workers at once and must not mind."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from service_kit.db import Database, Session, database_now, is_database_away

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """`do` is called with a session and the database's time, in a transaction of its own, every so often.

    If it returns True there is more to do, and it is called again at once: so no transaction is a long one.
    """

    name: str
    every: timedelta
    do: Callable[[Session, datetime], Awaitable[bool | None]]


async def perform(database: Database, chore: Chore) -> None:
    """Do the chore until there is no more to do."""
    more: bool | None = True
    while more:
        async with database.writing() as session:
            more = await chore.do(session, await database_now(session))


async def repeat(database: Database, chore: Chore) -> None:
    """Do the chore at once and then again and again, until cancelled. A failure is logged and waits its turn."""
    while True:
        try:
            await perform(database, chore)
        except Exception as error:
            if is_database_away(error):
                log.warning("chore_postponed", chore=chore.name, error=repr(error))
            else:
                log.exception("chore_failed", chore=chore.name)
        await asyncio.sleep(chore.every.total_seconds())
