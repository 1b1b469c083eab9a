"""A chat is tied to an account by a link that works once, and untied again."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update

from cabinet_service.api_ports import ApiPorts
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.telegram.models import TelegramLink
from tests.service.telegram.conftest import World
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


async def test_a_link_works_once(world: World) -> None:
    token = await world.link()
    boris = world.person(first_name="Boris", username=None)
    world.anna.writes(f"/start {token}")
    await world.settle()
    boris.writes(f"/start {token}")
    await world.settle()
    assert "уже сработала" in boris.texts[-1]
    assert len(await world.chats()) == 1


async def test_pressed_twice_it_is_no_error_for_who_is_bound(world: World) -> None:
    token = await world.link()
    for _ in range(2):
        world.anna.writes(f"/start {token}")
    await world.settle()
    assert "уже подключён" in world.anna.texts[-1]


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


async def test_the_link_itself_is_kept_nowhere(world: World) -> None:
    token = await world.link()
    async with world.ports.backbone.database.reading() as session:
        [row] = await session.fetch("SELECT token_sha256 FROM telegram_links")
    assert token.encode() not in row["token_sha256"]


async def test_a_chat_of_somebody_else_is_not_taken_over(world: World) -> None:
    await world.bind()
    other = await sign_in(world.ports, "boris@example.com")
    await world.bind(client=other)
    assert "другой учётной записи" in world.anna.texts[-1]
    assert len(await world.chats()) == 1
    assert await world.chats(other) == []
    world.anna.writes("/stop")
    await world.bind(client=other)
    assert await world.chats() == []
    assert len(await world.chats(other)) == 1


async def test_in_a_group_nothing_is_tied_and_nothing_told(world: World) -> None:
    group = world.person(group=-world.server.number())
    group.writes(f"/start {await world.link()}")
    group.writes("hello everybody")
    await world.settle()
    [said] = group.texts
    assert "лично" in said
    assert await world.chats() == []


async def test_in_the_list_it_can_be_left(world: World) -> None:
    await world.bind()
    [chat] = await world.chats()
    other = await sign_in(world.ports, "boris@example.com")
    gone = await world.api.delete(f"/api/v1/me/telegram/{chat['id']}", headers=other.headers)
    assert gone.status_code == 404
    gone = await world.api.delete(f"/api/v1/me/telegram/{chat['id']}", headers=world.client.headers)
    assert gone.status_code == 204
    assert await world.chats() == []


async def test_a_session_that_is_not_new_ties_and_unties_nothing(world: World) -> None:
    """A chat signs in: whoever has a phone that lies about could have a new session by one of their own."""
    await world.bind()
    [chat] = await world.chats()
    await pass_ten_minutes(world.ports)
    for method, path in (
        ("POST", "me/telegram"),
        ("DELETE", f"me/telegram/{chat['id']}"),
        ("DELETE", f"notifications/devices/{chat['id']}"),
    ):
        refused = await world.api.request(method, f"/api/v1/{path}", headers=world.client.headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "sign_in_again"), path
    assert await world.chats() == [chat]
    again = await sign_in(world.ports, "anna@example.com")
    gone = await world.api.delete(f"/api/v1/notifications/devices/{chat['id']}", headers=again.headers)
    assert gone.status_code == 204
    assert await world.chats() == []


async def test_who_blocks_the_bot_is_bound_no_more_until_they_come_back(world: World) -> None:
    await world.bind()
    world.server.blocked.add(world.anna.id)
    await world.tell(NotificationKind.DECISION)
    await world.settle()
    assert await world.chats() == []
    world.server.blocked.clear()
    world.anna.writes("/help")
    await world.settle()
    assert len(await world.chats()) == 1


async def test_somebody_new_gets_an_account_with_their_consent_and_not_before(world: World) -> None:
    async def accounts() -> int:
        async with world.ports.backbone.database.reading() as session:
            [[count]] = await session.fetch("SELECT count(*) FROM accounts")
            return int(count)

    before = await accounts()
    boris = world.person(first_name="Boris", username="boris", language_code="en")
    boris.writes("/start")
    await world.settle()
    assert await accounts() == before
    assert "consent" in boris.texts[0]
    boris.presses("I agree")
    boris.presses("I agree")
    await world.settle()
    assert await accounts() == before + 1
    async with world.ports.backbone.database.reading() as session:
        [consent] = await session.fetch(
            "SELECT consent_records.* FROM consent_records JOIN notification_addresses USING (account_id)"
        )
    assert (consent["document"], consent["act"], consent["language"]) == ("personal_data", "given", "en")
    assert consent["network"] == "telegram"


async def test_language_is_chosen_for_everything(world: World) -> None:
    await world.bind()
    world.anna.writes("/language")
    await world.settle()
    world.anna.presses("English")
    await world.settle()
    assert world.anna.texts[-1] == "English it is."
    me = await world.api.get("/api/v1/me", headers=world.client.headers)
    assert me.json()["account"]["language"] == "en"


async def test_erasing_leaves_nothing_of_the_chat(world: World) -> None:
    await world.bind()
    await world.link()
    gone = await world.api.post("/api/v1/me/erasure", headers=world.client.headers)
    assert gone.status_code == 202
    await world.settle()
    async with world.ports.backbone.database.reading() as session:
        for table in ("updates", "links", "chats", "photos", "statuses"):
            [[count]] = await session.fetch(f"SELECT count(*) FROM telegram_{table}")
            assert count == 0, table
    world.anna.writes("/status")
    await world.settle()
    assert "согласие" in "".join(world.anna.texts[-3:])


async def test_without_a_bot_nothing_is_offered(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts
) -> None:
    client = await sign_in(cabinet_ports)
    shown = await cabinet_api.get("/api/v1/me/telegram", headers=client.headers)
    assert shown.json() == {"bot": None, "chats": []}
    refused = await cabinet_api.post("/api/v1/me/telegram", headers=client.headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "telegram_not_offered")
