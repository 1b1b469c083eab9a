"""Outbox, relay, inbox and resync: nothing lost, nothing doubled, everything in order."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError
from sqlalchemy import func, select, update

from service_kit.bus import BusUnavailable, Delivery
from service_kit.bus.attempts import attempt, reason_of
from service_kit.db import Database
from service_kit.http import problem_responses
from service_kit.http.event_log import stream_routes
from service_kit.http.peer import Peer
from service_kit.inbox import MalformedMessage, Outcome, SequenceConflict, UnknownMessage, parse
from service_kit.listen import Listener
from service_kit.relay import Relay
from service_kit.resync import Resync
from service_kit.signing import KeyRing
from service_kit.stuck import Stuck
from shared_schemas.envelope import Envelope
from shared_schemas.rest.streams import Snapshot
from tests.service.kit.conftest import (
    NOW,
    Effect,
    InboxMessage,
    OutboxMessage,
    ParkedEvent,
    Polish,
    RecordingBus,
    Stepped,
    inbox,
    outbox,
)
from tests.support.statements import statements_sent


async def announce(database: Database, inspection_id: UUID, *steps: int) -> None:
    for step in steps:
        async with database.writing() as session:
            await outbox.add(session, Stepped(inspection_id=inspection_id, step=step), now=NOW)


async def announced(database: Database, inspection_id: UUID) -> list[Envelope]:
    async with database.reading() as session:
        return await outbox.events_after(session, inspection_id, 0)


async def effects(database: Database, inspection_id: UUID) -> list[int]:
    async with database.reading() as session:
        rows = await session.scalars(
            select(Effect.step).where(Effect.inspection_id == inspection_id).order_by(Effect.id)
        )
        return list(rows)


def relay_to(database: Database, bus: RecordingBus) -> Relay:
    return Relay(database, outbox, bus, Listener(database.pool.url))


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


def peer_of(database: Database, asked: list[str] | None = None) -> tuple[FastAPI, Resync]:
    """The toy service as its own peer: its log is served, and caught up with, over signed HTTP.

    The queries of what it is asked are added to `asked`.
    """

    async def note(request: httpx.Request) -> None:
        if asked is not None:
            asked.append(request.url.query.decode())

    keys = KeyRing(["a secret of the test, long enough"])
    app = FastAPI()
    app.state.database, app.state.service_keys = database, keys
    problem_responses.install(app)
    app.include_router(stream_routes(outbox, noun="cars"))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), event_hooks={"request": [note]})
    return app, Resync(database, inbox, Peer("http://peer", keys, client), noun="cars")


async def test_what_got_lost_on_the_way_is_fetched_from_the_peers_log(database: Database) -> None:
    gap, tail, whole = uuid4(), uuid4(), uuid4()
    for car in (gap, tail, whole):
        await announce(database, car, 1, 2, 3)
    sent = await announced(database, gap)
    assert await inbox.receive_in_transaction(database, sent[0]) == Outcome.APPLIED
    assert await inbox.receive_in_transaction(database, sent[2]) == Outcome.PARKED
    await inbox.receive_in_transaction(database, (await announced(database, tail))[0])
    _, resync = peer_of(database)
    assert await resync.catch_up_all() == 2 + 2 + 3
    for car in (gap, tail, whole):
        assert await effects(database, car) == [1, 2, 3]
    assert await resync.catch_up_all() == 0


async def test_a_gap_is_healed_without_being_asked(database: Database) -> None:
    car = uuid4()
    await announce(database, car, 1, 2)
    await inbox.receive_in_transaction(database, (await announced(database, car))[1])
    _, resync = peer_of(database)
    await asyncio.sleep(0.01)
    await resync.heal_gaps(patience=timedelta())
    assert await effects(database, car) == [1, 2]


async def test_one_event_that_cannot_be_applied_holds_up_no_other(database: Database) -> None:
    stuck, healthy = uuid4(), uuid4()
    await announce(database, stuck, -1, 2)
    await announce(database, healthy, 1, 2)
    for car in (stuck, healthy):
        await inbox.receive_in_transaction(database, (await announced(database, car))[1])
        await asyncio.sleep(0.01)
    _, resync = peer_of(database)

    await resync.heal_gaps(patience=timedelta())

    assert await effects(database, healthy) == [1, 2]
    now = datetime.now(UTC)
    assert list(resync.stuck.resting(now)) == [stuck]
    # Nor the comparison, which leaves out what rests.
    later = uuid4()
    await announce(database, later, 1)
    assert await resync.catch_up_all() == 1
    assert await effects(database, later) == [1]


async def test_a_hundred_that_are_stuck_leave_room_for_the_next(database: Database) -> None:
    cars = [uuid4() for _ in range(101)]
    for car in cars[:100]:
        await announce(database, car, -1, 2)
    await announce(database, cars[100], 1, 2)
    for car in cars:
        await inbox.receive_in_transaction(database, (await announced(database, car))[1])
    _, resync = peer_of(database)
    for _ in range(2):
        await resync.heal_gaps(patience=timedelta())
    assert await effects(database, cars[100]) == [1, 2]


def test_what_is_stuck_rests_longer_and_longer_and_is_tried_within_the_hour() -> None:
    stuck, car, now = Stuck(), uuid4(), NOW
    pauses: list[timedelta] = []
    for _ in range(12):
        stuck.failed(car, ValueError("no"), now)
        until = now
        while stuck.resting(until):
            until += timedelta(seconds=1)
        pauses.append(until - now)
        now = until
    assert timedelta(seconds=11) <= pauses[0] <= timedelta(seconds=15)
    assert all(later > earlier for earlier, later in pairwise(pauses[:7]))
    assert max(pauses) <= timedelta(hours=1)
    stuck.succeeded(car)
    stuck.failed(car, ValueError("no"), now)
    assert not stuck.resting(now + timedelta(seconds=15))


async def test_a_long_log_is_fetched_in_pages_and_whole_by_who_knows_none(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    car = uuid4()
    await announce(database, car, *range(1, 8))
    asked: list[str] = []
    app, resync = peer_of(database, asked)
    monkeypatch.setattr("service_kit.resync.SNAPSHOT_PAGE", 3)
    assert await resync.catch_up(car) == 7
    assert asked == ["after_seq=0&limit=3", "after_seq=3&limit=3", "after_seq=6&limit=3"]
    assert await effects(database, car) == [*range(1, 8)]
    keys: KeyRing = app.state.service_keys
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        whole = await Peer("http://peer", keys, client).get(f"/internal/v1/cars/{car}/snapshot", Snapshot)
    assert (len(whole.events), whole.next_after_seq) == (7, None)


async def test_a_dead_letter_says_what_it_holds_up(database: Database) -> None:
    car = uuid4()
    await announce(database, car, -1)
    [envelope] = await announced(database, car)
    delivery = Delivery("toy.events", envelope.event_id, envelope.model_dump_json().encode(), 1)
    error = await attempt(inbox.delivery_handler(database), delivery)
    assert error is not None
    assert reason_of(error) == f"ValueError: a negative step (car.stepped.v1, number 1 of {car})"


async def test_only_the_peer_may_read_the_log(database: Database) -> None:
    app, _ = peer_of(database)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://peer") as stranger:
        for path in ("/internal/v1/cars", f"/internal/v1/cars/{uuid4()}/snapshot"):
            response = await stranger.get(path)
            assert response.status_code == 401
            assert response.json()["code"] == "not_signed_in"
