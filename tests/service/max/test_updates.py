"""Whatever comes in a chat of MAX is answered once, in order, and kindly."""

from typing import Any

import httpx
import pytest

from cabinet_service.entrypoints.app import create_app
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.settings import Settings
from service_kit.chats.updates import webhook_secret
from service_kit.max.messenger import MAX
from tests.service.max.conftest import World
from tests.support.api import running
from tests.support.max.fake import TOKEN, Fault


async def test_an_update_that_comes_twice_is_answered_once(world: World) -> None:
    body = world.anna.writes("/help")
    assert await world.keep(body, dict(body)) == [True, False]
    await world.settle()
    world.server.tell_again(body)
    await world.settle()
    assert len(world.anna.texts) == 1


async def test_two_that_happened_at_once_are_two(world: World) -> None:
    body = world.anna.writes("/help")
    other = {**world.anna.writes("/help"), "timestamp": body["timestamp"]}
    assert await world.keep(body, other) == [True, True]


async def test_what_comes_together_is_answered_in_the_order_in_which_it_happened(world: World) -> None:
    await world.bind()
    said = [world.anna.writes(text) for text in ("/help", "hello", "/help", "hello")]
    await world.keep(*reversed(said))
    await world.settle()
    assert [text.split()[0] for text in world.anna.texts[-4:]] == ["Я", "Спасибо,", "Я", "Спасибо,"]


async def test_who_left_before_they_came_back_is_still_there(world: World) -> None:
    """The two are told in the wrong order: what happened last holds."""
    await world.bind()
    left = world.anna.stops()
    world.server.blocked.clear()
    back = world.anna.opens()
    for body in (back, left):
        await world.keep(body)
        await world.settle()
    assert len(await world.chats()) == 1


async def test_who_stops_the_bot_is_bound_no_more_until_they_come_back(world: World) -> None:
    await world.bind()
    world.anna.stops()
    await world.settle()
    assert await world.chats() == []
    world.server.blocked.clear()
    world.anna.opens()
    await world.settle()
    assert len(await world.chats()) == 1


async def test_who_cannot_be_reached_is_bound_no_more(world: World) -> None:
    await world.bind()
    world.server.blocked.add(world.anna.id)
    await world.tell(NotificationKind.DECISION)
    await world.settle()
    assert await world.chats() == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"text": None, "attachments": [{"type": "image", "payload": {"url": "x"}}]}, "снимок"),
        ({"text": "look", "attachments": [{"type": "file"}]}, "снимок"),
        ({"attachments": [{"type": "audio"}]}, "не понимаю"),
        ({"attachments": [{"type": "location", "latitude": 1.0}]}, "не понимаю"),
        ({"attachments": "nonsense", "text": 7}, "Спасибо"),
        ({"text": "x" * 4000}, "Спасибо"),
        ({"text": "<b>&amp;"}, "Спасибо"),
        ({"text": "/no-such-command"}, "Спасибо"),
        ({"text": "Помощь"}, "только в Telegram"),
    ],
)
async def test_whatever_is_sent_gets_a_kind_answer_with_a_way_to_the_site(
    world: World, content: dict[str, Any], words: str
) -> None:
    await world.bind()
    world.anna.sends(**content)
    await world.settle()
    assert words in world.anna.texts[-1]
    [[button]] = world.anna.read[-1].buttons
    assert button["url"] == "https://cars.example/"


async def test_a_stranger_is_told_how_to_connect_in_their_language(world: World) -> None:
    boris = world.person(first_name="Boris", username=None, locale="en-GB")
    boris.opens()
    boris.writes("hello")
    await world.settle()
    assert ["connect MAX in your profile" in text for text in boris.texts] == [True, True]


async def test_language_is_chosen_for_everything(world: World) -> None:
    await world.bind()
    world.anna.writes("/language")
    await world.settle()
    said = len(world.anna.read)
    world.anna.presses("English")
    await world.settle()
    assert world.anna.texts[-1] == "English it is."
    assert len(world.anna.read) == said, "in place of the question"
    me = await world.api.get("/api/v1/me", headers=world.client.headers)
    assert me.json()["account"]["language"] == "en"


async def test_a_button_of_long_ago_is_no_error(world: World) -> None:
    await world.bind()
    world.anna.press("made:up", world.anna.read[-1])
    world.anna.press("language:en", world.anna.read[-1])
    world.server.begin_anew()  # MAX has forgotten the presses
    await world.settle()
    assert await world.chats() != []


async def test_what_no_database_keeps_is_answered_all_the_same(world: World) -> None:
    body = world.anna.message(text="a\x00b\ud800c", attachments=[{"type": "\x00", "x\udfff": ["\x00"]}])
    world.server.dialogs.add(world.anna.id)
    told = {"update_type": "message_created", "timestamp": 1_775_053_255_737, "message": body}
    assert await world.keep(told) == [True]
    await world.settle()
    assert len(world.anna.texts) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"update_type": "bot_started"},
        {"update_type": "message_created", "timestamp": 1, "message": None},
        {"update_type": "user_added", "timestamp": 1, "chat_id": 1, "user": {"user_id": 1}},
        {"update_type": "bot_started", "timestamp": True, "user": {"user_id": 1}},
        {"update_type": "bot_started", "timestamp": 2**60, "user": {"user_id": 1}},
        {"update_type": "bot_started", "timestamp": 1, "user": {"user_id": 2**63}},
        {"update_type": "bot_started", "timestamp": 1, "user": {"user_id": -5}},
        {"update_type": "bot_started", "timestamp": 1, "user": {"user_id": 5, "is_bot": True}},
    ],
)
async def test_what_nobody_could_answer_is_dropped(world: World, body: dict[str, Any]) -> None:
    assert await world.keep(body) == [False]


async def test_the_bot_in_a_channel_says_nothing(world: World) -> None:
    body = world.anna.writes("/start")
    body["message"]["recipient"] = {"chat_id": -5, "chat_type": "channel"}
    assert await world.keep(body) == [False]


async def test_max_away_for_a_while_loses_nothing(world: World) -> None:
    world.anna.writes("/help")
    world.server.fail(Fault("/messages", 503, {"code": "service.unavailable", "message": ""}))
    await world.settle()
    assert len(world.anna.texts) == 1


async def test_what_was_said_is_forgotten_once_it_is_answered(world: World) -> None:
    world.anna.writes("my secret")
    await world.settle()
    async with world.ports.backbone.database.reading() as session:
        [row] = await session.fetch("SELECT body, sayings, answered_at FROM max_updates")
    assert (row["body"], row["sayings"]) == (None, None)
    assert row["answered_at"] is not None


@pytest.fixture
def by_webhook(max_settings: Settings) -> Settings:
    production = {"environment": "production", "cache_url": "memory://"}
    return max_settings.model_copy(update=production)


@pytest.mark.parametrize("secret", ["", "wrong", webhook_secret(MAX, TOKEN)[:-1], "я"])
async def test_a_forged_update_is_refused(world: World, by_webhook: Settings, secret: str) -> None:
    async with running(create_app(by_webhook)) as api:
        answer = await api.post(
            MAX.webhook,
            json=world.anna.opens(await world.link()),
            headers={b"X-Max-Bot-Api-Secret": secret.encode()},
        )
    assert answer.status_code == 401
    async with world.ports.backbone.database.reading() as session:
        assert await session.fetch("SELECT FROM max_updates") == []


async def test_what_max_brings_is_kept_and_answered(world: World, by_webhook: Settings) -> None:
    secret = {MAX.secret_header: webhook_secret(MAX, TOKEN)}
    async with running(create_app(by_webhook)) as api:

        async def bring(**content: Any) -> httpx.Response:
            return await api.post(MAX.webhook, headers=secret, **content)

        body = world.anna.opens(await world.link())
        assert [(await bring(json=body)).status_code for _ in range(2)] == [200, 200]
        assert (await bring(content=b"{")).status_code == 400
        assert (await bring(json=["a list"])).status_code == 200
        assert (await bring(json={"update_type": "nothing known"})).status_code == 200
    world.server.begin_anew()
    await world.settle()
    assert len(await world.chats()) == 1
    assert len(world.anna.texts) == 1
