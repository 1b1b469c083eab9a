"""What the EventBus port promises, asked of every engine behind it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from service_kit import logs
from service_kit.bus import (
    MAX_BODY_BYTES,
    DeadLetter,
    Delivery,
    GiveUp,
    Message,
    MessageRefused,
    RetryLater,
    RetryPolicy,
)
from service_kit.ids import new_id
from tests.ports.buses import (
    PATIENCE,
    POLICY,
    Graveyard,
    Harness,
    Recorder,
    Stuck,
    consuming,
    new_message,
    publish_all,
)

# One failure, and the message is away for longer than any test lasts.
ONE_LONG_DELAY = RetryPolicy((timedelta(minutes=5),))


async def test_a_message_arrives_as_it_was_published(harness: Harness) -> None:
    queue, handler = await harness.new_queue(), Recorder()
    bus = harness.new_bus()
    message = new_message(queue, '{"марка": "Škoda", "space" : 1.50}\n'.encode())
    async with consuming(bus, queue, handler):
        await bus.publish(message)
        assert await handler.until(1) == [Delivery(queue, message.message_id, message.body, attempt=1)]


async def test_messages_that_came_before_the_consumer_wait_for_it(harness: Harness) -> None:
    queue, handler = await harness.new_queue(), Recorder()
    bus = harness.new_bus()
    messages = await publish_all(bus, queue, 3)
    async with consuming(bus, queue, handler):
        await handler.until_all(messages)


async def test_order_is_kept_at_prefetch_1(harness: Harness) -> None:
    queue, handler = await harness.new_queue(), Recorder()
    bus = harness.new_bus()
    first = await publish_all(bus, queue, 15)
    async with consuming(bus, queue, handler):
        second = await publish_all(bus, queue, 15)
        delivered = await handler.until(30)
    assert [delivery.message_id for delivery in delivered] == [m.message_id for m in first + second]


async def test_a_queue_gets_only_its_own_messages(harness: Harness) -> None:
    queue, other = await harness.new_queue(), await harness.new_queue()
    handler, other_handler = Recorder(), Recorder()
    bus = harness.new_bus()
    # The same event may go to two queues under one id.
    message, twin = new_message(queue), new_message(queue)
    twin = Message(other, message.message_id, b'"twin"', message.correlation_id)
    async with consuming(bus, queue, handler), consuming(bus, other, other_handler):
        await asyncio.gather(bus.publish(message), bus.publish(twin))
        assert [d.body for d in await handler.until(1)] == [message.body]
        assert [d.body for d in await other_handler.until(1)] == [twin.body]


@pytest.mark.parametrize("prefetch", [1, 4])
async def test_prefetch_handlers_run_at_once_and_never_more(harness: Harness, prefetch: int) -> None:
    queue = await harness.new_queue()
    bus = harness.new_bus()
    running, most = 0, 0
    entered, done, leave = Recorder(), Recorder(), asyncio.Semaphore(0)

    async def handler(delivery: Delivery) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await entered(delivery)
        await leave.acquire()
        running -= 1
        await done(delivery)

    messages = await publish_all(bus, queue, 3 * prefetch)
    async with consuming(bus, queue, handler, prefetch=prefetch):
        for left in range(len(messages)):
            await entered.until(min(left + prefetch, len(messages)))
            leave.release()
        await done.until_all(messages)
    assert most == prefetch


async def test_a_message_published_twice_is_not_lost(harness: Harness) -> None:
    queue, handler = await harness.new_queue(), Recorder()
    bus = harness.new_bus()
    message, last = new_message(queue), new_message(queue)
    for published in (message, message, last):
        await bus.publish(published)
    async with consuming(bus, queue, handler):
        await handler.until_all([message, last])


async def test_a_message_published_again_while_it_is_handled_is_handled_again(harness: Harness) -> None:
    """The handler may have looked at the state before the sender had reason to send the message again."""
    queue, handler, deliveries = await harness.new_queue(), Stuck(), Recorder()
    bus = harness.new_bus()
    message = new_message(queue)

    async def handle(delivery: Delivery) -> None:
        await deliveries(delivery)
        await handler(delivery)

    async with consuming(bus, queue, handle):
        await bus.publish(message)
        await handler.until_entered()
        await bus.publish(message)
        handler.release.set()
        assert {d.message_id for d in await deliveries.until(2)} == {message.message_id}


async def test_a_handler_that_fails_twice_and_then_works(harness: Harness) -> None:
    queue, handler = await harness.new_queue(), Recorder([ValueError("one"), ValueError("two")])
    bus = harness.new_bus()
    async with consuming(bus, queue, handler):
        message, last = new_message(queue), new_message(queue)
        await bus.publish(message)
        assert [d.attempt for d in await handler.until(3)] == [1, 2, 3]
        await bus.publish(last)
        assert (await handler.until(4))[-1].message_id == last.message_id


async def test_a_failed_message_does_not_hold_up_others(harness: Harness) -> None:
    queue = await harness.new_queue(ONE_LONG_DELAY)
    handler = Recorder([ValueError("not now")])
    bus = harness.new_bus(ONE_LONG_DELAY)
    async with consuming(bus, queue, handler):
        messages = await publish_all(bus, queue, 5)
        delivered = await handler.until(5)
    assert [d.message_id for d in delivered] == [m.message_id for m in messages]


@pytest.mark.parametrize("prefetch", [1, 16])
async def test_a_poison_message_is_buried_and_harms_nobody(harness: Harness, prefetch: int) -> None:
    queue, graveyard, good = await harness.new_queue(), Graveyard(), Recorder()
    bus = harness.new_bus()
    poison = new_message(queue, b"poison")
    attempts: list[int] = []

    async def handler(delivery: Delivery) -> None:
        if delivery.message_id == poison.message_id:
            attempts.append(delivery.attempt)
            raise ValueError("no such car\0\udc80")
        await good(delivery)

    async with consuming(bus, queue, handler, bury=graveyard, prefetch=prefetch):
        before = await publish_all(bus, queue, 10)
        await bus.publish(poison)
        after = await publish_all(bus, queue, 10)
        letters = await graveyard.until(1)
        await good.until_all(before + after)
    expected = DeadLetter(
        queue, poison.message_id, poison.body, poison.correlation_id, letters[0].reason, POLICY.attempts
    )
    assert letters == [expected]
    assert "ValueError: no such car" in letters[0].reason
    assert attempts == [1, 2, 3]
    assert len(good.deliveries) == 20


async def test_a_message_that_is_given_up_is_buried_at_once(harness: Harness) -> None:
    queue, graveyard = await harness.new_queue(ONE_LONG_DELAY), Graveyard()
    handler = Recorder([GiveUp("not of this world")])
    bus = harness.new_bus(ONE_LONG_DELAY)
    async with consuming(bus, queue, handler, bury=graveyard):
        message = new_message(queue)
        await bus.publish(message)
        [letter] = await graveyard.until(1)
    assert (letter.message_id, letter.attempts) == (message.message_id, 1)
    assert "not of this world" in letter.reason
    assert len(handler.deliveries) == 1


async def test_a_cancellation_of_the_handlers_own_making_is_a_failure_like_any(harness: Harness) -> None:
    queue, graveyard = await harness.new_queue(), Graveyard()
    handler = Recorder([asyncio.CancelledError() for _ in range(POLICY.attempts)])
    bus = harness.new_bus()
    async with consuming(bus, queue, handler, bury=graveyard):
        await bus.publish(new_message(queue))
        assert (await graveyard.until(1))[0].attempts == POLICY.attempts
        await bus.publish(new_message(queue))
        await handler.until(POLICY.attempts + 1)


async def test_each_message_is_logged_under_its_own_id(harness: Harness) -> None:
    queue, graveyard = await harness.new_queue(), Graveyard()
    bus = harness.new_bus()
    messages = [replace(new_message(queue), correlation_id=f"c-{number}") for number in range(3)]

    async def give_up(delivery: Delivery) -> None:
        if delivery.message_id == messages[1].message_id:
            logs.belong_to("named in its envelope")
        raise GiveUp("whatever it is")

    with structlog.testing.capture_logs(processors=[logs.add_ids]) as lines:
        async with consuming(bus, queue, give_up, bury=graveyard):
            for message in messages:
                await bus.publish(message)
            await graveyard.until(3)

    told = {line["message_id"]: line["correlation_id"] for line in lines if "message_id" in line}
    assert [told[str(message.message_id)] for message in messages] == ["c-0", "named in its envelope", "c-2"]


async def test_retry_later_is_not_counted(harness: Harness) -> None:
    queue, graveyard = await harness.new_queue(), Graveyard()
    handler = Recorder([ValueError("1"), RetryLater("away"), ValueError("2"), ValueError("3")])
    bus = harness.new_bus()
    async with consuming(bus, queue, handler, bury=graveyard):
        await bus.publish(new_message(queue))
        letters = await graveyard.until(1)
    assert [d.attempt for d in handler.deliveries] == [1, 2, 2, 3]
    assert letters[0].attempts == 3
    assert letters[0].reason == "ValueError: 3"


async def test_who_waits_for_an_engine_asks_ever_less_often(harness: Harness) -> None:
    seldom, at_once = timedelta(seconds=4), timedelta(milliseconds=100)
    policy = RetryPolicy(POLICY.delays, postponements=(at_once, seldom))
    queue, tried = await harness.new_queue(policy), list[float]()
    bus, often_enough = harness.new_bus(policy), asyncio.Event()
    loop = asyncio.get_running_loop()

    async def wait_for_an_engine(_: Delivery) -> None:
        tried.append(loop.time())
        if tried[-1] - tried[0] > 2 * seldom.total_seconds():
            often_enough.set()
            return
        raise RetryLater("away")

    async with consuming(bus, queue, wait_for_an_engine, bury=Graveyard()):
        await bus.publish(new_message(queue))
        async with asyncio.timeout(PATIENCE):
            await often_enough.wait()
    gaps = [later - sooner for sooner, later in pairwise(tried)]
    assert len(gaps) > 3, "at first it is tried again at once"
    # A little less than the delay: it is counted by the engine's clock, from before the message is put aside.
    assert gaps[-1] > seldom.total_seconds() * 0.7


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_postponement_never_gets_shorter_with_the_wait(one: int, other: int) -> None:
    sooner, later = (timedelta(milliseconds=ms) for ms in sorted((one, other)))
    policy = RetryPolicy()
    assert policy.postponement(sooner) <= policy.postponement(later)
    assert policy.postponement(later) <= max(later, policy.postponements[0])
    assert policy.postponement(timedelta(days=1)) == timedelta(seconds=15)


async def test_an_unknown_queue_is_an_error(harness: Harness) -> None:
    await harness.new_queue()
    bus = harness.new_bus()
    with pytest.raises(MessageRefused):
        await bus.publish(new_message(f"nobody-{new_id().hex}"))


async def test_a_body_of_the_largest_size_passes_and_a_larger_one_is_refused(harness: Harness) -> None:
    queue, handler = await harness.new_queue(), Recorder()
    bus = harness.new_bus()
    largest = new_message(queue, b"x" * MAX_BODY_BYTES)
    async with consuming(bus, queue, handler):
        with pytest.raises(MessageRefused):
            await bus.publish(new_message(queue, b"x" * (MAX_BODY_BYTES + 1)))
        await bus.publish(largest)
        assert (await handler.until(1))[0].body == largest.body
