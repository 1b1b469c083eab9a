"""One promise of caches, held by both engines: what is kept is there for a time, and nothing fails without it."""

from collections.abc import AsyncGenerator, Generator
from datetime import timedelta
from pathlib import Path

import pytest

from deploy.embedded.valkey import EmbeddedValkey
from service_kit.caching import Cache, MemoryCache, RedisCache, open_cache

LASTS = timedelta(hours=1)


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Generator[EmbeddedValkey]:
    folder: Path = tmp_path_factory.mktemp("valkey")
    engine = EmbeddedValkey(folder, password="for-tests")
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture(params=["memory", "redis"])
async def cache(request: pytest.FixtureRequest) -> AsyncGenerator[Cache]:
    url = "memory://" if request.param == "memory" else request.getfixturevalue("valkey").url()
    opened = open_cache(url)
    yield opened
    await opened.close()


async def test_what_is_kept_is_found_and_what_is_not_is_not(cache: Cache) -> None:
    await cache.put("found", b"\x00\xff", lasts=LASTS)
    await cache.put("found", b"newer", lasts=LASTS)

    assert await cache.get("found") == b"newer"
    assert await cache.get("never kept") is None


async def test_what_lasts_no_second_is_not_kept(cache: Cache) -> None:
    await cache.put("gone", b"before", lasts=timedelta(seconds=0.5))
    await cache.put("past", b"before", lasts=timedelta(seconds=-5))

    assert await cache.get("gone") is None
    assert await cache.get("past") is None


async def test_redis_may_be_away() -> None:
    away = RedisCache("redis://127.0.0.1:1/0")

    await away.put("one", b"1", lasts=LASTS)

    assert await away.get("one") is None
    await away.close()


async def test_in_memory_what_was_used_last_stays() -> None:
    cache = MemoryCache(most=10)
    for name in ("a", "b"):
        await cache.put(name, b"12345", lasts=LASTS)
    await cache.get("a")

    await cache.put("c", b"12345", lasts=LASTS)
    await cache.put("too large", b"12345678901", lasts=LASTS)

    assert [await cache.get(name) for name in ("a", "b", "c", "too large")] == [
        b"12345",
        None,
        b"12345",
        None,
    ]
