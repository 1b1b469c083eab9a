"""What the EventBus port promises when consumers, connections and the other side fail, asked of every engine."""

import asyncio
import sys

import pytest

from service_kit.bus import (
    BusUnavailable,
    Delivery,
)
from service_kit.bus.queue_table import LEASE
from tests.ports.buses import (
    PATIENCE,
    Harness,
    Recorder,
    Stuck,
    consuming,
    new_message,
    publish_all,
    publish_insistently,
)


async def test_a_consumer_that_is_cancelled_in_the_middle_loses_nothing(harness: Harness) -> None:
    queue, stuck, handler = await harness.new_queue(), Stuck(), Recorder()
    bus = harness.new_bus()
    messages = await publish_all(bus, queue, 5)
    async with consuming(bus, queue, stuck, prefetch=3):
        await stuck.until_entered()
    assert stuck.finished == 0
    async with consuming(bus, queue, handler):
        await handler.until_all(messages)
    assert {d.attempt for d in handler.deliveries} == {1}


async def test_a_consumer_that_is_killed_in_the_middle_loses_nothing(harness: Harness) -> None:
    queue, handler = await harness.new_queue(), Recorder()
    bus = harness.new_bus()
    messages = await publish_all(bus, queue, 2)
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.ports.hanging_worker", *harness.worker_command(queue)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert worker.stdout is not None
    assert await worker.stdout.readline() == b"taken\n"
    worker.kill()
    await worker.wait()
    async with consuming(bus, queue, handler):
        await handler.until_all(messages)


async def test_a_connection_cut_while_a_handler_runs(harness: Harness) -> None:
    queue, stuck, handler = await harness.new_queue(), Stuck(), Recorder()
    bus = harness.new_bus()
    message, later = new_message(queue), new_message(queue)

    async def handle(delivery: Delivery) -> None:
        await stuck(delivery)
        await handler(delivery)

    async with consuming(bus, queue, handle):
        await bus.publish(message)
        await stuck.until_entered()
        await harness.cut()
        stuck.release.set()
        await harness.restore()
        await publish_insistently(bus, later)
        await handler.until_all([message, later])


async def test_publish_fails_while_the_other_side_is_away_and_works_once_it_is_back(harness: Harness) -> None:
    queue, handler = await harness.new_queue(), Recorder()
    bus = harness.new_bus()
    during, after = new_message(queue), new_message(queue)
    async with consuming(bus, queue, handler):
        await handler.until_all(await publish_all(bus, queue, 20))
        await harness.cut()
        for _ in range(2):
            with pytest.raises(BusUnavailable):
                await bus.publish(during)
        with pytest.raises(BusUnavailable):
            await bus.check()
        await harness.restore()
        await publish_insistently(bus, during)
        await publish_insistently(bus, after)
        await handler.until_all([during, after])
        await bus.check()


async def test_a_consumer_started_while_the_other_side_is_away_works_once_it_is_back(
    harness: Harness,
) -> None:
    queue, handler = await harness.new_queue(), Recorder()
    bus = harness.new_bus()
    message = new_message(queue)
    await harness.cut()
    async with consuming(bus, queue, handler):
        await harness.restore()
        await publish_insistently(bus, message)
        await handler.until_all([message])


async def test_publish_does_not_hang_when_nobody_answers(harness: Harness) -> None:
    """Many at once, more than the buffers on the way take: each has to be told."""
    queue, handler = await harness.new_queue(), Recorder()
    bus = harness.new_bus(impatient=True)
    messages = [new_message(queue, bytes(100_000)) for _ in range(64)]
    async with consuming(bus, queue, handler):
        await bus.publish(messages[0])  # a connection is open, and then it carries nothing any more
        harness.blackhole()
        async with asyncio.timeout(PATIENCE):
            outcomes = await asyncio.gather(*map(bus.publish, messages), return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {BusUnavailable}
        await harness.restore()
        for message in messages:
            await publish_insistently(bus, message)
        # What the consumer took without hearing of it is leased for a while.
        await handler.until_all(messages, within=LEASE.total_seconds() + PATIENCE)


async def test_a_consumer_whose_connection_is_dead_without_a_word(harness: Harness) -> None:
    queue, handler = await harness.new_queue(), Recorder()
    bus = harness.new_bus(impatient=True)
    after = new_message(queue)
    async with consuming(bus, queue, handler):
        await handler.until_all(await publish_all(bus, queue, 20))
        harness.freeze()
        await publish_insistently(bus, after)
        await handler.until_all([after])


async def test_a_connection_that_went_dead_fails_one_publish_only(harness: Harness) -> None:
    queue, handler = await harness.new_queue(), Recorder()
    bus = harness.new_bus(impatient=True)
    before, lost, after = new_message(queue), new_message(queue), new_message(queue)
    await bus.publish(before)
    harness.freeze()
    with pytest.raises(BusUnavailable):
        await bus.publish(lost)
    await bus.publish(after)
    async with consuming(harness.new_bus(), queue, handler):
        await handler.until_all([before, after])


async def test_a_publish_that_is_cancelled_harms_no_other(harness: Harness) -> None:
    queue, handler = await harness.new_queue(), Recorder()
    bus = harness.new_bus()
    messages = [new_message(queue) for _ in range(20)]
    async with consuming(bus, queue, handler):
        cancelled = asyncio.create_task(bus.publish(new_message(queue)))
        others = asyncio.gather(*map(bus.publish, messages))
        await asyncio.sleep(0)
        cancelled.cancel()
        await others
        await handler.until_all(messages)
