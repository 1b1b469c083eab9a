"""What only RabbitMQ can do to a message, and what becomes of it then."""

import aio_pika

from service_kit.bus.rabbitmq.topology import DELIVERY_LIMIT, Topology
from tests.ports.buses import (
    PATIENCE,
    POLICY,
    Graveyard,
    RabbitHarness,
    Recorder,
    consuming,
    needs_rabbitmq,
    new_message,
    publish_insistently,
)

pytestmark = needs_rabbitmq


async def test_a_message_that_kills_every_consumer_is_buried(rabbit_harness: RabbitHarness) -> None:
    """No handler is left to fail it: RabbitMQ counts the deliveries that ended without an answer."""
    queue, handler, graveyard = await rabbit_harness.new_queue(), Recorder(), Graveyard()
    bus = rabbit_harness.new_bus()
    message = new_message(queue, b"killer")
    await bus.publish(message)
    async with await aio_pika.connect(rabbit_harness.url) as connection:
        channel = await connection.channel()
        work = await channel.get_queue(queue)
        for _ in range(DELIVERY_LIMIT + 1):
            await (await work.get(timeout=PATIENCE)).nack(requeue=True)
    async with consuming(bus, queue, handler, bury=graveyard):
        [letter] = await graveyard.until(1)
    assert (letter.message_id, letter.body, letter.attempts) == (message.message_id, b"killer", 0)
    assert "without an answer" in letter.reason
    assert handler.deliveries == []


async def test_a_message_that_somebody_put_in_by_hand_is_handled_like_any(
    rabbit_harness: RabbitHarness,
) -> None:
    queue, graveyard = await rabbit_harness.new_queue(), Graveyard()
    handler = Recorder([ValueError("no envelope") for _ in range(POLICY.attempts)])
    bus = rabbit_harness.new_bus()
    async with await aio_pika.connect(rabbit_harness.url) as connection:
        channel = await connection.channel()
        bare = aio_pika.Message(b"hello", headers={"message_id": "7", "attempt": "first"})
        await channel.default_exchange.publish(bare, queue)
    async with consuming(bus, queue, handler, bury=graveyard):
        [letter] = await graveyard.until(1)
    assert (letter.body, letter.attempts) == (b"hello", POLICY.attempts)


async def test_a_retry_queue_that_somebody_deleted_is_there_again(rabbit_harness: RabbitHarness) -> None:
    queue, handler = await rabbit_harness.new_queue(), Recorder()
    bus = rabbit_harness.new_bus()
    before, failing = new_message(queue), new_message(queue)
    async with consuming(bus, queue, handler):
        await bus.publish(before)
        await handler.until_all([before])
        async with await aio_pika.connect(rabbit_harness.url) as connection:
            await (await connection.channel()).queue_delete(Topology(queue, POLICY).retry(POLICY.delays[0]))
        handler.errors.append(ValueError("and no queue to wait in"))
        await bus.publish(failing)
        await handler.until(3)
    assert [d.message_id for d in handler.deliveries[1:]] == [failing.message_id] * 2


async def test_a_queue_that_somebody_deleted_is_there_again(rabbit_harness: RabbitHarness) -> None:
    queue, handler = await rabbit_harness.new_queue(), Recorder()
    bus = rabbit_harness.new_bus()
    before, after = new_message(queue), new_message(queue)
    async with consuming(bus, queue, handler):
        await bus.publish(before)
        await handler.until_all([before])
        async with await aio_pika.connect(rabbit_harness.url) as connection:
            await (await connection.channel()).queue_delete(queue)
        await publish_insistently(bus, after)
        await handler.until_all([after])
