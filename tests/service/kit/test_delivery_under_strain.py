"""What the inbox and the outbox do when something is away, broken, early or not theirs."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import make_url, text

from service_kit import failpoints
from service_kit.bus import Delivery, GiveUp, Handler, RetryLater
from service_kit.db import Database, Session
from service_kit.inbox import FactHandler, Inbox, Incoming, Outcome
from service_kit.outbox import CHANNEL
from shared_schemas.envelope import Envelope
from tests.service.kit.conftest import (
    NOW,
    Effect,
    InboxMessage,
    IncomingStream,
    LiveHint,
    ParkedEvent,
    Polish,
    inbox,
    outbox,
)
from tests.service.kit.delivery import announce, announced, effects
from tests.service.kit.peers import peer_of

POLISH = Envelope(
    event_id=uuid4(),
    type=Polish.TYPE,
    version=Polish.VERSION,
    occurred_at=NOW,
    correlation_id="c",
    data={"car": "mine"},
)


def delivered(envelope: Envelope) -> Delivery:
    return Delivery("toy.events", envelope.event_id, envelope.model_dump_json().encode(), 1)


def inbox_with(on_polish: FactHandler) -> Inbox:
    return Inbox(InboxMessage, IncomingStream, ParkedEvent, outbox=outbox, handlers={Polish: on_polish})


def failing(database: Database, statement: str) -> Handler:
    """The handler of an inbox whose work is that one statement."""

    async def on_polish(session: Session, _work: Polish, _incoming: Incoming) -> None:
        await session.execute(text(statement))

    return inbox_with(on_polish).delivery_handler(database)


@pytest.mark.parametrize("sqlstate", ["40P01", "40001", "55P03"])
async def test_a_victim_of_the_database_is_tried_again_and_not_blamed(
    database: Database, sqlstate: str
) -> None:
    with pytest.raises(RetryLater):
        await failing(database, f"DO $$ BEGIN RAISE SQLSTATE '{sqlstate}'; END $$")(delivered(POLISH))


async def test_a_message_waits_for_a_database_that_is_away(toy_url: str) -> None:
    nowhere = make_url(toy_url).set(host="127.0.0.1", port=1, query={})
    database = Database(nowhere.render_as_string(hide_password=False), hints=LiveHint, patience=1)
    try:
        with pytest.raises(RetryLater):
            await inbox.delivery_handler(database)(delivered(POLISH))
    finally:
        await database.close()


async def test_an_error_of_ours_is_neither_waited_out_nor_given_up_at_once(database: Database) -> None:
    with pytest.raises(Exception, match="division by zero") as error:
        await failing(database, "SELECT 1 / 0")(delivered(POLISH))
    assert not isinstance(error.value, RetryLater | GiveUp)


async def test_data_that_breaks_the_contract_is_given_up_at_once(database: Database) -> None:
    broken = POLISH.model_copy(update={"data": {"car": {"what": "somebody wrote"}}})
    handler = failing(database, "SELECT 1")
    with pytest.raises(GiveUp, match=r"(?s)^ValidationError: .*toy\.polish\.v1") as given_up:
        await handler(delivered(broken))
    assert "somebody wrote" not in str(given_up.value)


async def test_what_has_taken_effect_is_in_the_database_when_that_is_said(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else nothing that is killed at that point would show that an effect is undone."""
    seen: list[object] = []

    async def on_polish(session: Session, _work: Polish, _incoming: Incoming) -> None:
        effect = Effect(inspection_id=uuid4(), step=1)
        session.add(effect)

        def note(point: failpoints.Point) -> None:
            seen.append((point, effect.id))

        monkeypatch.setattr(failpoints, "reach", note)

    async with database.writing() as session:
        await inbox_with(on_polish).receive(session, POLISH, now=NOW)
        assert seen == [(failpoints.Point.EFFECTED, 1)]


async def test_an_event_whose_turn_has_come_wakes_the_relay(database: Database, toy_url: str) -> None:
    car = uuid4()
    await announce(database, car, 1, 2)
    first, second = await announced(database, car)
    assert await inbox.receive_in_transaction(database, second) is Outcome.PARKED
    woken = asyncio.Event()

    def wake(*_: object) -> None:
        woken.set()

    listening = await asyncpg.connect(toy_url)
    try:
        await listening.add_listener(CHANNEL, wake)
        await inbox.receive_in_transaction(database, first)
        async with asyncio.timeout(10):
            await woken.wait()
    finally:
        await listening.close()


async def test_the_log_of_our_own_events_has_none_of_the_peers(database: Database) -> None:
    car = uuid4()
    await announce(database, car, 1, 2)
    ours = await announced(database, car)
    # The peer speaks of the same car. Its second event comes too early, and again in its turn, by our outbox.
    theirs = [envelope.model_copy(update={"event_id": uuid4()}) for envelope in ours]
    for envelope in reversed(theirs):
        await inbox.receive_in_transaction(database, envelope)

    assert await announced(database, car) == ours


async def test_the_peer_is_not_asked_for_what_may_only_be_on_its_way(database: Database) -> None:
    car = uuid4()
    await announce(database, car, 1, 2)
    await inbox.receive_in_transaction(database, (await announced(database, car))[1])
    asked: list[str] = []
    _, resync = peer_of(database, asked)

    await resync.heal_gaps(patience=timedelta(minutes=5))
    assert (asked, await effects(database, car)) == ([], [])

    await asyncio.sleep(0.01)
    await resync.heal_gaps(patience=timedelta())
    assert await effects(database, car) == [1, 2]
