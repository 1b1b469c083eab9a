"""Deliveries as no bus would order them: shuffled, threefold, and thousands at once."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import uuid4

import psutil
from sqlalchemy import select

from cabinet_service.audit.models import AuditEntry
from cabinet_service.db.tables import TABLES
from cabinet_service.settings import Settings
from deploy.demo.people import wait_for
from service_kit.backbone import open_backbone
from service_kit.bus import Message
from service_kit.db import Database
from service_kit.outbox import envelope_of
from tests.faults import ledger
from tests.faults.traffic import Buyer, Judge, Log, at_work
from tests.faults.world import World, away

PATIENCE: Final = 180.0
BACKLOG: Final = 2000
MORE_MEMORY: Final = 40 * 1024 * 1024
# Of the settings, what is needed to publish.
NEEDED: Final = (
    *("database_url", "bus_url", "cache_url", "files_dir"),
    *("service_keys", "secret_keys", "public_url", "peer_url"),
)


def announced(world: World) -> list[Message]:
    """Everything that cabinet has ever told bpa, as the relay sends it."""

    async def read() -> list[Message]:
        database = Database(world.stack.superuser_url_of(world.stack.cabinet), hints=TABLES.hints)
        async with database.reading() as session:
            table = TABLES.outbox.table
            rows = await session.scalars(select(table).where(table.queue == TABLES.queues.peer))
            envelopes = [envelope_of(row) for row in rows]
        await database.close()
        return [
            Message(TABLES.queues.peer, one.event_id, one.model_dump_json().encode(), one.correlation_id)
            for one in envelopes
        ]

    return asyncio.run(read())


def publish(world: World, messages: Sequence[Message]) -> None:
    """As cabinet's relay does."""

    async def send() -> None:
        async with open_backbone(settings_of(world), TABLES, AuditEntry, peer_noun="cases") as backbone:
            slots = asyncio.Semaphore(16)

            async def one(message: Message) -> None:
                async with slots:
                    await backbone.bus.publish(message)

            await asyncio.gather(*(one(message) for message in messages))

    asyncio.run(send())


def taken_in(world: World, messages: Sequence[Message]) -> None:
    """Wait until bpa has them all: what still waits in a queue of its, it does not queue a second time."""
    sent = {str(message.message_id) for message in messages}
    statement = "SELECT event_id::text FROM inbox"
    wait_for(
        lambda: sent <= set(ledger.rows(world, "bpa", statement)) or None,
        "the events to be taken in",
        PATIENCE,
    )


def settings_of(world: World) -> Settings:
    given = world.stack.environment_of(world.stack.cabinet)
    settings = {name.removeprefix("CABINET_").lower(): value for name, value in given.items()}
    return Settings.model_validate({key: settings[key] for key in NEEDED})


def test_events_shuffled_and_delivered_three_times_take_effect_once(
    world: World, buyer: Buyer, judges: list[Judge], log: Log
) -> None:
    chance = random.Random(5)
    with away(world, "bpa-consumer", "cabinet-relay"):
        for _ in range(3):
            buyer.send()
        messages = announced(world)
        publish(world, chance.sample(messages, len(messages)))
    taken_in(world, messages)
    before = ledger.duplicates(world)
    for _ in range(2):
        publish(world, chance.sample(messages, len(messages)))
    with at_work(judges):
        ledger.settle(world, log)
    balance = ledger.check(world, log)
    assert balance.faults == []
    assert balance.duplicates - before >= len(messages)


def test_a_long_backlog_costs_the_consumer_no_memory(world: World, log: Log) -> None:
    consumer = world.stack.processes["bpa-consumer"]
    message, *_ = announced(world)
    at_rest = psutil.Process(consumer.pid).memory_info().rss
    with away(world, "bpa-consumer"):
        publish(world, [replace(message, message_id=uuid4()) for _ in range(BACKLOG)])
    before, most = ledger.duplicates(world), 0

    def drained() -> bool | None:
        nonlocal most
        most = max(most, psutil.Process(consumer.pid).memory_info().rss)
        return True if ledger.duplicates(world) - before >= BACKLOG else None

    wait_for(drained, "the backlog to be worked off", PATIENCE)
    assert most < at_rest + MORE_MEMORY
    assert ledger.check(world, log).faults == []
