"""Learning anew once a day, where something was imported since."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from bpa_service.vehicles.importing.queries import last_change
from bpa_service.vehicles.learning.counting import counted
from bpa_service.vehicles.learning.models import LearnedVins
from bpa_service.vehicles.learning.packing import packed
from bpa_service.vehicles.store.analytics import Analytics, EngineAway, EngineRefused
from service_kit import locks
from service_kit.db import Database, ReadSession, database_now, is_database_away
from shared_schemas.vin.learned import learn_counted

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(days=1)
LOOKED_EVERY: Final = timedelta(minutes=10)
_LOCK: Final = "vins learned"
_ONE: Final = 1


async def learn_daily(database: Database, engine: Analytics) -> None:
    """Learn whenever it is due, until cancelled. While the engine is away what was learned before holds."""
    while True:
        try:
            await learn_if_due(database, engine)
        except (EngineAway, EngineRefused) as error:
            log.warning("vins_not_learned", error=repr(error))
        except Exception as error:
            if is_database_away(error):
                log.warning("vins_not_learned", error=repr(error))
            else:
                log.exception("learning_failed")
        await asyncio.sleep(LOOKED_EVERY.total_seconds())


async def learn_if_due(database: Database, engine: Analytics) -> bool:
    """Learn if EVERY has passed since and imports have changed something; returns whether it did.

    Of several workers one does. The new rules are there all at once, when all are counted. Raises `EngineAway` or
    `EngineRefused`; then nothing has changed.
    """
    async with database.pool.guard() as guard:
        if not await locks.hold_for_connection_if_free(guard, _LOCK):
            return False
        async with database.reading() as session:
            if not await _is_due(session):
                return False
            began_at = await database_now(session)  # what is imported meanwhile may not be counted
        learned = learn_counted(*await counted(engine))
        values = {"learned_at": began_at, "count": len(learned.rules), "rules": packed(learned)}
        async with database.writing() as session:
            statement = insert(LearnedVins).values(id=_ONE, **values)
            await session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))
    log.info("vins_learned", rules=len(learned.rules))
    return True


async def _is_due(session: ReadSession) -> bool:
    changed_at = await last_change(session)
    if changed_at is None:
        return False
    learned_at: datetime | None = await session.scalar(select(LearnedVins.learned_at))
    if learned_at is None:
        return True
    return learned_at < changed_at and await database_now(session) - learned_at >= EVERY
