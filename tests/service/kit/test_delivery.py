"""The inbox: nothing doubled, everything in order, whatever the bus delivers."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select

from service_kit.db import Database
from service_kit.inbox import MalformedMessage, Outcome, SequenceConflict, UnknownMessage, parse
from shared_schemas.envelope import Envelope
from tests.service.kit.conftest import (
    NOW,
    InboxMessage,
    ParkedEvent,
    RecordingBus,
    inbox,
)
from tests.service.kit.delivery import announce, announced, effects, relay_to


@pytest.mark.parametrize("seed", range(5))
async def test_events_shuffled_and_delivered_three_times_take_effect_once_and_in_order(
    database: Database, seed: int
) -> None:
    chance = random.Random(seed)
    cars = [uuid4() for _ in range(3)]
    for car in cars:
        await announce(database, car, *range(1, 8))
    deliveries = [envelope for car in cars for envelope in await announced(database, car)] * 3
    chance.shuffle(deliveries)
    bus = RecordingBus()
    relay = relay_to(database, bus)
    await relay.relay_batch()
    bus.published.clear()
    for envelope in deliveries:
        await inbox.receive_in_transaction(database, envelope)
        # What was set aside comes back through the outbox when its turn has come.
        while await relay.relay_batch():
            for message in bus.published:
                await inbox.receive_in_transaction(database, parse(message.body))
            bus.published.clear()
    for car in cars:
        assert await effects(database, car) == list(range(1, 8))
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(ParkedEvent)) == 0


async def test_simultaneous_deliveries_of_one_event_take_effect_once(database: Database) -> None:
    inspection_id = uuid4()
    await announce(database, inspection_id, 1)
    [envelope] = await announced(database, inspection_id)
    outcomes = await asyncio.gather(*(inbox.receive_in_transaction(database, envelope) for _ in range(8)))
    assert sorted(outcomes) == [Outcome.APPLIED, *[Outcome.DUPLICATE] * 7]
    assert await effects(database, inspection_id) == [1]


async def test_an_event_waits_for_its_predecessor_that_is_being_taken_in(database: Database) -> None:
    inspection_id = uuid4()
    await announce(database, inspection_id, 1, 2)
    first, second = await announced(database, inspection_id)
    async with database.writing() as session:
        await inbox.receive(session, first, now=NOW)
        coming = asyncio.create_task(inbox.receive_in_transaction(database, second))
        await asyncio.sleep(0.2)
        assert not coming.done()
    assert await coming is Outcome.APPLIED
    assert await effects(database, inspection_id) == [1, 2]


async def test_work_takes_effect_once_too(database: Database) -> None:
    envelope = Envelope(
        event_id=uuid4(),
        type="toy.polish",
        version=1,
        occurred_at=NOW,
        correlation_id="c",
        data={"car": "mine"},
    )
    outcomes = [await inbox.receive_in_transaction(database, envelope) for _ in range(2)]
    assert outcomes == [Outcome.APPLIED, Outcome.DUPLICATE]


async def test_a_failed_handler_leaves_nothing_behind_and_can_be_tried_again(database: Database) -> None:
    inspection_id = uuid4()
    await announce(database, inspection_id, -1)
    [envelope] = await announced(database, inspection_id)
    with pytest.raises(ValueError, match="negative"):
        await inbox.receive_in_transaction(database, envelope)
    async with database.reading() as session:
        assert await session.get(InboxMessage, envelope.event_id) is None
        assert await inbox.last_seq(session, inspection_id) == 0
    mended = envelope.model_copy(update={"data": {**envelope.data, "step": 1}})
    assert await inbox.receive_in_transaction(database, mended) == Outcome.APPLIED


async def test_what_cannot_be_understood_is_refused_by_name(database: Database) -> None:
    inspection_id = uuid4()
    await announce(database, inspection_id, 1)
    [envelope] = await announced(database, inspection_id)
    with pytest.raises(UnknownMessage, match=r"car\.flown\.v1"):
        await inbox.receive_in_transaction(database, envelope.model_copy(update={"type": "car.flown"}))
    with pytest.raises(ValidationError):
        await inbox.receive_in_transaction(database, envelope.model_copy(update={"data": {}}))
    with pytest.raises(MalformedMessage):
        parse(b"not an envelope")
    assert await effects(database, inspection_id) == []


async def test_a_number_used_for_two_events_is_a_conflict_and_not_a_duplicate(database: Database) -> None:
    inspection_id = uuid4()
    await announce(database, inspection_id, 1)
    [envelope] = await announced(database, inspection_id)
    await inbox.receive_in_transaction(database, envelope)
    other = envelope.model_copy(update={"event_id": uuid4(), "occurred_at": datetime.now(UTC)})
    with pytest.raises(SequenceConflict):
        await inbox.receive_in_transaction(database, other)


async def test_a_duplicate_whose_taking_in_was_forgotten_is_a_duplicate_still(database: Database) -> None:
    car = uuid4()
    await announce(database, car, 1)
    [envelope] = await announced(database, car)
    await inbox.receive_in_transaction(database, envelope)
    old = envelope.model_copy(update={"event_id": uuid4(), "occurred_at": NOW - timedelta(days=400)})
    assert await inbox.receive_in_transaction(database, old) is Outcome.DUPLICATE
    assert await effects(database, car) == [1]
