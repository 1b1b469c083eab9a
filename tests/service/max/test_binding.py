"""A chat in MAX is tied to an account by a link that works once, and untied again."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update

from cabinet_service.adapters.recorder import Recorder
from cabinet_service.api_ports import ApiPorts
from cabinet_service.max.models import MaxLink
from cabinet_service.notifications.kinds import NotificationKind
from tests.service.max.conftest import World
from tests.support.clients import pass_ten_minutes, sign_in


async def test_a_link_ties_the_chat_to_the_account(world: World) -> None:
    assert await world.chats() == []
    await world.bind()
    assert "вопросы и ответы экспертов" in world.anna.texts[0]
    [chat] = await world.chats()
    assert chat["name"] == "@anna"
    await world.tell(NotificationKind.EXPERT_MESSAGE)
    await world.settle()
    assert "A-1000001" in world.anna.texts[-1]


async def test_who_types_the_token_is_tied_as_well(world: World) -> None:
    world.anna.writes(f"/start {await world.link()}")
    await world.settle()
    assert len(await world.chats()) == 1


async def test_a_link_works_once(world: World) -> None:
    token = await world.link()
    boris = world.person(first_name="Boris", username=None)
    world.anna.opens(token)
    await world.settle()
    boris.opens(token)
    await world.settle()
    assert "уже сработала" in boris.texts[-1]
    assert boris.read[-1].buttons[0][0]["url"] == "https://cars.example/profile"
    assert len(await world.chats()) == 1


async def test_pressed_twice_it_is_no_error_for_who_is_bound(world: World) -> None:
    token = await world.link()
    for _ in range(2):
        world.anna.opens(token)
    await world.settle()
    assert "уже подключён" in world.anna.texts[-1]


async def test_a_link_ends_after_its_time(world: World) -> None:
    token = await world.link()
    async with world.ports.backbone.database.writing() as session:
        await session.execute(update(MaxLink).values(expires_at=MaxLink.expires_at - timedelta(minutes=16)))
    world.anna.opens(token)
    await world.settle()
    assert "15 минут" in world.anna.texts[-1]
    assert await world.chats() == []


@pytest.mark.parametrize("token", ["made-up", "x" * 500, "🚗"])
async def test_a_link_that_never_was_says_so(world: World, token: str) -> None:
    world.anna.opens(token)
    await world.settle()
    assert "Такой ссылки нет" in world.anna.texts[-1]


async def test_the_link_itself_is_kept_nowhere(world: World) -> None:
    token = await world.link()
    async with world.ports.backbone.database.reading() as session:
        [row] = await session.fetch("SELECT token_sha256 FROM max_links")
    assert token.encode() not in row["token_sha256"]


async def test_a_chat_of_somebody_else_is_not_taken_over(world: World) -> None:
    await world.bind()
    other = await sign_in(world.ports, "boris@example.com")
    await world.bind(client=other)
    assert "другой учётной записи" in world.anna.texts[-1]
    assert len(await world.chats()) == 1
    assert await world.chats(other) == []
    world.anna.writes("стоп")
    await world.bind(client=other)
    assert await world.chats() == []
    assert len(await world.chats(other)) == 1


async def test_in_a_group_nothing_is_tied_and_nothing_told(world: World) -> None:
    group = world.person(group=-70_801_090_403_050)
    group.writes(f"/start {await world.link()}")
    group.writes("hello everybody")
    await world.settle()
    [said] = group.read
    assert "лично" in said.text
    assert said.buttons[0][0]["url"].startswith("https://max.ru/")
    assert await world.chats() == []


async def test_in_the_list_it_can_be_left(world: World) -> None:
    await world.bind()
    [chat] = await world.chats()
    other = await sign_in(world.ports, "boris@example.com")
    gone = await world.api.delete(f"/api/v1/me/max/{chat['id']}", headers=other.headers)
    assert gone.status_code == 404
    gone = await world.api.delete(f"/api/v1/me/max/{chat['id']}", headers=world.client.headers)
    assert gone.status_code == 204
    assert await world.chats() == []


async def test_a_session_that_is_not_new_ties_and_unties_nothing(world: World) -> None:
    """Codes come to a chat: whoever has a phone that lies about could have them come to theirs."""
    await world.bind()
    [chat] = await world.chats()
    await pass_ten_minutes(world.ports)
    for method, path in (
        ("POST", "me/max"),
        ("DELETE", f"me/max/{chat['id']}"),
        ("DELETE", f"notifications/devices/{chat['id']}"),
    ):
        refused = await world.api.request(method, f"/api/v1/{path}", headers=world.client.headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "sign_in_again"), path
    assert await world.chats() == [chat]


async def test_that_it_was_tied_is_told_everywhere_but_there(world: World) -> None:
    await world.bind()
    second = world.person(username="second")
    await world.bind(second)
    letters = await Recorder(world.ports.settings.outbox_dir).newest(20)
    assert sum("подключён чат в MAX" in one.text for one in letters) == 2
    assert sum("подключён чат в MAX" in text for text in world.anna.texts) == 1
    assert not any("подключён чат в MAX" in text for text in second.texts)
    async with world.ports.backbone.database.reading() as session:
        entries = await session.fetch("SELECT subject_id FROM audit_entries WHERE act = 'max_tied'")
    assert [entry["subject_id"] for entry in entries] == [world.client.account_id] * 2


async def test_erasing_leaves_nothing_of_the_chat(world: World) -> None:
    await world.bind()
    await world.link()
    gone = await world.api.post("/api/v1/me/erasure", headers=world.client.headers)
    assert gone.status_code == 202
    await world.settle()
    async with world.ports.backbone.database.reading() as session:
        for table in ("updates", "links"):
            [[count]] = await session.fetch(f"SELECT count(*) FROM max_{table}")
            assert count == 0, table
    world.anna.writes("/help")
    await world.settle()
    assert "подключите MAX в профиле" in world.anna.texts[-1]


async def test_without_a_bot_nothing_is_offered(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts
) -> None:
    client = await sign_in(cabinet_ports)
    shown = await cabinet_api.get("/api/v1/me/max", headers=client.headers)
    assert shown.json() == {"bot": None, "chats": []}
    refused = await cabinet_api.post("/api/v1/me/max", headers=client.headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "max_not_offered")
