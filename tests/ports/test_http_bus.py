"""What only the signed HTTP bus promises: who may put messages in, and how its table is shared."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select, update

from service_kit.bus import DELIVERY_LIMIT, MAX_BODY_BYTES, Delivery, Message, MessageRefused
from service_kit.bus.http import HttpBus
from service_kit.ids import new_id
from service_kit.signing import REPLAY_WINDOW, KeyRing
from tests.ports.buses import (
    PATIENCE,
    SHORT_LEASE,
    Graveyard,
    HttpHarness,
    QueuedMessage,
    Recorder,
    consuming,
    new_message,
)

BODY = b'{"n": 1}'


@pytest.fixture
async def receiver(http_harness: HttpHarness) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{http_harness.port}", trust_env=False) as client:
        yield client


def target_of(queue: str, message_id: UUID | str) -> str:
    return f"/internal/v1/queues/{queue}/messages?message_id={message_id}"


def signed(target: str, body: bytes = BODY, *, at: datetime | None = None) -> dict[str, str]:
    return HttpHarness.KEYS.request_headers("POST", target, body, at or datetime.now(UTC))


async def queued(harness: HttpHarness, queue: str) -> int:
    statement = select(func.count()).select_from(QueuedMessage).where(QueuedMessage.queue == queue)
    async with harness.pool.statements() as session:
        return (await session.execute(statement)).scalar_one()


async def until_empty(harness: HttpHarness, queue: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while await queued(harness, queue):
            await asyncio.sleep(0.05)


async def test_a_signed_message_is_taken(http_harness: HttpHarness, receiver: httpx.AsyncClient) -> None:
    queue = await http_harness.new_queue()
    target = target_of(queue, new_id())
    answer = await receiver.post(target, content=BODY, headers=signed(target))
    assert answer.status_code == 202
    assert await queued(http_harness, queue) == 1


async def test_a_message_of_nobody_we_know_is_refused(
    http_harness: HttpHarness, receiver: httpx.AsyncClient
) -> None:
    queue = await http_harness.new_queue()
    target, elsewhere = target_of(queue, new_id()), target_of(queue, new_id())
    stranger = KeyRing(["a key that we have never heard of"])
    now = datetime.now(UTC)
    forgeries = {
        "no signature": {},
        "a stranger's key": stranger.request_headers("POST", target, BODY, now),
        "another body": signed(target, b"{}"),
        "another message id": signed(elsewhere),
        "another method": HttpHarness.KEYS.request_headers("GET", target, BODY, now),
        "too old": signed(target, at=now - REPLAY_WINDOW - timedelta(seconds=5)),
        "from the future": signed(target, at=now + REPLAY_WINDOW + timedelta(seconds=5)),
        "no number": {**signed(target), "x-autodetective-timestamp": "yesterday"},
    }
    for what, headers in forgeries.items():
        answer = await receiver.post(target, content=BODY, headers=headers)
        assert (what, answer.status_code) == (what, 401)
        assert answer.headers["content-type"] == "application/problem+json"
    assert await queued(http_harness, queue) == 0


async def test_what_is_not_a_message_for_us_is_refused(
    http_harness: HttpHarness, receiver: httpx.AsyncClient
) -> None:
    queue = await http_harness.new_queue()
    too_large = b"x" * (MAX_BODY_BYTES + 1)

    async def status_of(target: str, body: bytes = BODY) -> int:
        return (await receiver.post(target, content=body, headers=signed(target, body))).status_code

    assert await status_of(target_of(queue, new_id()), too_large) == 413
    assert await status_of(target_of("nobody", new_id())) == 404
    assert await status_of(target_of(queue, "7")) == 422
    assert await status_of(f"/internal/v1/queues/{queue}/messages") == 422
    assert await queued(http_harness, queue) == 0


async def test_a_body_that_does_not_announce_its_length_is_counted(
    http_harness: HttpHarness, receiver: httpx.AsyncClient
) -> None:
    queue = await http_harness.new_queue()

    async def chunks(body: bytes) -> AsyncGenerator[bytes]:
        for start in range(0, len(body), 65536):
            yield body[start : start + 65536]

    for size, status in ((MAX_BODY_BYTES, 202), (MAX_BODY_BYTES + 1, 413), (100 * MAX_BODY_BYTES, 413)):
        body = bytes(size)
        target = target_of(queue, new_id())
        answer = await receiver.post(target, content=chunks(body), headers=signed(target, body))
        assert (size, answer.status_code) == (size, status)


async def test_a_bus_with_a_strange_key_is_told(http_harness: HttpHarness) -> None:
    queue = await http_harness.new_queue()
    owners = {queue: f"http://127.0.0.1:{http_harness.port}/"}
    strange = KeyRing(["a key that we have never heard of"])
    bus = HttpBus(http_harness.pool, QueuedMessage, owners=owners, keys=strange)
    with pytest.raises(MessageRefused, match="401"):
        await bus.publish(new_message(queue))
    await bus.close()


async def test_workers_that_share_a_queue_share_its_messages(http_harness: HttpHarness) -> None:
    queue, handler = await http_harness.new_queue(), Recorder()
    one, two = http_harness.new_bus(), http_harness.new_bus()
    messages = [new_message(queue) for _ in range(60)]
    async with consuming(one, queue, handler, prefetch=4), consuming(two, queue, handler, prefetch=4):
        await asyncio.gather(*map(one.publish, messages))
        await handler.until_all(messages)
        await until_empty(http_harness, queue)
    assert len(handler.deliveries) == 60


async def test_a_handler_that_outlasts_its_lease_keeps_its_message(http_harness: HttpHarness) -> None:
    queue, deliveries = await http_harness.new_queue(), Recorder()
    one, two = (http_harness.new_bus(lease=SHORT_LEASE) for _ in range(2))
    message = new_message(queue)

    async def slow(delivery: Delivery) -> None:
        await deliveries(delivery)
        await asyncio.sleep(3 * SHORT_LEASE.total_seconds())

    async with consuming(one, queue, slow), consuming(two, queue, slow):
        await one.publish(message)
        await deliveries.until(1)
        await until_empty(http_harness, queue)
    assert len(deliveries.deliveries) == 1


async def test_a_message_that_ended_its_worker_too_often_is_buried(http_harness: HttpHarness) -> None:
    queue, graveyard, handler = await http_harness.new_queue(), Graveyard(), Recorder()
    bus = http_harness.new_bus()
    deadly, harmless = new_message(queue), new_message(queue)
    await bus.publish(deadly)
    async with http_harness.pool.statements() as session:
        await session.execute(
            update(QueuedMessage)
            .where(QueuedMessage.message_id == deadly.message_id)
            .values(deliveries=DELIVERY_LIMIT)
        )
    await bus.publish(harmless)
    async with consuming(bus, queue, handler, bury=graveyard):
        [letter] = await graveyard.until(1)
        await handler.until(1)
    assert letter.message_id == deadly.message_id
    assert "without an answer" in letter.reason
    assert [delivery.message_id for delivery in handler.deliveries] == [harmless.message_id]


async def test_a_worker_that_is_told_to_end_gives_its_messages_back(http_harness: HttpHarness) -> None:
    queue, taken, handler = await http_harness.new_queue(), Recorder(), Recorder()
    bus = http_harness.new_bus(lease=timedelta(hours=1))
    messages = [new_message(queue) for _ in range(3)]

    async def hang(delivery: Delivery) -> None:
        await taken(delivery)
        await asyncio.Event().wait()

    await asyncio.gather(*map(bus.publish, messages))
    async with consuming(bus, queue, hang, prefetch=2):
        await taken.until(2)
    async with consuming(bus, queue, handler):
        await handler.until_all(messages)


async def test_a_replayed_request_puts_the_message_in_once(
    http_harness: HttpHarness, receiver: httpx.AsyncClient
) -> None:
    queue = await http_harness.new_queue()
    message = Message(queue, new_id(), BODY, "c")
    target = target_of(queue, message.message_id)
    headers = signed(target)
    for _ in range(3):
        assert (await receiver.post(target, content=BODY, headers=headers)).status_code == 202
    assert await queued(http_harness, queue) == 1
