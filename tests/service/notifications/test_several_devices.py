"""A person with two browsers: each is told by itself, once, and the mail comes only where no browser took it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cabinet_service.notifications import service
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.notifications.notices import notices
from service_kit.db import database_now
from service_kit.ids import new_id
from service_kit.notifying.channels import Manners, MessageDeferred, MessageUndeliverable
from service_kit.notifying.rules import DeliveryState
from tests.service.notifications.conftest import Way, World
from tests.support.delivery import announced

PHONE, LAPTOP, MAIL = "the phone", "the laptop", "anna@example.com"


@pytest.fixture
async def devices(world: World) -> World:
    """The client with both, and mail after them."""
    channels = {
        "push": (Way(world.channel, "push"), Manners(to_all=True)),
        "email": (Way(world.channel, "email"), Manners()),
    }
    async with world.ports.backbone.database.writing() as session:
        now = await database_now(session)
        for address in (PHONE, LAPTOP):
            await notices.bind(session, world.client.account_id, "push", address, device=address, now=now)
    return replace(world, ports=replace(world.ports, channels=channels))


async def test_a_browser_that_could_not_take_it_is_tried_again_and_the_other_is_not(devices: World) -> None:
    devices.channel.faults[LAPTOP] = MessageDeferred("503")
    await devices.tell(NotificationKind.INFO_TASK, info_task_id=new_id())
    await devices.work()
    assert devices.channel.reached == [PHONE]
    await devices.pass_time(timedelta(seconds=6))
    await devices.work()
    devices.channel.faults.clear()
    await devices.pass_time(timedelta(seconds=11))
    await devices.work()
    assert devices.channel.reached == [PHONE, LAPTOP]
    await devices.pass_time(timedelta(seconds=20))
    await devices.work()
    assert devices.channel.reached == [PHONE, LAPTOP]
    [told] = await devices.told()
    assert [one.state for one in told.deliveries] == [DeliveryState.SENT, DeliveryState.SENT]
    events = [one.type for one in await announced(devices.ports.backbone)]
    assert events.count("info_task.notified") == 1


async def test_the_time_to_be_seen_runs_from_the_first_that_took_it(devices: World) -> None:
    devices.channel.faults[LAPTOP] = MessageDeferred("503")
    await devices.tell(NotificationKind.INFO_TASK, info_task_id=new_id())
    await devices.work()
    await devices.pass_time(timedelta(seconds=30))  # longer than a channel has that takes nothing
    devices.channel.faults.clear()
    await devices.work()
    assert devices.channel.reached == [PHONE, LAPTOP]
    await devices.pass_time(timedelta(seconds=16))
    await devices.work()
    assert devices.channel.reached == [PHONE, LAPTOP, MAIL]


async def test_a_browser_that_is_gone_hands_on_to_the_mail_only_where_no_other_took_it(
    devices: World,
) -> None:
    devices.channel.faults[LAPTOP] = MessageUndeliverable("410", is_dead=True)
    await devices.tell(NotificationKind.DECISION)
    await devices.work()
    assert devices.channel.reached == [PHONE]
    devices.channel.faults[PHONE] = MessageUndeliverable("410", is_dead=True)
    await devices.tell(NotificationKind.DECISION)
    await devices.work()
    assert devices.channel.reached == [PHONE, MAIL]


async def test_each_browser_is_told_in_order_whatever_the_other_does(devices: World) -> None:
    devices.channel.faults[LAPTOP] = MessageDeferred("503")
    await devices.tell(NotificationKind.LATE)
    await devices.work()
    devices.channel.faults.clear()
    await devices.tell(NotificationKind.EXPIRED)
    await devices.work()
    assert devices.channel.reached == [PHONE, PHONE], "what came first goes first at the laptop, too"
    await devices.pass_time(timedelta(seconds=6))
    await devices.work()
    to_laptop = [one.text for one in devices.channel.sent if one.to == LAPTOP]
    assert ["Время вышло" in text for text in to_laptop] == [True, False]


async def test_what_was_seen_on_one_is_not_tried_again_on_the_other(devices: World) -> None:
    devices.channel.faults[LAPTOP] = MessageDeferred("503")
    await devices.tell(NotificationKind.DECISION)
    await devices.work()
    devices.channel.faults.clear()
    async with devices.ports.backbone.database.writing() as session:
        await service.see(session, devices.client.account_id, None, now=await database_now(session))
    await devices.pass_time(timedelta(minutes=10))
    await devices.work()
    assert devices.channel.reached == [PHONE]


async def test_a_browser_that_was_taken_away_is_told_no_more(devices: World) -> None:
    devices.channel.faults |= {LAPTOP: MessageDeferred("503"), PHONE: MessageDeferred("503")}
    await devices.tell(NotificationKind.DECISION)
    await devices.work()
    devices.channel.faults.clear()
    async with devices.ports.backbone.database.writing() as session:
        for one in await notices.addresses_of(session, devices.client.account_id):
            if one.address == LAPTOP:
                await notices.unbind(session, devices.client.account_id, one.id)
    await devices.pass_time(timedelta(seconds=6))
    await devices.work()
    assert devices.channel.reached == [PHONE]
