"""Bytes kept for a time in Redis, or in memory where there is one process only. What is gone is made anew.

Nothing may rest on what lies here: Redis may be away, restarted or full, and then there is nothing and no error.
"""

import time
from collections import OrderedDict
from datetime import timedelta
from typing import Final, Protocol

import structlog

log = structlog.get_logger(__name__)

MOST_IN_MEMORY: Final = 16 * 2**20
_SECONDS: Final = 2.0


class Cache(Protocol):
    """Neither method raises because the engine is away: then nothing is found, and nothing kept."""

    async def get(self, key: str) -> bytes | None:
        """What was kept under the key, if it is still there."""
        ...

    async def put(self, key: str, value: bytes, *, lasts: timedelta) -> None:
        """Keep a value for so long, or shorter if there is no room."""
        ...

    async def close(self) -> None: ...


def open_cache(url: str) -> Cache:
    """`url` is `redis://…` or `memory://`, as for limits. Connects when it is first used."""
    return MemoryCache() if url.startswith("memory") else RedisCache(url)


class RedisCache:
    """Kept in Redis, for all processes together."""

    def __init__(self, url: str) -> None:
        # Only here: a process without Redis has no use for its client.
        from redis.asyncio import Redis
        from redis.exceptions import RedisError

        self._away = (RedisError, OSError, TimeoutError)
        self._redis: Redis = Redis.from_url(  # pyright: ignore[reportUnknownMemberType] - its keywords have no types
            url.replace("redis+unix://", "unix://", 1),
            socket_timeout=_SECONDS,
            socket_connect_timeout=_SECONDS,
        )

    async def get(self, key: str) -> bytes | None:
        try:
            found = await self._redis.get(key)
        except self._away as error:
            log.warning("cache_away", error=repr(error))
            return None
        return found.encode() if isinstance(found, str) else found

    async def put(self, key: str, value: bytes, *, lasts: timedelta) -> None:
        if lasts < timedelta(seconds=1):
            return
        try:
            await self._redis.set(key, value, ex=lasts)
        except self._away as error:
            log.warning("cache_away", error=repr(error))

    async def close(self) -> None:
        await self._redis.aclose()


class MemoryCache:
    """Kept in this process, MOST_IN_MEMORY bytes of values at most: those that were used last."""

    def __init__(self, *, most: int = MOST_IN_MEMORY) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[str, tuple[bytes, float]] = OrderedDict()

    async def get(self, key: str) -> bytes | None:
        if (found := self._kept.get(key)) is None:
            return None
        value, until = found
        if time.monotonic() >= until:
            self._drop(key)
            return None
        self._kept.move_to_end(key)
        return value

    async def put(self, key: str, value: bytes, *, lasts: timedelta) -> None:
        self._drop(key)
        if lasts < timedelta(seconds=1) or len(value) > self._most:
            return
        self._kept[key] = (value, time.monotonic() + lasts.total_seconds())
        self._size += len(value)
        while self._size > self._most:
            self._drop(next(iter(self._kept)))

    async def close(self) -> None:
        """There is nothing to close."""

    def _drop(self, key: str) -> None:
        if (gone := self._kept.pop(key, None)) is not None:
            self._size -= len(gone[0])
