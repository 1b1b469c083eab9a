"""What a transaction writes in few statements is what it would write in many."""

import json
from uuid import uuid4

import pytest
from sqlalchemy import delete, func, select

from service_kit import audit, live
from service_kit.db import Database, database_now
from service_kit.objects import RowGone
from service_kit.session import Session
from tests.service.kit.conftest import Effect, LiveHint, OutboxMessage, Polish, Stepped, outbox
from tests.support.statements import statements_sent

CAR = uuid4()


async def act(session: Session, effect: Effect, *, step: int) -> None:
    """Change a row and say so everywhere, as an act does."""
    now = await database_now(session)
    effect.step = step
    await outbox.add(session, Stepped(inspection_id=CAR, step=step), now=now)
    audit.record(session, "car_stepped", by=None, now=now, subject_id=CAR)
    live.announce(session, audience="desk", kind="stepped", subject_id=CAR)


async def an_effect(database: Database) -> int:
    async with database.writing() as session:
        effect = Effect(inspection_id=CAR, step=0)
        session.add(effect)
        await session.flush()
        return effect.id


async def said(database: Database) -> tuple[int, int, int]:
    """How many messages, entries of the audit log and hints there are."""
    async with database.reading() as session:
        counts = [
            await session.scalar(select(func.count()).select_from(table))
            for table in (OutboxMessage, LiveHint)
        ]
        [[entries]] = await session.fetch("SELECT count(*) FROM audit_entries")
        return counts[0] or 0, entries, counts[1] or 0


async def test_an_act_is_written_in_one_statement(database: Database) -> None:
    key = await an_effect(database)
    with statements_sent() as sent:
        async with database.writing() as session:
            await act(session, await session.get_one(Effect, key), step=1)
    [of_row, of_time, written] = sent
    assert (of_row.split()[0], of_time.split()[0]) == ("SELECT", "SELECT")
    assert [part in written for part in ("UPDATE effects", "outbox", "audit_entries", "live_hints")] == [
        True
    ] * 4
    async with database.reading() as session:
        assert (await session.get_one(Effect, key)).step == 1
    assert await said(database) == (1, 1, 1)


async def test_events_of_one_car_are_numbered_in_their_order(database: Database) -> None:
    async with database.writing() as session:
        now = await database_now(session)
        for step in (1, 2, 3):
            await outbox.add(session, Stepped(inspection_id=CAR, step=step), now=now)
        await outbox.enqueue(session, Polish(car="A-1"), now=now)
    async with database.reading() as session:
        events = await outbox.events_after(session, CAR, 0)
    assert [(one.aggregate_seq, json.dumps(one.data["step"])) for one in events] == [
        (1, "1"),
        (2, "2"),
        (3, "3"),
    ]


async def test_nothing_of_a_savepoint_that_failed_is_written(database: Database) -> None:
    key = await an_effect(database)
    async with database.writing() as session:
        effect = await session.get_one(Effect, key)
        with pytest.raises(ZeroDivisionError):
            async with audit.attempt(session):
                await act(session, effect, step=1)
                raise ZeroDivisionError
        await session.flush()
    async with database.reading() as session:
        assert (await session.get_one(Effect, key)).step == 0
    messages, entries, _ = await said(database)
    assert (messages, entries) == (0, 0)


async def test_a_row_that_is_gone_is_noticed_among_other_writes_and_all_is_undone(database: Database) -> None:
    key = await an_effect(database)
    with pytest.raises(RowGone):
        async with database.writing() as session:
            effect = await session.get_one(Effect, key)
            async with database.writing() as another:
                await another.execute(delete(Effect).where(Effect.id == key))
            await act(session, effect, step=1)
    assert await said(database) == (0, 0, 0)


async def test_what_is_read_is_as_it_was_changed(database: Database) -> None:
    key = await an_effect(database)
    async with database.writing() as session:
        effect = await session.get_one(Effect, key)
        await act(session, effect, step=1)
        assert await session.scalar(select(func.count()).select_from(OutboxMessage)) == 1
        assert await session.scalar(select(Effect.step).where(Effect.id == key)) == 1
