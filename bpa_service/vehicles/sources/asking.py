"""Asking a source within its limits: whatever it does, an answer comes in time and says how each block stands."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from bpa_service.vehicles.mappings.answers import Answer, nothing
from bpa_service.vehicles.records.record import Identifier
from bpa_service.vehicles.sources.connector import Connector, SourceFailed
from service_kit.http.problems import TooManyRequests
from service_kit.limiting import RateLimits
from shared_schemas import vin
from shared_schemas.records import CoverageState

log = structlog.get_logger(__name__)
_FIRST_WAIT: Final = timedelta(milliseconds=200)  # doubled with each retry
LIMIT: Final = "source:{name}"


@dataclass(slots=True)
class Breaker:
    """Leaves a source alone that failed several times in a row; then one question tries whether it is back."""

    failures_to_rest: int
    rest: timedelta
    failures: int = 0
    rests_until: datetime | None = field(default=None)

    def may_ask(self, now: datetime) -> bool:
        """Whether it may be asked now. If it rested long enough this is the question that tries."""
        if self.rests_until is None:
            return True
        if now < self.rests_until:
            return False
        self.rests_until = now + self.rest
        return True

    def succeeded(self) -> None:
        """It answered."""
        self.failures, self.rests_until = 0, None

    def failed(self, now: datetime) -> None:
        """It did not."""
        self.failures += 1
        if self.failures >= self.failures_to_rest:
            self.rests_until = now + self.rest


class Asker:
    """Asks one source. `limits` counts questions under `LIMIT`, for all processes together if it is in Redis."""

    def __init__(
        self,
        connector: Connector,
        limits: RateLimits | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        facts = connector.facts
        self._connector = connector
        self._limits = limits
        self._clock = clock
        self._breaker = Breaker(facts.failures_to_rest, facts.rest)

    async def ask(self, about: Identifier) -> Answer:
        """What the source knows of the vehicle. Never raises, and takes no longer than the source's time-out.

        What was not asked, because it makes no sense or the source rests, is not covered; what was, and gave no
        answer to believe, failed. The reason says which.
        """
        facts, mapping = self._connector.facts, self._connector.mapping
        if why_not := await self._why_not(about):
            return nothing(mapping, CoverageState.NOT_COVERED, why_not)
        asked_at = self._clock()
        try:
            async with asyncio.timeout(facts.timeout.total_seconds()):
                answer = await self._retrying(about, asked_at)
        except TimeoutError:
            reason = "time_out"
        except SourceFailed as failure:
            reason = failure.reason
        else:
            self._breaker.succeeded()
            return answer
        self._breaker.failed(self._clock())
        log.warning("source_failed", source=facts.name, reason=reason)
        return nothing(mapping, CoverageState.FAILED, reason, asked_at=asked_at)

    async def _why_not(self, about: Identifier) -> str:
        """Why it is not asked; empty if it may be."""
        facts = self._connector.facts
        if about.name not in facts.takes:
            return "identifier_not_taken"
        if about.name == "vin" and vin.is_placeholder(about.value):
            return "placeholder"
        if about.name == "plate" and facts.country and about.country not in {"", facts.country}:
            return "other_country"
        if self._limits is not None:
            try:
                await self._limits.hit(LIMIT.format(name=facts.name), facts.name)
            except TooManyRequests:
                return "rate_limited"
        return "" if self._breaker.may_ask(self._clock()) else "circuit_open"

    async def _retrying(self, about: Identifier, asked_at: datetime) -> Answer:
        wait = _FIRST_WAIT
        for left in range(self._connector.facts.retries, -1, -1):
            try:
                return await self._connector.ask(about, now=asked_at)
            except SourceFailed as failure:
                if not (failure.again and left):
                    raise
                await asyncio.sleep((failure.wait or wait).total_seconds())
                wait *= 2
        raise AssertionError("the last try returns or raises")
