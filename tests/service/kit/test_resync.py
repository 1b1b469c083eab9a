"""What got lost, or stuck, is fetched from the peer's log and holds up nothing else."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import delete, text
from structlog.testing import capture_logs

from service_kit import logs, numbers
from service_kit.bus import Delivery
from service_kit.bus.attempts import attempt, reason_of
from service_kit.db import Database
from service_kit.http.peer import Peer
from service_kit.inbox import Outcome
from service_kit.signing import KeyRing
from service_kit.stuck import Stuck
from shared_schemas.rest.streams import Snapshot
from tests.service.kit.conftest import (
    NOW,
    OutboxMessage,
    OutgoingStream,
    inbox,
)
from tests.service.kit.delivery import announce, announced, effects
from tests.service.kit.peers import peer_of


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
    with logs.correlated("c-healing"), capture_logs(processors=[logs.add_ids]) as lines:
        await resync.heal_gaps(patience=timedelta())
    assert await effects(database, car) == [1, 2]
    told = [(line["event"], line["correlation_id"]) for line in lines]
    assert told[-1] == ("gap_healed", "c-healing")
    assert "c-healing" not in [correlation_id for _, correlation_id in told[:-1]]


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


async def test_a_restored_service_repeats_no_number_that_the_peer_knows(database: Database) -> None:
    """Its log ends at an earlier moment: what it says next must be taken for new, and nothing for lost again."""
    ahead, unknown, level = uuid4(), uuid4(), uuid4()
    for car in (ahead, unknown, level):
        await announce(database, car, 1, 2)
        for event in await announced(database, car):
            await inbox.receive_in_transaction(database, event)
    async with database.writing() as session:  # as it was before the second event, and before any
        lost = (OutboxMessage.aggregate_id == ahead) & (OutboxMessage.aggregate_seq == 2)
        await session.execute(delete(OutboxMessage).where(lost | (OutboxMessage.aggregate_id == unknown)))
        await session.execute(delete(OutgoingStream).where(OutgoingStream.aggregate_id == unknown))
        stream = await session.get_one(OutgoingStream, ahead)
        stream.last_seq = 1
        await session.execute(text("CREATE SEQUENCE car_numbers"))
    _, resync = peer_of(database)
    assert await resync.go_on_after_a_restore() == {ahead: 1, unknown: 2}
    for car in (ahead, unknown):
        await announce(database, car, 3)
        [*_, event] = await announced(database, car)
        assert event.aggregate_seq == 3
        assert await inbox.receive_in_transaction(database, event) == Outcome.APPLIED
    assert await resync.go_on_after_a_restore() == {}
    assert await resync.catch_up_all() == 0
    # Nor one by which the peer knows a thing.
    async with database.writing() as session:
        assert await session.fetch("SELECT nextval('car_numbers')") == [(numbers.AHEAD + 1,)]
