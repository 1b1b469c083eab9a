"""What workers tidy up, and that a failure does not end the tidying."""

import asyncio
import contextlib
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select, update

from cabinet_service.db.tables import IdempotencyKey, LiveHint
from cabinet_service.ports import Ports
from service_kit import idempotency, live
from service_kit.chores import Chore, repeat
from service_kit.db import Session, database_now
from service_kit.ids import new_id

SOON = timedelta(milliseconds=1)


async def test_a_chore_is_done_again_and_again_whatever_happens(cabinet_ports: Ports) -> None:
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


async def test_what_a_chore_writes_is_committed_unless_it_fails(cabinet_ports: Ports) -> None:
    done = asyncio.Event()
    keys = iter(("fails", "works"))

    async def write(session: Session, now: datetime) -> None:
        key = next(keys, None)
        if key is None:
            done.set()
            return
        await session.execute(
            insert(IdempotencyKey).values(owner="owner", key=key, fingerprint=b"", created_at=now)
        )
        if key == "fails":
            raise ZeroDivisionError

    task = asyncio.create_task(repeat(cabinet_ports.backbone.database, Chore("writes", SOON, write)))
    async with asyncio.timeout(30):
        await done.wait()
    task.cancel()
    async with cabinet_ports.backbone.database.reading() as session:
        assert list(await session.scalars(select(IdempotencyKey.key))) == ["works"]


async def test_old_idempotency_keys_are_forgotten(cabinet_ports: Ports) -> None:
    async with cabinet_ports.backbone.database.writing() as session:
        now = await database_now(session)
        for key, age in (("young", timedelta(days=6)), ("old", timedelta(days=8))):
            await session.execute(
                insert(IdempotencyKey).values(owner="owner", key=key, fingerprint=b"", created_at=now - age)
            )
        await idempotency.prune(session, now, table=IdempotencyKey)
        assert list(await session.scalars(select(IdempotencyKey.key))) == ["young"]


async def test_old_hints_are_forgotten_but_for_the_newest(cabinet_ports: Ports) -> None:
    async with cabinet_ports.backbone.database.writing() as session:
        now = await database_now(session)
        for _ in range(3):
            live.announce(session, audience="account:1", kind="changed", subject_id=new_id())
        await live.flush(session, LiveHint)
        newest = await session.scalar(select(func.max(LiveHint.id)))
        await live.prune(session, now + timedelta(hours=1), table=LiveHint)
        assert await session.scalar(select(func.count()).select_from(LiveHint)) == 3
        await session.execute(update(LiveHint).values(at=now - timedelta(hours=25)))
        await live.prune(session, now, table=LiveHint)
        assert list(await session.scalars(select(LiveHint.id))) == [newest]
