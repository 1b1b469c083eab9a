"""The rules at hand: whoever reads a VIN waits for nothing."""

import asyncio
import time
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import select

from bpa_service.vehicles.learning.models import LearnedVins
from bpa_service.vehicles.learning.packing import unpacked
from service_kit.db import Database, is_database_away
from shared_schemas.vin.learned import Learned

log = structlog.get_logger(__name__)

LOOKED_EVERY: Final = timedelta(minutes=10)


class CurrentRules:
    """A copy of the rules in this process, looked at again every LOOKED_EVERY by whoever asks."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._learned = Learned()
        self.learned_at: datetime | None = None
        """When what `current` gives was learned; None before it was read, and where nothing ever was."""
        self._look_at = 0.0
        self._looking: asyncio.Task[None] | None = None

    def current(self) -> Learned:
        """The rules as this process knows them; none before they were read for the first time."""
        if self._looking is None and time.monotonic() >= self._look_at:
            self._looking = asyncio.create_task(self._look())
        return self._learned

    async def settled(self) -> None:
        """Once what `current` has begun is done."""
        if self._looking is not None:
            await self._looking

    async def close(self) -> None:
        """Look no more."""
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError):
                await self._looking

    async def _look(self) -> None:
        try:
            async with self._database.reading() as session:
                learned_at = await session.scalar(select(LearnedVins.learned_at))
                if learned_at is None or learned_at == self.learned_at:
                    return
                rules = await session.scalar(select(LearnedVins.rules))
            if rules is not None:
                self._learned = await asyncio.to_thread(unpacked, rules)
                self.learned_at = learned_at
        except Exception as error:
            if is_database_away(error):
                log.warning("learned_vins_not_read", error=repr(error))
            else:
                log.exception("learned_vins_unreadable")
        finally:
            self._look_at = time.monotonic() + LOOKED_EVERY.total_seconds()
            self._looking = None
