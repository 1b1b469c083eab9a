"""Outbox and relay: everything that was committed is published, in order."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from service_kit.bus import BusUnavailable
from service_kit.db import Database
from service_kit.inbox import Outcome, parse
from service_kit.listen import Listener
from service_kit.relay import Relay
from tests.service.kit.conftest import (
    NOW,
    OutboxMessage,
    Polish,
    RecordingBus,
    Stepped,
    inbox,
    outbox,
)
from tests.service.kit.delivery import announce, announced, effects, relay_to
from tests.support.statements import statements_sent


async def unsent(database: Database) -> int:
    async with database.reading() as session:
        count = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.sent_at.is_(None))
        return await session.scalar(count) or 0


async def test_numbers_have_no_gaps_although_transactions_race_and_fail(database: Database) -> None:
    inspection_id = uuid4()

    async def act(step: int) -> None:
        async with database.writing() as session:
            await outbox.add(session, Stepped(inspection_id=inspection_id, step=step), now=NOW)
            if step % 3 == 0:
                raise RuntimeError("changed my mind")

    await asyncio.gather(*(act(step) for step in range(18)), return_exceptions=True)
    envelopes = await announced(database, inspection_id)
    assert [envelope.aggregate_seq for envelope in envelopes] == list(range(1, 13))


async def test_the_relay_publishes_in_order_and_once(database: Database) -> None:
    first, second = uuid4(), uuid4()
    await announce(database, first, 1, 2, 3)
    await announce(database, second, 4, 5)
    bus = RecordingBus()
    relay = relay_to(database, bus)
    assert await relay.relay_batch() == 5
    assert await relay.relay_batch() == 0
    for inspection_id, steps in ((first, [1, 2, 3]), (second, [4, 5])):
        bodies = [parse(message.body) for message in bus.published]
        assert [body.data["step"] for body in bodies if body.aggregate_id == inspection_id] == steps
    assert {message.queue for message in bus.published} == {"peer.events"}


async def test_what_the_bus_refuses_holds_up_only_its_own_inspection(database: Database) -> None:
    stuck, free = uuid4(), uuid4()
    await announce(database, stuck, 1, 2)
    await announce(database, free, 3)
    envelopes = await announced(database, stuck)
    bus = RecordingBus(refused={envelopes[0].event_id})
    relay = relay_to(database, bus)
    assert await relay.relay_batch() == 1
    assert [parse(message.body).data["step"] for message in bus.published] == [3]
    with pytest.raises(BusUnavailable):
        await relay.relay_batch()
    bus.refused.clear()
    await relay.relay_batch()
    assert [parse(message.body).data["step"] for message in bus.published] == [3, 1, 2]
    assert await unsent(database) == 0


async def test_work_goes_on_while_the_bus_refuses_events(database: Database) -> None:
    await announce(database, uuid4(), 1)
    async with database.writing() as session:
        await outbox.enqueue(session, Polish(car="mine"), now=NOW)
    async with database.reading() as session:
        event_ids = await session.scalars(
            select(OutboxMessage.event_id).where(OutboxMessage.queue == "peer.events")
        )
        bus = RecordingBus(refused=set(event_ids))
    assert await relay_to(database, bus).relay_batch() == 1
    assert [message.queue for message in bus.published] == ["toy.work"]


async def test_a_relay_that_died_before_marking_publishes_again_and_the_inbox_drops_it(
    database: Database,
) -> None:
    inspection_id = uuid4()
    await announce(database, inspection_id, 1)
    bus = RecordingBus()
    await relay_to(database, bus).relay_batch()
    async with database.writing() as session:
        await session.execute(update(OutboxMessage).values(sent_at=None))
    await relay_to(database, bus).relay_batch()
    assert len(bus.published) == 2
    outcomes = [
        await inbox.receive_in_transaction(database, parse(message.body)) for message in bus.published
    ]
    assert outcomes == [Outcome.APPLIED, Outcome.DUPLICATE]
    assert await effects(database, inspection_id) == [1]


async def test_the_running_relay_is_woken_by_the_commit(database: Database) -> None:
    listener = Listener(database.pool.url)
    bus = RecordingBus()
    relay = Relay(database, outbox, bus, listener)
    jobs = [asyncio.create_task(listener.run()), asyncio.create_task(relay.run())]
    try:
        await announce(database, uuid4(), 1)
        async with asyncio.timeout(10):
            while not bus.published:
                await asyncio.sleep(0.01)
        bus.away = True
        await announce(database, uuid4(), 2)
        await asyncio.sleep(0.3)
        bus.away = False
        async with asyncio.timeout(10):
            while len(bus.published) < 2:
                await asyncio.sleep(0.01)
    finally:
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)


async def test_an_idle_relay_asks_nothing(database: Database) -> None:
    listener, bus = Listener(database.pool.url), RecordingBus()
    jobs = [
        asyncio.create_task(listener.run()),
        asyncio.create_task(Relay(database, outbox, bus, listener).run()),
    ]
    try:
        await announce(database, uuid4(), 1)
        async with asyncio.timeout(10):
            while await unsent(database):
                await asyncio.sleep(0.1)
        await asyncio.sleep(1)  # what woke it a second time was seen by then
        with statements_sent() as sent:
            await asyncio.sleep(3)
        assert sent == []
    finally:
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)


async def test_a_message_that_is_refused_for_good_does_not_slow_the_others_down(database: Database) -> None:
    stuck = uuid4()
    await announce(database, stuck, 1)
    [refused] = await announced(database, stuck)
    listener, bus = Listener(database.pool.url), RecordingBus(refused={refused.event_id})
    relay = Relay(database, outbox, bus, listener)
    jobs = [asyncio.create_task(listener.run()), asyncio.create_task(relay.run())]
    try:
        for step in range(1, 6):
            await announce(database, uuid4(), step)
            async with asyncio.timeout(4):  # a rest that grew to five seconds would be too long
                while len(bus.published) < step:
                    await asyncio.sleep(0.01)
            await asyncio.sleep(0.5)
    finally:
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
    assert await unsent(database) == 1
