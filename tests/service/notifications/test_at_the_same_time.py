"""What else touches notifications while the sender does: nobody waits in a circle, and nothing is lost."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import pytest

from cabinet_service.notifications import service
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.notifications.notices import notices
from cabinet_service.notifications.people import Clients
from service_kit.db import Session, database_now
from service_kit.ids import new_id
from service_kit.notifying import planning, settling
from service_kit.notifying.channels import ChannelAway, Wording
from service_kit.notifying.planning import Ready
from service_kit.notifying.settling import Outcome, Verdict
from tests.service.notifications.conftest import Way, World
from tests.support.clients import sign_in

ANNA, BORIS = "anna@example.com", "boris@example.com"
WORDS: Final = Wording("", "", "")
PEOPLE: Final = Clients("https://cabinet.example.com")


async def sql(world: World, statement: str, *values: Any) -> list[Any]:
    async with world.ports.backbone.database.writing() as session:
        return await session.fetch(statement, *values)


async def outcomes(world: World, verdict: Verdict) -> list[Outcome]:
    """The same for all that there is, the newest first."""
    rows = await sql(
        world, "SELECT id, notification_id, account_id FROM notification_deliveries ORDER BY id DESC"
    )
    return [
        Outcome(
            ready=Ready(one[0], one[1], (one[2], "email", None), "late", new_id(), None, [ANNA], WORDS),
            verdict=verdict,
            reason="busy",
        )
        for one in rows
    ]


Act = Callable[[World, Session, UUID], Awaitable[object]]


async def see(world: World, session: Session, _: UUID) -> None:
    await service.see(session, world.client.account_id, None, now=await database_now(session))


async def withdraw(_: World, session: Session, task_id: UUID) -> None:
    await notices.withdraw_task(session, task_id, now=await database_now(session))


async def erase(world: World, session: Session, _: UUID) -> None:
    await service.erase(session, world.client.account_id)


async def plan(_: World, session: Session, __: UUID) -> None:
    await planning.turn(session, notices)


async def settle(world: World, session: Session, _: UUID) -> None:
    await settling.settle(session, notices, PEOPLE, await outcomes(world, Verdict.TAKEN))


@pytest.mark.parametrize("act", [see, withdraw, erase, plan, settle])
async def test_all_lock_notifications_by_id_and_before_their_deliveries(world: World, act: Act) -> None:
    """Whoever waits for the first holds nothing that whoever has it may want."""
    task_id = new_id()
    world.channel.faults[ANNA] = ChannelAway("away")
    for _ in range(2):
        await world.tell(NotificationKind.INFO_TASK, info_task_id=task_id)
    await world.work()
    [first], [second] = await sql(world, "SELECT id FROM notifications ORDER BY id")
    # As rows lie in the table, and by their turns, it is the other way round.
    await sql(world, "UPDATE notifications SET escalate_at = now() - interval '2 hours'")
    await sql(world, "UPDATE notifications SET escalate_at = now() - interval '1 hour' WHERE id = $1", first)
    lock = "SELECT id FROM {} FOR UPDATE NOWAIT"
    database = world.ports.backbone.database

    async def do() -> None:
        async with database.writing() as session:
            await act(world, session, task_id)

    async with database.writing() as session:
        await session.fetch(lock.format("notifications WHERE id = $1"), first)
        other = asyncio.create_task(do())
        while not await sql(world, "SELECT FROM pg_locks WHERE NOT granted"):
            await asyncio.sleep(0.02)
        await session.fetch(lock.format("notifications WHERE id = $1"), second)
        await session.fetch(lock.format("notification_deliveries ORDER BY id"))
    await other


@pytest.mark.parametrize("verdict", [Verdict.LATER, Verdict.FAILED, Verdict.TAKEN])
async def test_many_are_settled_in_as_few_statements_as_one(
    world: World, monkeypatch: pytest.MonkeyPatch, verdict: Verdict
) -> None:
    asked: list[str] = []
    known = Session.fetch

    async def fetch(session: Session, statement: str, *values: Any) -> Any:
        asked.append(statement)
        return await known(session, statement, *values)

    world.channel.faults[ANNA] = ChannelAway("away")
    for _ in range(50):
        await world.tell(NotificationKind.LATE)
    await world.work()
    ended = await outcomes(world, verdict)
    counts: list[int] = []
    for some in (ended[:1], ended[1:]):
        with monkeypatch.context() as counting:
            counting.setattr(Session, "fetch", fetch)
            async with world.ports.backbone.database.writing() as session:
                await settling.settle(session, notices, PEOPLE, some)
        counts.append(len(asked))
        asked.clear()
    assert counts[0] == counts[1]
    states = await sql(world, "SELECT DISTINCT state FROM notification_deliveries")
    assert len(states) == 1


async def _erase(world: World) -> None:
    async with world.ports.backbone.database.writing() as session:
        await service.erase(session, world.client.account_id)


@pytest.mark.parametrize("moment", ["got ready", "sent"])
async def test_who_is_erased_between_two_statements_of_the_sender_is_gone_and_the_others_are_told(
    world: World, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    boris = await sign_in(world.ports, BORIS)
    world.channel.faults |= {one: ChannelAway("away") for one in (ANNA, BORIS)}
    await world.tell(NotificationKind.INFO_TASK, info_task_id=new_id())
    await world.tell(NotificationKind.LATE, account_id=boris.account_id)
    await world.work()
    world.channel.faults.clear()
    if moment == "got ready":
        read_clock = planning.clock_now

        async def clock_now(session: Session) -> Any:
            await _erase(world)
            return await read_clock(session)

        monkeypatch.setattr(planning, "clock_now", clock_now)  # after what waits was read, before what it is
    else:
        send = Way.send

        async def erase_and_send(way: Way, message: Any) -> None:
            await _erase(world)
            await send(way, message)

        monkeypatch.setattr(Way, "send", erase_and_send)
    await world.work()
    told = [BORIS] if moment == "got ready" else [ANNA, BORIS]
    assert sorted(world.channel.reached) == told
    assert await sql(world, "SELECT state FROM notification_deliveries") == [("sent",)]
    await world.pass_time(timedelta(hours=1))
    await world.work()
    assert len(world.channel.sent) == len(told)
