"""What the worker does for the bot all the time: it fetches or has the webhook set, and answers."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from cabinet_service.max.running import Max
from service_kit.chats.updates import webhook_secret
from service_kit.max.messenger import MAX
from tests.service.max.conftest import World
from tests.support.max.fake import TOKEN

PATIENCE: Final = 60.0


@asynccontextmanager
async def working(*workers: Max) -> AsyncGenerator[None]:
    tasks = [asyncio.ensure_future(job) for worker in workers for job in worker.jobs()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await holds():
            await asyncio.sleep(0.05)


async def test_two_workers_fetch_and_answer_each_once(world: World) -> None:
    world.server.webhooks["https://old.example/max/updates"] = {}
    other = Max(world.ports)
    try:
        async with working(world.max, other):
            world.anna.opens(await world.link())
            for _ in range(3):
                world.anna.writes("/help")

            async def is_answered() -> bool:
                return len(world.anna.texts) >= 4

            await until(is_answered)
            fetched = sum(call == ("GET", "/updates") for call in world.server.calls)

            async def is_fetched_again() -> bool:
                return sum(call == ("GET", "/updates") for call in world.server.calls) > fetched

            await until(is_fetched_again)
    finally:
        await other.bot.close()
    assert len(world.anna.texts) == 4
    assert len(await world.chats()) == 1
    assert world.server.webhooks == {}
    assert (await world.max.bot.updates(None, seconds=0))[0] == [], "MAX was told that all of it came"


async def test_in_production_max_brings_what_happens(world: World) -> None:
    settings = world.ports.settings.model_copy(update={"environment": "production"})
    world.max._settings = settings  # pyright: ignore[reportPrivateUsage]  # as another operator
    async with working(world.max):

        async def is_set() -> bool:
            return bool(world.server.webhooks)

        await until(is_set)
    [[url, asked]] = world.server.webhooks.items()
    assert url == "https://cars.example/max/updates"
    assert asked["secret"] == webhook_secret(MAX, TOKEN)
