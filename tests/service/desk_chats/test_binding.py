"""A chat is tied to an expert by a link that works once, and untied again."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update

from bpa_service.api_ports import ApiPorts
from bpa_service.audit import queries as audit
from bpa_service.audit.queries import AuditFilter
from bpa_service.experts.domain import Role
from bpa_service.experts.models import ExpertRow
from bpa_service.telegram.models import TelegramLink
from service_kit.paging import Page
from tests.service.desk_chats.conftest import World
from tests.support.experts import sign_in


async def test_a_link_ties_the_chat_to_the_expert_and_leaves_a_trace(world: World) -> None:
    assert await world.chats() == []
    await world.bind()
    assert "новости о делах" in world.anna.texts[0]
    [chat] = await world.chats()
    assert chat["name"] == "@anna"
    async with world.ports.backbone.database.reading() as session:
        entries = await audit.entries(session, AuditFilter(), Page(after=None, limit=10))
    [tied] = [entry for entry in entries if entry.act == "telegram_tied"]
    assert tied.actor_id == world.desk.anna.id


async def test_a_link_works_once(world: World) -> None:
    token = await world.link()
    world.anna.writes(f"/start {token}")
    await world.settle()
    boris = world.person(first_name="Boris", username=None)
    boris.writes(f"/start {token}")
    world.anna.writes(f"/start {token}")
    await world.settle()
    assert "уже сработала" in boris.texts[-1]
    assert "уже подключён" in world.anna.texts[-1]
    assert len(await world.chats()) == 1


async def test_a_link_ends_after_its_time(world: World) -> None:
    token = await world.link()
    async with world.ports.backbone.database.writing() as session:
        await session.execute(
            update(TelegramLink).values(expires_at=TelegramLink.expires_at - timedelta(minutes=16))
        )
    world.anna.writes(f"/start {token}")
    await world.settle()
    assert "15 минут" in world.anna.texts[-1]
    assert await world.chats() == []


@pytest.mark.parametrize("token", ["made-up", "x" * 3000, "🚗"])
async def test_a_link_that_never_was_says_so(world: World, token: str) -> None:
    world.anna.writes(f"/start {token}")
    await world.settle()
    assert "Такой ссылки нет" in world.anna.texts[-1]


async def test_a_chat_of_somebody_else_is_not_taken_over(world: World) -> None:
    await world.bind()
    boris = await sign_in(world.ports, Role.EXPERT, "boris")
    await world.bind(of=boris)
    assert "другому человеку" in world.anna.texts[-1]
    assert await world.chats(boris) == []
    world.anna.writes("/stop")
    await world.bind(of=boris)
    assert await world.chats() == []
    assert len(await world.chats(boris)) == 1


async def test_a_stranger_is_told_nothing(world: World) -> None:
    await world.opened()
    for text in ("/start", "/queue", "/status", "/shift on", "hello", "/language"):
        world.anna.writes(text)
    await world.settle()
    assert len(world.anna.texts) == 6
    assert all("для экспертов" in said and "A-1000001" not in said for said in world.anna.texts)


async def test_in_a_group_nothing_is_tied_and_nothing_told(world: World) -> None:
    group = world.person(group=-world.server.number())
    group.writes(f"/start {await world.link()}")
    group.writes("hello everybody")
    group.writes("/queue")
    await world.settle()
    assert len(group.texts) == 2
    assert all("лично" in said for said in group.texts)
    assert await world.chats() == []


async def test_in_the_list_it_can_be_left(world: World) -> None:
    await world.bind()
    [chat] = await world.chats()
    boris = await sign_in(world.ports, Role.EXPERT, "boris")
    path = f"/api/v1/me/telegram/{chat['id']}"
    assert (await world.api.delete(path, headers=boris.headers)).status_code == 404
    assert (await world.api.delete(path, headers=world.signed_in.headers)).status_code == 204
    assert await world.chats() == []


async def test_who_was_switched_off_is_refused_everything(world: World) -> None:
    await world.bind()
    case_id = await world.opened()
    token = await world.link()
    async with world.ports.backbone.database.writing() as session:
        await session.execute(
            update(ExpertRow).where(ExpertRow.id == world.desk.anna.id).values(active=False)
        )
    for text in ("/queue", "/shift on", f"/start {token}"):
        world.anna.writes(text)
    world.anna.press(f"take:{case_id.hex}", world.anna.read[0])
    await world.settle()
    assert [said.startswith("Эта учётная запись отключена") for said in world.anna.texts[2:]] == [True] * 3
    assert (await world.desk.case(case_id)).holder_id is None
    world.anna.writes("/stop")
    await world.settle()
    assert "не пишу" in world.anna.texts[-1]


async def test_who_blocks_the_bot_is_bound_no_more_until_they_come_back(world: World) -> None:
    await world.bind()
    await world.on_shift(world.desk.anna)
    world.server.blocked.add(world.anna.id)
    await world.opened()
    await world.settle()
    assert await world.chats() == []
    world.server.blocked.clear()
    world.anna.writes("/help")
    await world.settle()
    assert len(await world.chats()) == 1


async def test_language_is_chosen_for_everything(world: World) -> None:
    await world.bind()
    world.anna.writes("/language")
    await world.settle()
    world.anna.presses("English")
    await world.settle()
    assert world.anna.texts[-1] == "English it is."
    await world.on_shift(world.desk.anna)
    await world.opened()
    await world.settle()
    assert "a new case" in world.anna.texts[-1]


async def test_without_a_bot_nothing_is_offered(bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts) -> None:
    anna = await sign_in(bpa_ports, Role.EXPERT)
    shown = await bpa_api.get("/api/v1/me/telegram", headers=anna.headers)
    assert shown.json() == {"bot": None, "chats": []}
    refused = await bpa_api.post("/api/v1/me/telegram", headers=anna.headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "telegram_not_offered")


@pytest.mark.parametrize("act", ["second factors", "password", "switched off"])
async def test_whoever_is_shut_out_has_no_chat_and_no_link_any_more(world: World, act: str) -> None:
    """Cases can be taken from a chat: it is a way in like a sign-in."""
    admin = await sign_in(world.ports, Role.BPA_ADMIN, "nina")
    token = await world.link()
    await world.bind()
    person = f"/api/v1/people/{world.desk.anna.id}"
    renamed = await world.api.patch(person, json={"display_name": "Anna B."}, headers=admin.headers)
    assert (renamed.status_code, len(await world.chats())) == (200, 1)
    changed = {"password": {"password": "a new and long one"}, "switched off": {"active": False}}
    if act == "second factors":
        answer = await world.api.delete(f"{person}/second-factors", headers=admin.headers)
    else:
        answer = await world.api.patch(person, json=changed[act], headers=admin.headers)
    assert answer.is_success, answer.text
    for words, answered in (("/queue", "для экспертов"), (f"/start {token}", "Такой ссылки нет")):
        world.anna.writes(words)
        await world.settle()
        assert answered in world.anna.texts[-1]
