"""A worker that takes one message and never comes to an end with it, to be killed: it prints `taken` first."""

import asyncio
import sys

from service_kit.bus import Delivery, EventBus
from service_kit.bus.http import HttpBus
from service_kit.bus.rabbitmq import RabbitBus
from service_kit.pool import Pool
from tests.ports.buses import POLICY, SHORT_LEASE, HttpHarness, QueuedMessage, no_grave


def _bus(engine: str, url: str) -> EventBus:
    if engine == "rabbitmq":
        return RabbitBus(url, policy=POLICY)
    return HttpBus(
        Pool(url), QueuedMessage, owners={}, keys=HttpHarness.KEYS, policy=POLICY, lease=SHORT_LEASE
    )


async def _hang(_delivery: Delivery) -> None:
    sys.stdout.write("taken\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    _engine, _url, _queue = sys.argv[1:]
    asyncio.run(_bus(_engine, _url).consume(_queue, _hang, bury=no_grave, prefetch=1))
