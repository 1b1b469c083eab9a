"""What clients are told, over which of their contacts, and what bpa hears of it."""

from datetime import timedelta
from uuid import UUID

import pytest

from cabinet_service.accounts import service as accounts
from cabinet_service.notifications import service
from cabinet_service.notifications.kinds import NotificationKind, NotificationState
from cabinet_service.notifications.notices import notices
from service_kit.db import database_now
from service_kit.ids import new_id
from service_kit.notifying import metrics
from service_kit.notifying.channels import ChannelAway, MessageDeferred, MessageUndeliverable
from service_kit.notifying.rules import TOLD_ALONE, DeliveryState
from shared_schemas.envelope import Envelope
from shared_schemas.events.cabinet_v1 import InfoTaskNotifiedV1
from tests.service.notifications.conftest import World
from tests.support.clients import sign_in
from tests.support.delivery import announced, waiting_work

MAIL, PHONE = "anna@example.com", "+79211234567"


async def withdraw(world: World, task_id: UUID) -> None:
    async with world.ports.backbone.database.writing() as session:
        await notices.withdraw_task(session, task_id, now=await database_now(session))


async def see(world: World) -> None:
    async with world.ports.backbone.database.writing() as session:
        await service.see(session, world.client.account_id, None, now=await database_now(session))


async def waiting(world: World) -> float:
    """How many wait, as Prometheus is told."""
    text = (await metrics.collect(world.ports.backbone.database, notices)).decode()
    figures = dict(line.split() for line in text.splitlines() if not line.startswith("#"))
    assert float(figures["autodetective_notifications_oldest_seconds"]) >= 0
    return float(figures["autodetective_notifications_waiting"])


async def notified(world: World) -> list[Envelope]:
    return [event for event in await announced(world.ports.backbone) if event.type == "info_task.notified"]


async def test_a_client_is_told_with_the_number_and_a_link_and_nothing_personal(world: World) -> None:
    async with world.ports.backbone.database.writing() as session:
        await accounts.change_account(session, world.client.account_id, {"display_name": "Anna Ivanova"})
    await world.tell(NotificationKind.DECISION)
    await world.work()
    [letter] = world.channel.sent
    assert letter.channel == "email"
    assert letter.to == MAIL
    assert "A-1000001" in letter.subject
    assert f"{world.ports.settings.public_url}/inspections/{world.inspection_id}" in letter.text.splitlines()
    for personal in ("Anna", "anna", "Ivanova", str(world.client.account_id)):
        assert personal not in letter.subject + letter.text


async def test_of_a_history_they_are_led_to_the_history(world: World) -> None:
    await world.tell(NotificationKind.HISTORY_READY)
    await world.work()
    [letter] = world.channel.sent
    assert f"{world.ports.settings.public_url}/histories/{world.inspection_id}" in letter.text.splitlines()


async def test_histories_that_are_ready_together_are_told_together(world: World) -> None:
    for _ in range(TOLD_ALONE + 1):
        await world.tell(NotificationKind.HISTORY_READY)
    await world.work()
    [letter] = world.channel.sent
    assert letter.subject == f"Истории готовы: {TOLD_ALONE + 1}"
    assert f"{world.ports.settings.public_url}/histories" in letter.text.splitlines()


async def test_an_event_that_comes_twice_is_told_once(world: World) -> None:
    event_id = new_id()
    await world.tell(event_id=event_id)
    await world.tell(event_id=event_id)
    await world.work()
    await world.tell(event_id=event_id)
    await world.work()
    assert world.channel.reached == [MAIL]


async def test_an_event_is_told_to_everyone_it_concerns(world: World) -> None:
    event_id = new_id()
    other = await sign_in(world.ports, "boris@example.com", language="en")
    await world.tell(event_id=event_id)
    await world.tell(event_id=event_id, account_id=other.account_id)
    await world.work()
    assert sorted(world.channel.reached) == [MAIL, "boris@example.com"]
    to_boris = next(letter for letter in world.channel.sent if letter.to == "boris@example.com")
    assert to_boris.text.startswith("Hello!")


async def test_bpa_hears_when_and_how_a_client_was_asked(world: World) -> None:
    task_id = new_id()
    await world.tell(NotificationKind.INFO_TASK, info_task_id=task_id)
    assert await notified(world) == []
    async with world.ports.backbone.database.reading() as session:
        before = await database_now(session)
    await world.work()
    [envelope] = await notified(world)
    event = InfoTaskNotifiedV1.model_validate(envelope.data)
    assert (event.inspection_id, event.task_id) == (world.inspection_id, task_id)
    assert event.channel == "email"
    assert event.notified_at >= before
    [letter] = world.channel.sent
    assert f"/inspections/{world.inspection_id}/questions/{task_id}" in letter.text
    assert await world.state() is NotificationState.SENT


async def test_only_info_tasks_are_reported(world: World) -> None:
    await world.tell(NotificationKind.EXPERT_MESSAGE)
    await world.work()
    assert world.channel.reached == [MAIL]
    assert await announced(world.ports.backbone) == []


async def test_a_task_that_two_people_are_asked_for_is_reported_once(world: World) -> None:
    event_id, task_id = new_id(), new_id()
    other = await sign_in(world.ports, "boris@example.com")
    await world.tell(NotificationKind.INFO_TASK, event_id=event_id, info_task_id=task_id)
    await world.tell(
        NotificationKind.INFO_TASK, event_id=event_id, account_id=other.account_id, info_task_id=task_id
    )
    await world.work()
    assert len(world.channel.sent) == 2
    assert len(await notified(world)) == 1


async def test_a_contact_that_never_works_is_passed_over(world: World) -> None:
    await world.add_contact(PHONE)
    world.channel.faults[MAIL] = MessageUndeliverable("no such mailbox")
    await world.tell(NotificationKind.INFO_TASK, info_task_id=new_id())
    await world.work()
    [message] = world.channel.sent
    assert message.channel == "phone"
    assert message.to == PHONE
    [event] = await notified(world)
    assert event.data["channel"] == "phone"


async def test_a_contact_that_nobody_has_proved_to_be_theirs_is_not_written_to(world: World) -> None:
    await world.add_contact(PHONE, verified=False)
    world.channel.faults[MAIL] = MessageUndeliverable("no such mailbox")
    await world.tell()
    await world.work()
    assert world.channel.sent == []


async def test_if_no_contact_works_the_clock_never_pauses(world: World) -> None:
    await world.add_contact(PHONE)
    world.channel.faults |= {MAIL: MessageUndeliverable("gone"), PHONE: MessageUndeliverable("gone")}
    await world.tell(NotificationKind.INFO_TASK, info_task_id=new_id())
    await world.work()
    assert await world.state() is NotificationState.FAILED
    assert await notified(world) == []
    assert await waiting_work(world.ports.backbone) == []


async def test_while_the_channel_is_away_the_message_waits(world: World) -> None:
    world.channel.faults[MAIL] = ChannelAway("connection refused")
    await world.tell(NotificationKind.INFO_TASK, info_task_id=new_id())
    await world.work()
    assert await world.state() is NotificationState.PENDING
    assert await notified(world) == []
    assert await waiting(world) == 1
    world.channel.faults.clear()
    await world.work()
    assert await waiting(world) == 0
    assert world.channel.reached == [MAIL]
    assert len(await notified(world)) == 1


async def test_a_message_that_is_deferred_is_tried_again_for_a_day_and_then_given_up(world: World) -> None:
    world.channel.faults[MAIL] = MessageDeferred("450 mailbox busy")
    await world.tell()
    for _ in range(2 * 24):
        await world.work()
        assert await world.state() is NotificationState.PENDING
        await world.pass_time(timedelta(minutes=29))
    await world.pass_time(timedelta(hours=1))
    await world.work()
    assert await world.state() is NotificationState.FAILED
    [told] = await world.told()
    assert [(one.tries, one.reason) for one in told.deliveries] == [(48, "nobody took it within a day")]


async def test_between_two_tries_time_passes(world: World) -> None:
    world.channel.faults[MAIL] = MessageDeferred("450 mailbox busy", retry_after=60)
    await world.tell()
    await world.work()
    world.channel.faults.clear()
    await world.work()
    assert world.channel.sent == []
    await world.pass_time(timedelta(seconds=61))
    await world.work()
    assert world.channel.reached == [MAIL]


@pytest.mark.parametrize("fault", [ChannelAway("away"), MessageDeferred("busy")])
async def test_a_contact_that_fails_for_now_gives_way_to_the_next_before_long(
    world: World, fault: Exception
) -> None:
    await world.add_contact(PHONE)
    world.channel.faults[MAIL] = fault
    await world.tell()
    await world.work()
    assert world.channel.reached == []
    await world.pass_time(timedelta(seconds=21))
    await world.work()
    assert world.channel.reached == [PHONE]
    world.channel.faults.clear()
    await world.pass_time(timedelta(minutes=1))
    await world.work()
    assert world.channel.reached == [PHONE], "who was told there is not told by mail as well"


async def test_a_question_that_nobody_saw_goes_to_the_next_channel_as_well(world: World) -> None:
    await world.add_contact(PHONE)
    await world.tell(NotificationKind.INFO_TASK, info_task_id=new_id())
    await world.work()
    await world.pass_time(timedelta(seconds=44))
    await world.work()
    assert world.channel.reached == [MAIL]
    await world.pass_time(timedelta(seconds=2))
    await world.work()
    assert world.channel.reached == [MAIL, PHONE]
    await world.pass_time(timedelta(hours=1))
    await world.work()
    assert world.channel.reached == [MAIL, PHONE]
    assert len(await notified(world)) == 1


async def test_what_was_seen_is_told_nowhere_else(world: World) -> None:
    await world.add_contact(PHONE)
    await world.tell(NotificationKind.INFO_TASK, info_task_id=new_id())
    await world.work()
    await see(world)
    await world.pass_time(timedelta(hours=1))
    await world.work()
    assert world.channel.reached == [MAIL]
    [told] = await world.told()
    assert told.notification.seen_at is not None


async def test_a_question_that_is_seen_before_any_channel_took_it_is_known_to_the_client(
    world: World,
) -> None:
    await world.tell(NotificationKind.INFO_TASK, info_task_id=new_id())
    await see(world)
    await see(world)
    await world.work()
    assert world.channel.sent == []
    [event] = await notified(world)
    assert event.data["channel"] == "app"


async def test_what_the_expert_writes_at_once_comes_as_one_message(world: World) -> None:
    for _ in range(3):
        await world.tell(NotificationKind.EXPERT_MESSAGE)
    await world.work()
    await world.tell(NotificationKind.EXPERT_MESSAGE)
    await world.work()
    assert world.channel.reached == [MAIL], "one a minute"
    await world.pass_time(timedelta(seconds=61))
    await world.work()
    assert world.channel.reached == [MAIL, MAIL]
    states = [one.state for told in await world.told() for one in told.deliveries]
    assert states.count(DeliveryState.SENT) == 2
    assert states.count(DeliveryState.WITHDRAWN) == 2


async def test_messages_come_in_order_though_one_of_them_has_to_wait(world: World) -> None:
    world.channel.faults[MAIL] = MessageDeferred("busy", retry_after=30)
    await world.tell(NotificationKind.LATE)
    await world.work()
    world.channel.faults.clear()
    await world.tell(NotificationKind.DECISION)
    await world.work()
    assert world.channel.sent == []
    await world.pass_time(timedelta(seconds=31))
    await world.work()
    assert ["опаздываем" in letter.subject for letter in world.channel.sent] == [True, False]


async def test_a_task_that_is_no_longer_open_is_not_asked_for(world: World) -> None:
    task_id = new_id()
    await world.tell(NotificationKind.INFO_TASK, info_task_id=task_id)
    await withdraw(world, task_id)
    await world.work()
    assert world.channel.sent == []
    assert await notified(world) == []
    assert await world.state() is NotificationState.WITHDRAWN


async def test_what_was_sent_is_not_withdrawn(world: World) -> None:
    task_id = new_id()
    await world.tell(NotificationKind.INFO_TASK, info_task_id=task_id)
    await world.work()
    await withdraw(world, task_id)
    assert await world.state() is NotificationState.SENT


async def test_telling_is_undone_with_the_transaction_that_told(world: World) -> None:
    with pytest.raises(ZeroDivisionError):
        async with world.ports.backbone.database.writing() as session:
            await notices.tell(
                session,
                event_id=new_id(),
                person_id=world.client.account_id,
                kind=NotificationKind.DECISION,
                subject_id=world.inspection_id,
                number="A-1000001",
                now=await database_now(session),
            )
            raise ZeroDivisionError
    await world.work()
    assert world.channel.sent == []
