"""Messages that were given up: kept, shown and replayed, the same behind every engine."""

import asyncio

import pytest

from service_kit.bus import DeadLetter
from service_kit.dead_letters import DeadLetters, UnknownDeadLetter
from service_kit.ids import new_id
from tests.ports.buses import PATIENCE, POLICY, Graveyard, Harness, Recorder, new_message


async def test_a_dead_letter_is_listed_shown_and_replayed(
    harness: Harness, dead_letters: DeadLetters
) -> None:
    queue = await harness.new_queue()
    handler = Recorder([ValueError(f"no {number}") for number in range(2 * POLICY.attempts)])
    bus = harness.new_bus()
    message = new_message(queue, '{"год": 2019}'.encode())

    async def until_buried() -> None:
        async with asyncio.timeout(PATIENCE):
            while not await dead_letters.list(queue=queue):
                await asyncio.sleep(0.02)

    task = asyncio.create_task(bus.consume(queue, handler, bury=dead_letters.bury, prefetch=1))
    await bus.publish(message)
    await until_buried()
    [letter] = await dead_letters.list(queue=queue)
    shown = await dead_letters.show(queue, message.message_id)
    assert shown.message_id == letter.message_id == message.message_id
    assert (shown.body, shown.correlation_id) == (message.body, message.correlation_id)
    assert (shown.reason, shown.attempts) == ("ValueError: no 2", POLICY.attempts)

    await dead_letters.replay(bus, queue, message.message_id)  # and it dies again
    await handler.until(2 * POLICY.attempts)
    await until_buried()
    assert (await dead_letters.show(queue, message.message_id)).reason == "ValueError: no 5"

    await dead_letters.replay(bus, queue, message.message_id)  # and this time it is handled
    last = (await handler.until(2 * POLICY.attempts + 1))[-1]
    assert (last.message_id, last.body, last.attempt) == (message.message_id, message.body, 1)
    assert await dead_letters.list(queue=queue) == []
    [replayed] = await dead_letters.list(queue=queue, replayed=True)
    assert replayed.replayed_at is not None
    task.cancel()
    await asyncio.wait({task})


async def test_a_letter_that_cannot_be_buried_yet_is_not_lost(harness: Harness) -> None:
    queue, graveyard = await harness.new_queue(), Graveyard()
    handler = Recorder([ValueError("dead") for _ in range(POLICY.attempts)])
    bus = harness.new_bus()
    troubles = [OSError("the database is away")]

    async def bury(letter: DeadLetter) -> None:
        if troubles:
            raise troubles.pop()
        await graveyard(letter)

    task = asyncio.create_task(bus.consume(queue, handler, bury=bury, prefetch=1))
    message = new_message(queue)
    await bus.publish(message)
    assert (await graveyard.until(1))[0].message_id == message.message_id
    task.cancel()
    await asyncio.wait({task})


async def test_an_unknown_dead_letter_cannot_be_replayed(harness: Harness, dead_letters: DeadLetters) -> None:
    queue = await harness.new_queue()
    with pytest.raises(UnknownDeadLetter):
        await dead_letters.replay(harness.new_bus(), queue, new_id())
