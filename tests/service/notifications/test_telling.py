"""What clients are told, over which of their contacts, and what bpa hears of it."""

import pytest
from sqlalchemy import select

from cabinet_service.accounts import service as accounts
from cabinet_service.notifications import metrics, service
from cabinet_service.notifications.kinds import NotificationKind, NotificationState
from cabinet_service.notifications.models import Notification
from cabinet_service.ports import ChannelAway, MessageDeferred, MessageUndeliverable
from service_kit.bus import RetryLater
from service_kit.db import database_now
from service_kit.ids import new_id
from shared_schemas.envelope import Envelope
from shared_schemas.events.cabinet_v1 import InfoTaskNotifiedV1
from tests.service.notifications.conftest import World
from tests.support.clients import sign_in
from tests.support.delivery import announced, waiting_work

MAIL, PHONE = "anna@example.com", "+79211234567"


async def state(world: World) -> NotificationState | None:
    async with world.ports.backbone.database.reading() as session:
        return await session.scalar(select(Notification.state))


async def waiting(world: World) -> float:
    """How many wait, as Prometheus is told."""
    text = (await metrics.collect(world.ports.backbone.database)).decode()
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
    assert await state(world) is NotificationState.SENT


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
    assert await state(world) is NotificationState.FAILED
    assert await notified(world) == []
    assert await waiting_work(world.ports.backbone) == []


async def test_while_the_channel_is_away_the_message_waits(world: World) -> None:
    world.channel.faults[MAIL] = ChannelAway("connection refused")
    await world.tell(NotificationKind.INFO_TASK, info_task_id=new_id())
    with pytest.raises(RetryLater):
        await world.work()
    assert await state(world) is NotificationState.PENDING
    assert await notified(world) == []
    assert await waiting(world) == 1
    world.channel.faults.clear()
    await world.work()
    assert await waiting(world) == 0
    assert world.channel.reached == [MAIL]
    assert len(await notified(world)) == 1


async def test_a_message_that_is_deferred_is_tried_again_within_bounds(world: World) -> None:
    world.channel.faults[MAIL] = MessageDeferred("450 mailbox busy")
    await world.tell()
    with pytest.raises(MessageDeferred):
        await world.work()
    assert await state(world) is NotificationState.PENDING


@pytest.mark.parametrize("fault", [ChannelAway("away"), MessageDeferred("busy")])
async def test_a_contact_that_fails_for_now_does_not_keep_the_next_waiting(
    world: World, fault: Exception
) -> None:
    await world.add_contact(PHONE)
    world.channel.faults[MAIL] = fault
    await world.tell()
    await world.work()
    assert world.channel.reached == [PHONE]


async def test_a_task_that_is_no_longer_open_is_not_asked_for(world: World) -> None:
    task_id = new_id()
    await world.tell(NotificationKind.INFO_TASK, info_task_id=task_id)
    async with world.ports.backbone.database.writing() as session:
        await service.withdraw_info_task(session, task_id, now=await database_now(session))
    await world.work()
    assert world.channel.sent == []
    assert await notified(world) == []
    assert await state(world) is NotificationState.WITHDRAWN


async def test_what_was_sent_is_not_withdrawn(world: World) -> None:
    task_id = new_id()
    await world.tell(NotificationKind.INFO_TASK, info_task_id=task_id)
    await world.work()
    async with world.ports.backbone.database.writing() as session:
        await service.withdraw_info_task(session, task_id, now=await database_now(session))
    assert await state(world) is NotificationState.SENT


async def test_telling_is_undone_with_the_transaction_that_told(world: World) -> None:
    with pytest.raises(ZeroDivisionError):
        async with world.ports.backbone.database.writing() as session:
            await service.tell(
                session,
                event_id=new_id(),
                account_id=world.client.account_id,
                kind=NotificationKind.DECISION,
                inspection_id=world.inspection_id,
                number="A-1000001",
                now=await database_now(session),
            )
            raise ZeroDivisionError
    assert await world.work() == []
