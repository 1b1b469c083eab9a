"""Rate limits, counted in Redis (or in memory where there is only one process)."""

import math
import time
from collections.abc import Mapping
from typing import NamedTuple

import structlog
from limits import RateLimitItem, parse_many
from limits.aio.storage import Storage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string

from service_kit.http.problems import TemporarilyUnavailable, TooManyRequests

log = structlog.get_logger(__name__)


class Quota(NamedTuple):
    """How a subject stands with a limit: `left` of `most` acts in `window` seconds; more in `reset` seconds."""

    most: int
    window: int
    left: int
    reset: int


class Standing(NamedTuple):
    """How a subject stands after one act more; `is_over`: that was one too many."""

    quotas: tuple[Quota, ...]
    is_over: bool

    def headers(self) -> dict[str, str]:
        """`RateLimit` and `RateLimit-Policy` of draft-ietf-httpapi-ratelimit-headers-10."""
        named = [(f'"{one.window}s"', one) for one in self.quotas]
        return {
            "RateLimit-Policy": ", ".join(f"{name};q={one.most};w={one.window}" for name, one in named),
            "RateLimit": ", ".join(f"{name};r={one.left};t={one.reset}" for name, one in named),
        }

    def check(self) -> None:
        """Raises TooManyRequests when it was one too many."""
        if self.is_over:
            raise TooManyRequests(retry_after=max(one.reset for one in self.quotas if one.left == 0))


class RateLimits:
    """Named limits such as `{"submits": "40/hour;150/day"}`, each counted per subject over moving windows."""

    def __init__(self, url: str, limits: Mapping[str, str]) -> None:
        """`url` is `redis://…` or `memory://`."""
        storage = storage_from_string(f"async+{url}", **({} if url.startswith("memory") else _REDIS))
        assert isinstance(storage, Storage)  # noqa: S101 - `async+` asks for one
        self._storage = storage
        self._limiter = MovingWindowRateLimiter(storage)
        self._limits: dict[str, list[RateLimitItem]] = {
            name: parse_many(limit) for name, limit in limits.items()
        }

    async def hit(self, name: str, subject: str, *, cost: int = 1, fail_closed: bool = False) -> None:
        """Count an act of `subject`, or several at once. Raises TooManyRequests when that is too many.

        Without Redis nothing is counted and the act is let through; with `fail_closed` it is refused (sign-in:
        an attacker must not gain from bringing Redis down).
        """
        reset_at = 0.0
        try:
            for limit in self._limits[name]:
                if not await self._limiter.hit(limit, name, subject, cost=cost):
                    reset_at = max(reset_at, (await self._limiter.get_window_stats(limit, name, subject))[0])
        except (StorageError, OSError) as error:
            log.warning("rate_limits_unavailable", limit=name, error=repr(error))
            if fail_closed:
                raise TemporarilyUnavailable(headers={"Retry-After": "5"}) from error
            return
        if reset_at:
            raise TooManyRequests(retry_after=max(1, math.ceil(reset_at - time.time())))

    async def take(self, name: str, subject: str) -> Standing | None:
        """Count one act of `subject`, and say how they stand then; None without Redis."""
        is_over, quotas = False, list[Quota]()
        try:
            for limit in self._limits[name]:
                is_over |= not await self._limiter.hit(limit, name, subject)
                reset_at, left = await self._limiter.get_window_stats(limit, name, subject)
                reset = max(1, math.ceil(reset_at - time.time()))
                quotas.append(Quota(limit.amount, limit.get_expiry(), left, reset))
        except (StorageError, OSError) as error:
            log.warning("rate_limits_unavailable", limit=name, error=repr(error))
            return None
        return Standing(tuple(quotas), is_over)

    async def check(self) -> None:
        if not await self._storage.check():
            raise ConnectionError("the rate limit storage does not answer")


_REDIS = {
    "implementation": "redispy",
    "wrap_exceptions": True,
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
}
