"""Whatever comes in a chat is answered once, in order, and kindly."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from cabinet_service.entrypoints.app import create_app
from cabinet_service.settings import Settings
from cabinet_service.telegram.tables import updates
from service_kit.chats.updates import webhook_secret
from service_kit.db import database_now
from service_kit.telegram.messenger import TELEGRAM
from tests.service.telegram.conftest import World
from tests.support.api import running
from tests.support.telegram.fake import TOKEN, Fault


async def keep(world: World, *bodies: Any) -> list[bool]:
    async with world.ports.backbone.database.writing() as session:
        now = await database_now(session)
        return [await updates.keep(session, body, now=now) for body in bodies]


async def test_an_update_that_comes_twice_is_answered_once(world: World) -> None:
    body = {"update_id": 1, "message": world.anna.message(text="/help")}
    assert await keep(world, body, body) == [True, False]
    await world.settle()
    assert await keep(world, body) == [False]
    await world.settle()
    assert len(world.anna.texts) == 1


async def test_what_is_said_in_a_chat_is_answered_in_order(world: World) -> None:
    await world.bind()
    for text in ("/language", "/status", "/help", "/language", "/status"):
        world.anna.writes(text)
    await world.settle()
    assert [said.split()[0] for said in world.anna.texts[-5:]] == ["На", "Сейчас", "Пришлите", "На", "Сейчас"]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ({"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}}, "текстом"),
        ({"location": {"latitude": 1.0, "longitude": 2.0}}, "Место"),
        (
            {
                "sticker": {
                    "file_id": "s",
                    "file_unique_id": "s",
                    "type": "regular",
                    "width": 1,
                    "height": 1,
                    "is_animated": False,
                    "is_video": False,
                }
            },
            "не понимаю",
        ),
        ({"contact": {"phone_number": "1", "first_name": "x"}}, "не понимаю"),
        ({"text": "x" * 5000}, "Не понял"),
        ({"text": "<b>&amp;"}, "Не понял"),
        ({"text": "/nonsense"}, "/new"),
        ({"some_thing_of_next_year": {}}, "не понимаю"),
    ],
)
async def test_what_is_not_understood_has_a_kind_answer(
    world: World, content: dict[str, Any], word: str
) -> None:
    await world.bind()
    world.anna.sends(**content)
    await world.settle()
    assert word in world.anna.texts[-1]


def _of_no_use(world: World) -> Iterator[Any]:
    yield {"update_id": 11}
    yield {"update_id": 12, "channel_post": world.anna.message(text="news")}
    yield {"update_id": 13, "message": {"message_id": 1}}
    yield {"update_id": 14, "message": world.anna.message(text="x") | {"chat": {"id": 5, "type": "channel"}}}
    yield {"update_id": 15, "poll": {"id": "1"}}
    yield {"update_id": "sixteen", "message": world.anna.message(text="x")}
    yield {"update_id": 17, "message": "text"}
    yield {"update_id": 18, "callback_query": None}


async def test_what_nobody_can_answer_is_dropped(world: World) -> None:
    assert not any(await keep(world, *_of_no_use(world)))


async def test_what_cannot_be_read_does_not_stop_the_chat(world: World) -> None:
    broken = world.anna.message(text="x") | {"date": "yesterday", "entities": 5}
    assert await keep(world, {"update_id": 31, "message": broken}) == [True]
    world.anna.writes("/help")
    await world.settle()
    assert len(world.anna.texts) == 1


async def test_a_button_of_last_year_says_so(world: World) -> None:
    await world.bind()
    world.anna.press("no-such-verb:1", world.anna.read[0])
    await world.settle()
    assert "уже не действует" in world.anna.texts[-1]


async def test_answers_wait_while_telegram_is_away(world: World) -> None:
    world.anna.writes("/help")
    world.server.flood(retry_after=1, chat_id=world.anna.id)
    world.server.fail(Fault("sendMessage", 502, "Bad Gateway", world.anna.id))
    await world.settle()
    assert len(world.anna.texts) == 1


async def test_nothing_of_what_was_said_is_kept(world: World) -> None:
    world.anna.writes("something personal")
    await world.settle()
    async with world.ports.backbone.database.reading() as session:
        rows = await session.fetch("SELECT body, sayings, answered_at FROM telegram_updates")
    assert all(row["body"] is None and row["sayings"] is None and row["answered_at"] for row in rows)


@pytest.fixture
def by_webhook(telegram_settings: Settings) -> Settings:
    return telegram_settings.model_copy(update={"environment": "production", "cache_url": "memory://"})


async def post(api: httpx.AsyncClient, content: Any, secret: str | bytes | None) -> httpx.Response:
    headers = httpx.Headers()
    if secret is not None:
        given = secret if isinstance(secret, bytes) else secret.encode()
        headers = httpx.Headers([(b"X-Telegram-Bot-Api-Secret-Token", given)])
    return await api.post(TELEGRAM.webhook, content=content, headers=headers)


async def test_telegram_brings_updates_to_the_webhook(by_webhook: Settings, world: World) -> None:
    body = json.dumps({"update_id": 21, "message": world.anna.message(text="/help")})
    async with running(create_app(by_webhook)) as api:
        for _ in range(2):
            assert (await post(api, body, webhook_secret(TELEGRAM, TOKEN))).status_code == 200
        for content, status in (("{", 400), ("[]", 200), ('{"update_id": 22}', 200)):
            assert (await post(api, content, webhook_secret(TELEGRAM, TOKEN))).status_code == status
    await world.settle()
    assert len(world.anna.texts) == 1


@pytest.mark.parametrize("secret", [None, "", "guessed", TOKEN, "Â¤".encode("latin-1")])
async def test_a_forged_update_is_refused(
    by_webhook: Settings, world: World, secret: str | bytes | None
) -> None:
    async with running(create_app(by_webhook)) as api:
        answer = await post(api, b'{"update_id": 23, "message": {"chat": {"id": 1}}}', secret)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    async with world.ports.backbone.database.reading() as session:
        assert await session.fetch("SELECT FROM telegram_updates") == []


async def test_where_updates_are_fetched_there_is_no_webhook(world: World) -> None:
    answer = await world.api.post(TELEGRAM.webhook, content=b"{}")
    assert answer.status_code in (404, 405)
