"""What changes in how one signs in is told at every contact and in every chat that were there before."""

import pytest

from cabinet_service.adapters.recorder import Recorder
from cabinet_service.wiring import work_handlers
from service_kit.bus import RetryLater
from tests.service.accounts.contacts import PHONE, Adding
from tests.service.telegram.conftest import World
from tests.support.delivery import do_work
from tests.support.telegram.people import Person

TIED, ADDED, REMOVED = "подключён чат в Telegram", "добавлен телефон", "удалён адрес почты"


async def letters(world: World, what: str) -> list[str]:
    """To whom it was written."""
    return [one.to for one in await Recorder(world.ports.settings.outbox_dir).newest(20) if what in one.text]


def told(person: Person, what: str) -> int:
    return sum(what in said for said in person.texts)


@pytest.fixture
async def other(world: World) -> Person:
    """The second of two phones with a chat that is Anna's."""
    await world.bind()
    other = world.person(username="second")
    await world.bind(other)
    return other


async def test_a_chat_that_is_tied_is_told_everywhere_but_there(world: World, other: Person) -> None:
    assert await letters(world, TIED) == ["anna@example.com"] * 2
    assert (told(world.anna, TIED), told(other, TIED)) == (1, 0)
    [[button]] = world.anna.read[-1].buttons
    assert button["url"] == "https://cars.example/help"
    async with world.ports.backbone.database.reading() as session:
        entries = await session.fetch("SELECT subject_id FROM audit_entries WHERE act = 'telegram_tied'")
    assert [entry["subject_id"] for entry in entries] == [world.client.account_id] * 2


async def test_a_chat_that_was_tied_before_is_no_news(world: World) -> None:
    for _ in range(2):
        await world.bind()
    assert len(await letters(world, TIED)) == 1


async def test_a_new_contact_is_told_in_every_chat_though_telegram_is_away_at_first(
    world: World, other: Person
) -> None:
    form = Adding(world.api, world.ports, world.client)
    assert (await form.enter(await form.asked(PHONE))).status_code == 201
    world.server.is_away = True
    with pytest.raises(RetryLater):
        await do_work(world.ports.backbone, work_handlers(world.ports))
    assert await letters(world, ADDED) == ["anna@example.com"]
    world.server.is_away = False
    await do_work(world.ports.backbone, work_handlers(world.ports))
    assert (told(world.anna, ADDED), told(other, ADDED)) == (1, 1)
    assert await letters(world, ADDED) == ["anna@example.com"]


async def test_a_chat_that_is_dead_holds_up_no_other(world: World, other: Person) -> None:
    form = Adding(world.api, world.ports, world.client)
    await form.enter(await form.asked(PHONE))
    world.server.blocked.add(other.id)
    await world.settle()
    assert (told(world.anna, ADDED), told(other, ADDED)) == (1, 0)
    assert len(await world.chats()) == 1


async def test_the_last_contact_goes_where_a_chat_signs_in(world: World, other: Person) -> None:
    body = {"kind": "email", "value": "anna@example.com"}
    gone = await world.api.post("/api/v1/me/contacts/removal", json=body, headers=world.client.headers)
    assert (gone.status_code, gone.json()["contacts"]) == (200, [])
    await world.settle()
    assert await letters(world, REMOVED) == ["anna@example.com"], "whoever is shut out hears of it"
    assert (told(world.anna, REMOVED), told(other, REMOVED)) == (1, 1)
