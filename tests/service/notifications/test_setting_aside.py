"""One notification over which something of ours fails is set aside by itself, and everybody else is told."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import time, timedelta
from typing import Any, Final

import pytest

from cabinet_service.notifications import texts
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.notifications.notices import notices
from cabinet_service.notifications.people import Clients
from service_kit.notifying import metrics, reading
from service_kit.notifying.channels import Manners, Message, MessageDeferred
from service_kit.notifying.rules import Choice, DeliveryState
from tests.service.notifications.conftest import Way, World
from tests.support.clients import sign_in

ANNA, BORIS = "anna@example.com", "boris@example.com"
BAD: Final = NotificationKind.EXPIRED
"""The kind of the one that is spoilt."""


async def sql(world: World, statement: str) -> None:
    async with world.ports.backbone.database.writing() as session:
        await session.fetch(statement)


async def a_kind_of_tomorrow(world: World, _: pytest.MonkeyPatch) -> None:
    await sql(world, "UPDATE notifications SET kind = 'of_tomorrow' WHERE kind = 'expired'")


async def no_words(_: World, monkeypatch: pytest.MonkeyPatch) -> None:
    known = texts.notification

    def notification(kind: NotificationKind, *given: Any, **named: Any) -> Any:
        if kind is BAD:
            raise KeyError(f"{kind}.subject")
        return known(kind, *given, **named)

    monkeypatch.setattr(texts, "notification", notification)


async def no_urgency(_: World, monkeypatch: pytest.MonkeyPatch) -> None:
    known = Clients.urgency_of

    def urgency_of(clients: Clients, kind: str) -> Any:
        if kind == BAD:
            raise ZeroDivisionError
        return known(clients, kind)

    monkeypatch.setattr(Clients, "urgency_of", urgency_of)


Spoil = Callable[[World, pytest.MonkeyPatch], Awaitable[None]]


async def set_aside(world: World) -> float:
    """How many are, as Prometheus is told."""
    text = (await metrics.collect(world.ports.backbone.database, notices)).decode()
    figures = dict(line.split() for line in text.splitlines() if not line.startswith("#"))
    return float(figures["autodetective_notifications_set_aside"])


async def reasons(world: World) -> list[str]:
    """Why something is set aside or was given up, as support reads it in the ledger."""
    async with world.ports.backbone.database.reading() as session:
        rows = await session.fetch(
            "SELECT coalesce(told.trouble, sent.reason) AS why FROM notifications AS told"
            " LEFT JOIN notification_deliveries AS sent ON sent.notification_id = told.id"
            " WHERE told.trouble IS NOT NULL OR sent.reason IS NOT NULL"
        )
    return [row["why"] for row in rows]


def to_anna(world: World) -> list[str]:
    return [one.subject.partition(": ")[2] for one in world.channel.sent if one.to == ANNA]


async def tell_both(world: World) -> None:
    """Three things to Anna, the one in the middle spoilt, and as many to Boris."""
    boris = await sign_in(world.ports, BORIS)
    for kind in (NotificationKind.LATE, BAD, NotificationKind.DECISION):
        await world.tell(kind)
        await world.tell(NotificationKind.LATE, account_id=boris.account_id)


@pytest.mark.parametrize("spoil", [a_kind_of_tomorrow, no_words, no_urgency])
async def test_the_others_are_told_in_order_and_the_spoilt_one_once_it_can_be(
    world: World, monkeypatch: pytest.MonkeyPatch, spoil: Spoil
) -> None:
    await tell_both(world)
    with monkeypatch.context() as spoiling:
        await spoil(world, spoiling)
        await world.work()
        assert to_anna(world) == ["мы опаздываем", "результат проверки готов"]
        assert world.channel.reached.count(BORIS) == 3
        assert await set_aside(world) == 1
        assert len(await reasons(world)) == 1
        for _ in range(3):  # a worker that is started again and again
            await world.pass_time(timedelta(minutes=1))
            await world.work()
        assert len(world.channel.sent) == 5, "nobody is told twice"
    await sql(world, "UPDATE notifications SET kind = 'expired' WHERE kind = 'of_tomorrow'")
    await world.pass_time(timedelta(minutes=15))
    await world.work()
    assert to_anna(world)[2:] == ["мы не дождались вас"], "a version that knows it tells it"
    assert await set_aside(world) == 0
    assert await reasons(world) == []


@pytest.mark.parametrize("spoil", [a_kind_of_tomorrow, no_words])
async def test_what_nobody_learns_to_say_is_given_up_after_a_day(
    world: World, monkeypatch: pytest.MonkeyPatch, spoil: Spoil
) -> None:
    await world.tell(BAD)
    await spoil(world, monkeypatch)
    await world.work()
    await world.pass_time(timedelta(hours=25))
    await world.work()
    assert await set_aside(world) == 0
    assert len(await reasons(world)) == 1, "why stays in the ledger"
    await sql(world, "UPDATE notifications SET kind = 'expired' WHERE kind = 'of_tomorrow'")
    [told] = await world.told()
    assert told.state == "failed"


async def test_what_fails_on_its_way_holds_up_nothing_though_it_was_tried(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was planned and tried by the version that is rolled back."""
    world.channel.faults[ANNA] = MessageDeferred("busy")
    await world.tell(BAD)
    await world.work()
    world.channel.faults.clear()
    await a_kind_of_tomorrow(world, monkeypatch)
    await world.pass_time(timedelta(seconds=6))
    await world.tell(NotificationKind.DECISION)
    await world.work()
    assert to_anna(world) == ["результат проверки готов"]
    assert await set_aside(world) == 1


async def test_a_choice_that_makes_no_sense_silences_nobody_else(world: World) -> None:
    """A time zone that is not in the machine's tables any more."""
    boris = await sign_in(world.ports, BORIS)
    async with world.ports.backbone.database.writing() as session:
        gone = Choice(quiet_from=time(23), quiet_until=time(7), time_zone="Mars/Phobos")
        await notices.choose(session, boris.account_id, gone)
    await world.tell(BAD, account_id=boris.account_id)
    await world.tell(BAD)
    await world.work()
    assert world.channel.reached == [ANNA]
    assert await set_aside(world) == 1


async def test_a_message_over_which_its_channel_stumbles_holds_up_nothing(world: World) -> None:
    class Stumbles(Way):
        async def send(self, message: Message) -> None:
            if message.kind == BAD:
                raise IndexError
            await super().send(message)

    channel = Stumbles(world.channel, "email")
    stumbling = replace(world, ports=replace(world.ports, channels={"email": (channel, Manners())}))
    await tell_both(stumbling)
    await stumbling.work()
    assert to_anna(world) == ["мы опаздываем", "результат проверки готов"]
    assert world.channel.reached.count(BORIS) == 3
    assert await set_aside(world) == 1
    await world.pass_time(timedelta(seconds=6))
    await world.work()
    assert to_anna(world)[2:] == ["мы не дождались вас"]
    assert await set_aside(world) == 0


async def test_what_cannot_be_written_down_is_shelved_and_the_rest_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Clients.told

    async def told(clients: Clients, session: Any, notification: Any, *rest: Any) -> None:
        if notification.kind is BAD:
            raise ZeroDivisionError
        await known(clients, session, notification, *rest)

    monkeypatch.setattr(Clients, "told", told)
    await tell_both(world)
    await world.work()
    await world.work()
    assert len(world.channel.sent) == 6, "each once"
    states = [one.state for told in await world.told() for one in told.deliveries]
    assert states == [DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.SENT]


async def test_a_list_of_news_leaves_out_what_this_version_cannot_say(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tell_both(world)
    await a_kind_of_tomorrow(world, monkeypatch)
    async with world.ports.backbone.database.reading() as session:
        listed = await reading.newest(session, notices, world.client.account_id, most=10)
    assert [one.notification.kind for one in listed] == [NotificationKind.DECISION, NotificationKind.LATE]
