"""A button to take a case is taken away in everybody's chat, once there is nothing to take."""

import asyncio
from uuid import UUID

import pytest

from bpa_service.cases.holding import service as holding
from bpa_service.experts.domain import Role
from bpa_service.telegram import offers
from bpa_service.telegram.withdrawing import Offers
from service_kit.notifying.channels import ChannelAway
from shared_schemas.events import cabinet_v1 as cabinet
from tests.service.desk_chats.conftest import World
from tests.support.telegram.fake import Fault
from tests.support.telegram.people import Person

TAKEN = "A-1000001: дело уже взяли"
EDIT = "editMessageText"


async def offered(world: World) -> tuple[UUID, Person]:
    """A case that Anna and Vera are told of, each in their chat; Vera's chat comes along."""
    vera = await world.bound(Role.SENIOR, "vera")
    await world.bind()
    await world.on_shift(world.desk.anna, world.desk.vera)
    case_id = await world.opened()
    await world.settle()
    for one in (world.anna, vera):
        assert one.read[-1].labels == ["Взять", "Открыть дело"]
    return case_id, vera


def edits(world: World, of: Person) -> int:
    """How often Telegram was asked to change something in the chat."""
    return sum(method == EDIT and given["chat_id"] == str(of.id) for method, given in world.server.calls)


async def test_what_somebody_took_at_the_desk_is_offered_nowhere(world: World) -> None:
    case_id, vera = await offered(world)
    await world.telegram.offers.refresh()
    assert edits(world, vera) == 0
    await world.desk.claim(case_id, world.desk.boris, now=await world.now())
    for _ in range(3):
        await world.telegram.offers.refresh()
    for one in (world.anna, vera):
        assert one.read[-1].text == TAKEN
        assert one.read[-1].labels == ["Открыть дело"]
        assert edits(world, one) == 1


async def test_who_took_it_in_the_chat_reads_on_that_they_have_it(world: World) -> None:
    _, vera = await offered(world)
    world.anna.presses("Взять")
    await world.settle()
    reads = world.anna.read[-1].text
    await world.telegram.offers.refresh()
    assert world.anna.read[-1].text == reads
    assert "осталось" in reads
    assert edits(world, world.anna) == 1
    assert vera.read[-1].text == TAKEN


async def test_who_took_it_at_the_desk_reads_in_the_chat_that_they_have_it(world: World) -> None:
    case_id, vera = await offered(world)
    await world.desk.claim(case_id, world.desk.anna, now=await world.now())
    await world.telegram.offers.refresh()
    assert world.anna.read[-1].text == "A-1000001: дело у вас"
    assert vera.read[-1].text == TAKEN


async def test_who_came_too_late_is_told_once(world: World) -> None:
    case_id, vera = await offered(world)
    await world.desk.claim(case_id, world.desk.boris, now=await world.now())
    vera.presses("Взять")
    await world.settle()
    reads = vera.read[-1].text
    await world.telegram.offers.refresh()
    assert vera.read[-1].text == reads != TAKEN
    assert edits(world, vera) == 1


async def test_what_was_cancelled_is_offered_nowhere(world: World) -> None:
    case_id, vera = await offered(world)
    now = await world.now()
    await world.desk.hear(
        cabinet.InspectionCancelledV1(inspection_id=case_id, cancelled_at=now, reason=None), now
    )
    await world.telegram.offers.refresh()
    assert vera.read[-1].text == "A-1000001: дело закончено, брать нечего"
    assert vera.read[-1].labels == ["Открыть дело"]


async def test_what_was_given_back_meanwhile_may_still_be_taken(world: World) -> None:
    case_id, vera = await offered(world)
    now = await world.now()
    await world.desk.claim(case_id, world.desk.boris, now=now)
    await world.desk.do(holding.release, case_id, by=world.desk.boris, now=now)
    await world.telegram.offers.refresh()
    assert edits(world, vera) == 0
    vera.presses("Взять")
    await world.settle()
    assert (await world.desk.case(case_id)).holder_id == world.desk.vera.id


async def test_languages_are_those_of_whoever_reads(world: World) -> None:
    case_id, vera = await offered(world)
    vera.writes("/language")
    await world.settle()
    vera.presses("English")
    await world.settle()
    await world.desk.claim(case_id, world.desk.boris, now=await world.now())
    await world.telegram.offers.refresh()
    assert "A-1000001: somebody has taken it" in vera.texts
    assert world.anna.read[-1].text == TAKEN


@pytest.mark.parametrize(
    "why", ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"]
)
async def test_what_cannot_be_changed_is_let_be(world: World, why: str) -> None:
    case_id, vera = await offered(world)
    world.server.fail(Fault(EDIT, 400, f"Bad Request: {why}", vera.id))
    await world.desk.claim(case_id, world.desk.boris, now=await world.now())
    for _ in range(2):
        await world.telegram.offers.refresh()
    assert edits(world, vera) == 1
    assert vera.read[-1].labels == ["Взять", "Открыть дело"]
    assert world.anna.read[-1].text == TAKEN
    assert len(await world.chats()) == 1


async def test_while_telegram_asks_for_a_rest_nothing_is_changed(world: World) -> None:
    case_id, vera = await offered(world)
    await world.desk.claim(case_id, world.desk.boris, now=await world.now())
    world.server.flood(EDIT, retry_after=7)
    with pytest.raises(ChannelAway) as raised:
        await world.telegram.offers.refresh()
    assert raised.value.retry_after == 7
    for _ in range(2):
        await world.telegram.offers.refresh()
    assert {world.anna.read[-1].text, vera.read[-1].text} == {TAKEN}
    assert sorted((edits(world, world.anna), edits(world, vera))) == [1, 2]


async def test_what_was_changed_and_not_noted_is_no_error(world: World) -> None:
    case_id, vera = await offered(world)
    told = vera.read[-1]
    await world.desk.claim(case_id, world.desk.boris, now=await world.now())
    await world.telegram.offers.refresh()
    async with world.ports.backbone.database.writing() as session:
        await offers.keep(session, vera.id, told.message_id, case_id, now=await world.now())
    for _ in range(2):
        await world.telegram.offers.refresh()
    assert edits(world, vera) == 2
    assert told.texts[1:] == [TAKEN]


async def test_who_blocked_the_bot_is_left_alone(world: World) -> None:
    case_id, vera = await offered(world)
    world.server.blocked.add(world.anna.id)
    await world.desk.claim(case_id, world.desk.boris, now=await world.now())
    for _ in range(2):
        await world.telegram.offers.refresh()
    assert edits(world, world.anna) == 1
    assert await world.chats() == []
    assert vera.read[-1].text == TAKEN


async def test_a_chat_that_is_nobodys_any_more_stays_as_it_is(world: World) -> None:
    case_id, vera = await offered(world)
    world.anna.writes("/stop")
    await world.settle()
    await world.desk.claim(case_id, world.desk.boris, now=await world.now())
    await world.telegram.offers.refresh()
    assert edits(world, world.anna) == 0
    assert vera.read[-1].text == TAKEN


async def test_several_workers_change_a_message_once(world: World) -> None:
    case_id, vera = await offered(world)
    await world.desk.claim(case_id, world.desk.boris, now=await world.now())
    others = [
        Offers(world.ports.backbone.database, world.telegram.bot, public_url="https://desk.example")
        for _ in range(4)
    ]
    await asyncio.gather(*(one.refresh() for one in others))
    assert [edits(world, one) for one in (world.anna, vera)] == [1, 1]


async def test_what_nobody_takes_is_forgotten_after_a_month(world: World) -> None:
    case_id, vera = await offered(world)
    database = world.ports.backbone.database
    async with database.writing() as session:
        now = await world.now()
        await offers.forget_old(session, now + offers.KEPT_FOR / 2)
    await world.desk.claim(case_id, world.desk.boris, now=now)
    await world.telegram.offers.refresh()
    assert vera.read[-1].text == TAKEN
    async with database.writing() as session:
        await offers.keep(session, world.anna.id, world.anna.read[-1].message_id, case_id, now=now)
        await offers.forget_old(session, now + offers.KEPT_FOR * 2)
    await world.telegram.offers.refresh()
    assert edits(world, world.anna) == 1
