"""Which aggregates cannot be brought up to date, and when each is tried again: one never holds up the others."""

import random
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

log = structlog.get_logger(__name__)

FIRST_PAUSE: Final = timedelta(seconds=15)
# Somebody has to set something right by then; a try an hour costs nothing and finds it done.
LONGEST_PAUSE: Final = timedelta(hours=1)
# What a day's worst might be. Beyond it the oldest are tried again early, and no memory is lost.
MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Pause:
    tries: int
    until: datetime


class Stuck:
    """The memory of one process, which is enough (docs/reliability.md): after each failure an aggregate rests
    twice as long, and not to the second.
    """

    def __init__(self) -> None:
        self._pauses: dict[UUID, _Pause] = {}

    def resting(self, now: datetime) -> Collection[UUID]:
        """Those that are not to be tried now."""
        return [aggregate_id for aggregate_id, pause in self._pauses.items() if pause.until > now]

    def failed(self, aggregate_id: UUID, error: Exception, now: datetime) -> None:
        """It could not be brought up to date: say so, and let it rest."""
        known = self._pauses.pop(aggregate_id, None)
        tries = known.tries + 1 if known else 1
        pause = min(FIRST_PAUSE * 2 ** min(tries - 1, 10), LONGEST_PAUSE)
        pause *= random.uniform(0.75, 1)  # noqa: S311 - so that many do not come at once; it keeps no secret
        self._pauses[aggregate_id] = _Pause(tries, now + pause)
        while len(self._pauses) > MOST:
            del self._pauses[next(iter(self._pauses))]
        log.error(
            "aggregate_stuck",
            aggregate_id=str(aggregate_id),
            error=repr(error),
            tries=tries,
            retry_in_seconds=round(pause.total_seconds()),
        )

    def succeeded(self, aggregate_id: UUID) -> None:
        """It is up to date, or was brought further."""
        if self._pauses.pop(aggregate_id, None) is not None:
            log.info("aggregate_unstuck", aggregate_id=str(aggregate_id))
