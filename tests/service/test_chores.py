"""What workers tidy up, and that a failure does not end the tidying."""

import asyncio
import contextlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select, update

from cabinet_service.api_ports import ApiPorts
from cabinet_service.db.tables import TABLES
from cabinet_service.notifications import service as notifications
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.notifications.models import Delivery, Notification
from service_kit import idempotency, live, pruning
from service_kit.chores import Chore, repeat
from service_kit.db import Session, database_now
from service_kit.ids import new_id
from service_kit.notifying.rules import DeliveryState
from tests.support import clients

SOON = timedelta(milliseconds=1)


async def test_a_chore_is_done_again_and_again_whatever_happens(cabinet_ports: ApiPorts) -> None:
    calls: list[datetime] = []
    enough = asyncio.Event()

    async def fail_now_and_then(_session: Session, now: datetime) -> None:
        calls.append(now)
        if len(calls) == 5:
            enough.set()
        if len(calls) % 2:
            raise ZeroDivisionError

    task = asyncio.create_task(
        repeat(cabinet_ports.backbone.database, Chore("fails", SOON, fail_now_and_then))
    )
    async with asyncio.timeout(30):
        await enough.wait()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert calls == sorted(calls)


async def test_what_a_chore_writes_is_committed_unless_it_fails(cabinet_ports: ApiPorts) -> None:
    done = asyncio.Event()
    keys = iter(("fails", "works"))

    async def write(session: Session, now: datetime) -> None:
        key = next(keys, None)
        if key is None:
            done.set()
            return
        await session.execute(
            insert(TABLES.idempotency_keys).values(owner="owner", key=key, fingerprint=b"", created_at=now)
        )
        if key == "fails":
            raise ZeroDivisionError

    task = asyncio.create_task(repeat(cabinet_ports.backbone.database, Chore("writes", SOON, write)))
    async with asyncio.timeout(30):
        await done.wait()
    task.cancel()
    async with cabinet_ports.backbone.database.reading() as session:
        assert list(await session.scalars(select(TABLES.idempotency_keys.key))) == ["works"]


async def test_old_idempotency_keys_are_forgotten(cabinet_ports: ApiPorts) -> None:
    async with cabinet_ports.backbone.database.writing() as session:
        now = await database_now(session)
        for key, age in (("young", timedelta(days=6)), ("old", timedelta(days=8))):
            await session.execute(
                insert(TABLES.idempotency_keys).values(
                    owner="owner", key=key, fingerprint=b"", created_at=now - age
                )
            )
        await idempotency.prune(session, now, table=TABLES.idempotency_keys)
        assert list(await session.scalars(select(TABLES.idempotency_keys.key))) == ["young"]


async def test_old_hints_are_forgotten_but_for_the_newest(cabinet_ports: ApiPorts) -> None:
    async with cabinet_ports.backbone.database.writing() as session:
        now = await database_now(session)
        for _ in range(3):
            live.announce(session, audience="account:1", kind="changed", subject_id=new_id())
        live.hold(session, TABLES.hints)
        await session.flush()
        newest = await session.scalar(select(func.max(TABLES.hints.id)))
        await live.prune(session, now + timedelta(hours=1), table=TABLES.hints)
        assert await session.scalar(select(func.count()).select_from(TABLES.hints)) == 3
        await session.execute(update(TABLES.hints).values(at=now - timedelta(hours=25)))
        await live.prune(session, now, table=TABLES.hints)
        assert list(await session.scalars(select(TABLES.hints.id))) == [newest]


def id_of(instant: datetime) -> UUID:
    """A UUIDv7 as it would have been made then."""
    return UUID(int=(int(instant.timestamp() * 1000) << 80) | (new_id().int & ((1 << 80) - 1)))


async def test_work_goes_when_it_was_sent_long_ago_and_events_stay(cabinet_ports: ApiPorts) -> None:
    database = cabinet_ports.backbone.database
    async with database.writing() as session:
        now = await database_now(session)
        long_ago = now - timedelta(days=15)
        for queue, sent_at in (
            ("bpa.events", long_ago),
            ("cabinet.work", long_ago),
            ("cabinet.events", long_ago),
            ("cabinet.work", None),
            ("cabinet.work", now),
        ):
            row: dict[str, Any] = {
                "event_id": new_id(),
                "queue": queue,
                "type": "t",
                "version": 1,
                "occurred_at": long_ago,
                "correlation_id": "c",
                "data": {},
                "sent_at": sent_at,
            }
            await session.execute(insert(TABLES.outbox.table).values(row))
    async with database.writing() as session:
        assert await pruning.prune_work(session, now, outbox=TABLES.outbox) is False
        left = await session.execute(
            select(TABLES.outbox.table.queue, TABLES.outbox.table.sent_at).order_by(
                TABLES.outbox.table.position
            )
        )
        assert [*left] == [("bpa.events", long_ago), ("cabinet.work", None), ("cabinet.work", now)]


async def test_messages_taken_in_long_ago_letters_and_notifications_are_forgotten(
    cabinet_ports: ApiPorts,
) -> None:
    database = cabinet_ports.backbone.database
    account = (await clients.sign_in(cabinet_ports)).account_id
    async with database.writing() as session:
        now = await database_now(session)
        ages = {days: now - timedelta(days=days) for days in (1, 31, 200, 400)}
        for age in ages.values():
            await session.execute(insert(TABLES.inbox).values(event_id=id_of(age), name="n", received_at=age))
        # Made long ago, and taken in late: it may well be delivered again.
        late = id_of(ages[400])
        await session.execute(insert(TABLES.inbox).values(event_id=late, name="late", received_at=now))
        for days, replayed in ((400, None), (200, None), (200, 31), (200, 1)):
            letter = {
                "queue": f"died {days}, replayed {replayed}",
                "message_id": new_id(),
                "body": b"",
                "correlation_id": "c",
                "reason": "r",
                "attempts": 1,
                "died_at": ages[days],
                "replayed_at": replayed and ages[replayed],
            }
            await session.execute(insert(TABLES.dead).values(letter))
        for days, state in ((200, "sent"), (200, "queued"), (31, "sent")):
            told = {
                "id": id_of(ages[days]),
                "event_id": new_id(),
                "person_id": account,
                "kind": NotificationKind.DECISION,
                "subject_id": new_id(),
                "number": f"{days} {state}",
                "created_at": ages[days],
            }
            await session.execute(insert(Notification).values(told))
            delivery = {
                "id": new_id(),
                "notification_id": told["id"],
                "person_id": account,
                "channel": "email",
                "state": DeliveryState(state),
                "due_at": now,
            }
            await session.execute(insert(Delivery).values(delivery))
    async with database.writing() as session:
        await pruning.prune_inbox(session, now, inbox=TABLES.inbox)
        await pruning.prune_dead_letters(session, now, dead=TABLES.dead)
        await notifications.forget_old(session, now)
    async with database.reading() as session:
        assert sorted(await session.scalars(select(TABLES.inbox.name))) == ["late", "n"]
        letters = await session.scalars(select(TABLES.dead.queue))
        assert sorted(letters) == ["died 200, replayed 1", "died 200, replayed None"]
        told = await session.scalars(select(Notification.number))
        assert sorted(told) == ["200 queued", "31 sent"]


async def test_pruning_goes_by_batches_and_waits_for_nobody(
    cabinet_ports: ApiPorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "BATCH", 2)
    database = cabinet_ports.backbone.database
    async with database.writing() as session:
        now = await database_now(session)
        old = now - timedelta(days=40)
        ids = [id_of(old) for _ in range(5)]
        for one in ids:
            await session.execute(insert(TABLES.inbox).values(event_id=one, name="n", received_at=old))
    async with database.writing() as holder:
        await holder.get(TABLES.inbox, ids[0], lock=True)
        more: list[bool] = []
        async with asyncio.timeout(30):
            while not more or more[-1]:
                async with database.writing() as session:
                    more.append(await pruning.prune_inbox(session, now, inbox=TABLES.inbox))
    assert more == [True, True, False]
    async with database.reading() as session:
        assert list(await session.scalars(select(TABLES.inbox.event_id))) == [ids[0]]


async def test_a_chore_with_more_to_do_goes_on_at_once(cabinet_ports: ApiPorts) -> None:
    calls = 0
    done = asyncio.Event()

    async def three_batches(_session: Session, _now: datetime) -> bool:
        nonlocal calls
        calls += 1
        if calls == 3:
            done.set()
        return calls < 3

    chore = Chore("batches", timedelta(hours=1), three_batches)
    task = asyncio.create_task(repeat(cabinet_ports.backbone.database, chore))
    async with asyncio.timeout(30):
        await done.wait()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert calls == 3
