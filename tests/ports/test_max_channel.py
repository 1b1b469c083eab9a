"""What the channel over MAX promises, against a Bot API that refuses what its documents say the real one does."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager

import pytest

from deploy.embedded.processes import free_port
from service_kit.chats.saying import Button, Saying, escape, shortened
from service_kit.ids import new_id
from service_kit.max.bot import LONGEST_REST, MaxBot
from service_kit.max.channel import MaxChannel
from service_kit.max.messenger import MAX_TEXT, UPDATES
from service_kit.notifying.channels import (
    AnswerLost,
    ChannelAway,
    Message,
    MessageUndeliverable,
    Wording,
)
from tests.support.max.fake import TOKEN, FakeMax, Fault
from tests.support.max.people import Person

pytestmark = pytest.mark.busless

LINK = "https://cars.example/inspections/1"


@pytest.fixture(scope="module")
def server() -> Iterator[FakeMax]:
    with FakeMax().running() as fake:
        yield fake


@pytest.fixture
def anna(server: FakeMax) -> Person:
    server.begin_anew()
    anna = Person(server, server.number())
    server.dialogs.add(anna.id)
    return anna


@pytest.fixture
async def bot(server: FakeMax) -> AsyncGenerator[MaxBot]:
    async with opened(server.url) as bot:
        yield bot


@asynccontextmanager
async def opened(url: str, token: str = TOKEN, patience: float = 10) -> AsyncGenerator[MaxBot]:
    bot = MaxBot(token, api_url=url, timeout=patience)
    try:
        yield bot
    finally:
        await bot.close()


def channel_of(bot: MaxBot) -> MaxChannel:
    return MaxChannel(bot, loud={"decision"})


def message(anna: Person, *, title: str = "A-1: ready", kind: str = "", link: str = LINK) -> Message:
    wording = Wording("subject", "letter", "short", title, "Here it is:", "Open", link)
    return Message(new_id(), str(anna.id), wording, kind=kind, subject_id=new_id())


async def test_it_arrives_with_a_button(bot: MaxBot, anna: Person) -> None:
    reference = await channel_of(bot).send(message(anna))
    [said] = anna.read
    assert said.text == "A-1: ready\nHere it is"
    assert said.buttons == [[{"type": "link", "text": "Open", "url": LINK}]]
    assert reference == said.mid
    assert len(said.mid) <= 64


@pytest.mark.parametrize(
    "title", ["<b>Anna</b> & Co", "a_b*c`d[e](f)~g", "</b>", "&amp;", "🚗 \u202eאבג", "x < y > z"]
)
async def test_words_are_read_as_they_were_written(bot: MaxBot, anna: Person, title: str) -> None:
    await channel_of(bot).send(message(anna, title=title))
    assert anna.texts == [f"{title}\nHere it is"]


async def test_an_address_of_this_machine_is_no_button(bot: MaxBot, anna: Person) -> None:
    await channel_of(bot).send(message(anna, link="http://127.0.0.1:8001/x"))
    [said] = anna.read
    assert said.buttons == []
    assert said.text.endswith("http://127.0.0.1:8001/x")


async def test_only_what_is_loud_buzzes(bot: MaxBot, anna: Person) -> None:
    for kind in ("decision", "expert_message", ""):
        await channel_of(bot).send(message(anna, kind=kind))
    assert [said.is_silent for said in anna.read] == [False, True, False]


async def test_who_stopped_the_bot_is_reached_there_no_more(bot: MaxBot, anna: Person) -> None:
    anna.max.blocked.add(anna.id)
    with pytest.raises(MessageUndeliverable, match=r"chat\.denied") as raised:
        await channel_of(bot).send(message(anna))
    assert raised.value.is_dead


async def test_a_dialog_that_never_was_is_dead(bot: MaxBot, anna: Person) -> None:
    stranger = Message(new_id(), "999999999", message(anna).wording)
    with pytest.raises(MessageUndeliverable) as raised:
        await channel_of(bot).send(stranger)
    assert raised.value.is_dead


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (403, "chat.denied", "Key: error.dialog.suspended, args: [1,]."),
        (403, "error.dialog.suspended", ""),
        (404, "dialog.not.found", "dialog.not.found"),
        (404, "not.found", "error.dialog.notfound"),
        (200, "chat.denied", "said with success: false"),
    ],
)
async def test_every_way_to_say_that_a_chat_is_dead(
    bot: MaxBot, anna: Person, status: int, code: str, words: str
) -> None:
    said = {"code": code, "message": words} | ({"success": False} if status == 200 else {})
    if code == "error.dialog.suspended":
        said["message"] = code
    anna.max.fail(Fault("/messages", status, said))
    with pytest.raises(MessageUndeliverable) as raised:
        await channel_of(bot).send(message(anna))
    assert raised.value.is_dead


@pytest.mark.parametrize("status", [200, 400])
async def test_what_max_does_not_take_says_nothing_of_the_chat(
    bot: MaxBot, anna: Person, status: int
) -> None:
    said = {"code": "proto.payload", "message": "text"} | ({"success": False} if status == 200 else {})
    anna.max.fail(Fault("/messages", status, said))
    with pytest.raises(MessageUndeliverable) as raised:
        await channel_of(bot).send(message(anna))
    assert not raised.value.is_dead
    with pytest.raises(MessageUndeliverable):
        await bot.say(anna.id, Saying(html="<b>unclosed"))


@pytest.mark.parametrize(
    ("header", "rest"), [("17", 17), ("", 1), ("Wed, 21 Oct 2026", 1), ("999999", LONGEST_REST), ("²", 1)]
)
async def test_a_flood_is_held_off_for_as_long_as_max_says(
    bot: MaxBot, anna: Person, header: str, rest: float
) -> None:
    said = {"code": "too.many.requests", "message": "slow down"}
    headers = {"Retry-After": header} if header.isascii() and header else {}
    anna.max.fail(Fault("/messages", 429, said, headers=headers))
    with pytest.raises(ChannelAway) as raised:
        await channel_of(bot).send(message(anna))
    assert raised.value.retry_after == rest
    assert not isinstance(raised.value, AnswerLost)
    assert anna.read == []


@pytest.mark.parametrize("status", [302, 403, 404, 500, 502, 503])
async def test_an_outage_is_nobodys_fault(bot: MaxBot, anna: Person, status: int) -> None:
    """Nor is what a proxy says in place of MAX, by whichever status."""
    anna.max.fail(Fault("/messages", status, "<html>closed</html>"))
    with pytest.raises(ChannelAway) as raised:
        await channel_of(bot).send(message(anna))
    assert not isinstance(raised.value, AnswerLost)
    await channel_of(bot).send(message(anna))
    assert len(anna.read) == 1


async def test_503_may_say_when_it_is_over(bot: MaxBot, anna: Person) -> None:
    said = {"code": "service.unavailable", "message": ""}
    anna.max.fail(Fault("/messages", 503, said, headers={"Retry-After": "120"}))
    with pytest.raises(ChannelAway) as raised:
        await channel_of(bot).send(message(anna))
    assert raised.value.retry_after == 120


async def test_nobody_there_took_nothing(anna: Person) -> None:
    async with opened(f"http://127.0.0.1:{free_port()}") as bot:
        with pytest.raises(ChannelAway) as raised:
            await channel_of(bot).send(message(anna))
    assert not isinstance(raised.value, AnswerLost)


async def test_whoever_does_not_answer_may_have_taken_it(server: FakeMax, anna: Person) -> None:
    server.fail(Fault("/messages", 0, hangs=True))
    async with opened(server.url, patience=0.5) as bot:
        with pytest.raises(AnswerLost):
            await channel_of(bot).send(message(anna))
    assert len(anna.read) == 1


@pytest.mark.parametrize(("status", "body"), [(504, ""), (200, "not JSON"), (200, "[]")])
async def test_an_answer_that_got_lost_on_its_way(bot: MaxBot, anna: Person, status: int, body: str) -> None:
    anna.max.fail(Fault("/messages", status, body))
    with pytest.raises(AnswerLost):
        await channel_of(bot).send(message(anna))


@pytest.mark.parametrize("token", ["revoked-secret", ""])
async def test_a_token_that_is_refused_is_not_told(server: FakeMax, anna: Person, token: str) -> None:
    async with opened(server.url, token=token) as bot:
        with pytest.raises(ChannelAway) as raised:
            await channel_of(bot).send(message(anna))
    assert "revoked" not in str(raised.value)


@pytest.mark.parametrize("text", ["x" * 5000, "🚗" * 3000, "short"])
async def test_long_words_are_shortened_to_what_a_message_holds(bot: MaxBot, anna: Person, text: str) -> None:
    await bot.say(anna.id, Saying(html=escape(shortened(text, MAX_TEXT))))
    [said] = anna.read
    assert said.text == text or said.text.endswith("…")


async def test_a_press_is_answered_in_the_message_with_the_button(
    bot: MaxBot, server: FakeMax, anna: Person
) -> None:
    await bot.say(anna.id, Saying(html="?", buttons=[[Button("Да", "y" * 64)], [Button("Нет", "n")]]))
    [asked] = anna.read
    await bot.answer(anna.id, Saying(html="<b>Да</b>", answers=server.press(asked)))
    assert (asked.texts, asked.buttons, len(anna.read)) == (["?", "Да"], [], 1)
    await bot.answer(anna.id, Saying(answers=server.press(asked), toast="Готово"))
    assert server.notifications[-1] == "Готово"
    await bot.answer(anna.id, Saying(answers="nothing to say"))
    await bot.answer(anna.id, Saying(html="after all", answers="from-last-year"))
    assert anna.texts == ["Да", "after all"]


async def test_updates_come_in_order_until_they_are_said_to_have_come(bot: MaxBot, anna: Person) -> None:
    first, second = anna.writes("one"), anna.opens("token")
    came, marker = await bot.updates(None, seconds=0)
    assert came == [first, second]
    assert await bot.updates(None, seconds=0) == (came, marker)  # nobody said so yet
    assert await bot.updates(marker, seconds=0) == ([], marker)
    third = anna.writes("three")
    assert (await bot.updates(marker, seconds=0))[0] == [third]


async def test_the_webhook_is_set_and_taken_back(bot: MaxBot, server: FakeMax, anna: Person) -> None:
    server.webhooks["https://old.example/x"] = {}
    for _ in range(2):
        await bot.come_by_webhook("https://cars.example/max/updates", secret="a-secret")
    [[url, asked]] = server.webhooks.items()
    assert (url, asked["secret"]) == ("https://cars.example/max/updates", "a-secret")
    assert set(asked["update_types"]) == set(UPDATES)
    await bot.come_by_polling()
    assert server.webhooks == {}
    anna.writes("one")
    assert len((await bot.updates(None, seconds=0))[0]) == 1


async def test_a_webhook_that_max_does_not_take_is_an_error(bot: MaxBot, anna: Person) -> None:
    with pytest.raises(MessageUndeliverable):
        await bot.come_by_webhook("http://cars.example/x", secret="a-secret")
    assert anna.read == []
