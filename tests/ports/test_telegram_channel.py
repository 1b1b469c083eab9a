"""What the channel over Telegram promises, against a Bot API that refuses what the real one refuses."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest

from deploy.embedded.processes import free_port
from service_kit.chats.saying import Button, Saying, escape, shortened
from service_kit.ids import new_id
from service_kit.notifying.channels import (
    AnswerLost,
    ChannelAway,
    Message,
    MessageUndeliverable,
    Wording,
)
from service_kit.telegram.bot import FileTooBig, MessageGone, TelegramBot
from service_kit.telegram.channel import TelegramChannel
from tests.support.telegram.fake import TOKEN, FakeTelegram, Fault
from tests.support.telegram.people import Person

pytestmark = pytest.mark.busless

LINK = "https://cars.example/inspections/1"


@pytest.fixture(scope="module")
def server() -> Iterator[FakeTelegram]:
    with FakeTelegram().running() as telegram:
        yield telegram


@pytest.fixture
def anna(server: FakeTelegram) -> Person:
    server.begin_anew()
    return Person(server, server.number())


class Subjects:
    """Notes for which subjects the status was asked to be shown."""

    def __init__(self) -> None:
        self.shown: list[tuple[int, UUID]] = []
        self.messages: list[tuple[UUID, bool, int]] = []

    async def show(self, chat_id: int, subject_id: UUID) -> None:
        self.shown.append((chat_id, subject_id))

    async def saying(self, message: Message) -> Saying | None:
        del message
        return None

    async def said(self, message: Message, saying: Saying, message_id: int) -> None:
        self.messages.append((message.message_id, saying.is_silent, message_id))


@pytest.fixture
async def bot(server: FakeTelegram) -> AsyncGenerator[TelegramBot]:
    async with opened(server.url) as bot:
        yield bot


@asynccontextmanager
async def opened(url: str, token: str = TOKEN, patience: float = 10) -> AsyncGenerator[TelegramBot]:
    bot = TelegramBot(token, api_url=url, timeout=patience)
    try:
        yield bot
    finally:
        await bot.close()


def channel_of(bot: TelegramBot, subjects: Subjects | None = None) -> TelegramChannel:
    return TelegramChannel(bot, subjects or Subjects(), loud={"decision"}, in_status={"late"})


def message(anna: Person, *, title: str = "A-1: ready", kind: str = "", link: str = LINK) -> Message:
    wording = Wording("subject", "letter", "short", title, "Here it is:", "Open", link)
    return Message(new_id(), str(anna.id), wording, kind=kind, subject_id=new_id())


async def test_it_arrives_with_a_button(bot: TelegramBot, anna: Person) -> None:
    subjects, told = Subjects(), message(anna)
    reference = await channel_of(bot, subjects).send(told)
    [said] = anna.read
    assert subjects.messages == [(told.message_id, False, said.message_id)]
    assert said.text == "A-1: ready\nHere it is"
    assert said.buttons == [[{"text": "Open", "url": LINK}]]
    assert reference == str(said.message_id)


@pytest.mark.parametrize(
    "title", ["<b>Anna</b> & Co", "a_b*c`d[e](f)~g", "</b>", "&amp;", "🚗 \u202eאבג", "x < y > z"]
)
async def test_words_are_read_as_they_were_written(bot: TelegramBot, anna: Person, title: str) -> None:
    await channel_of(bot).send(message(anna, title=title))
    assert anna.texts == [f"{title}\nHere it is"]


async def test_an_address_of_this_machine_is_no_button(bot: TelegramBot, anna: Person) -> None:
    await channel_of(bot).send(message(anna, link="http://127.0.0.1:8001/x"))
    [said] = anna.read
    assert said.buttons == []
    assert said.text.endswith("http://127.0.0.1:8001/x")


async def test_only_what_is_loud_buzzes(bot: TelegramBot, anna: Person) -> None:
    for kind in ("decision", "expert_message", ""):
        await channel_of(bot).send(message(anna, kind=kind))
    assert [said.is_silent for said in anna.read] == [False, True, False]


async def test_what_belongs_into_the_status_is_no_message_of_its_own(bot: TelegramBot, anna: Person) -> None:
    subjects, late = Subjects(), message(anna, kind="late")
    assert await channel_of(bot, subjects).send(late) is None
    assert anna.read == []
    assert subjects.shown == [(anna.id, late.subject_id)]


async def test_who_blocked_the_bot_is_reached_there_no_more(bot: TelegramBot, anna: Person) -> None:
    anna.telegram.blocked.add(anna.id)
    with pytest.raises(MessageUndeliverable) as raised:
        await channel_of(bot).send(message(anna))
    assert raised.value.is_dead


async def test_a_chat_that_never_was_is_dead(bot: TelegramBot, anna: Person) -> None:
    stranger = Message(new_id(), "999999999", message(anna).wording)
    with pytest.raises(MessageUndeliverable) as raised:
        await channel_of(bot).send(stranger)
    assert raised.value.is_dead


async def test_what_telegram_does_not_understand_says_nothing_of_the_chat(
    bot: TelegramBot, anna: Person
) -> None:
    with pytest.raises(MessageUndeliverable) as raised:
        await bot.say(anna.id, Saying(html="<b>unclosed"))
    assert not raised.value.is_dead


async def test_a_flood_is_held_off_for_as_long_as_telegram_says(bot: TelegramBot, anna: Person) -> None:
    anna.telegram.flood(retry_after=17, chat_id=anna.id)
    with pytest.raises(ChannelAway) as raised:
        await channel_of(bot).send(message(anna))
    assert raised.value.retry_after == 17
    assert not isinstance(raised.value, AnswerLost)
    assert anna.read == []


async def test_an_outage_is_nobodys_fault(bot: TelegramBot, anna: Person) -> None:
    anna.telegram.is_away = True
    with pytest.raises(ChannelAway):
        await channel_of(bot).send(message(anna))
    anna.telegram.is_away = False
    anna.telegram.fail(Fault("sendMessage", 500, "Internal Server Error", anna.id))
    with pytest.raises(ChannelAway):
        await channel_of(bot).send(message(anna))
    await channel_of(bot).send(message(anna))
    assert len(anna.read) == 1


async def test_nobody_there_took_nothing(anna: Person) -> None:
    async with opened(f"http://127.0.0.1:{free_port()}") as bot:
        with pytest.raises(ChannelAway) as raised:
            await channel_of(bot).send(message(anna))
    assert not isinstance(raised.value, AnswerLost)


async def test_whoever_does_not_answer_may_have_taken_it(server: FakeTelegram, anna: Person) -> None:
    server.hang()
    async with opened(server.url, patience=0.3) as bot:
        with pytest.raises(AnswerLost):
            await channel_of(bot).send(message(anna))
    assert len(anna.read) == 1


async def test_a_token_that_is_refused_is_not_told(server: FakeTelegram, anna: Person) -> None:
    async with opened(server.url, token="4242:revoked-secret") as bot:
        with pytest.raises(ChannelAway) as raised:
            await channel_of(bot).send(message(anna))
    assert "revoked" not in str(raised.value)


async def test_a_message_is_changed_in_place(bot: TelegramBot, anna: Person) -> None:
    said = await bot.say(anna.id, Saying(html="one"))
    await bot.edit(anna.id, said, Saying(html="two"))
    await bot.edit(anna.id, said, Saying(html="two"))
    assert anna.read[0].texts == ["one", "two"]
    with pytest.raises(MessageGone):
        await bot.edit(anna.id, said + 1000, Saying(html="three"))


async def test_a_press_from_long_ago_is_no_error(bot: TelegramBot) -> None:
    await bot.answer_press("from-last-year")


async def test_files_come_whole_or_say_why_not(bot: TelegramBot, server: FakeTelegram) -> None:
    kept = server.keep_file(b"x" * 100_000)
    assert await bot.download(kept["file_id"]) == b"x" * 100_000
    huge = server.keep_file(b"y", size=25 * 1024 * 1024)
    with pytest.raises(FileTooBig):
        await bot.download(huge["file_id"])
    with pytest.raises(MessageUndeliverable):
        await bot.download("no-such-file")


@pytest.mark.parametrize("text", ["x" * 5000, "🚗" * 3000, "short", "<&" * 2500])
async def test_long_words_are_shortened_to_what_a_message_holds(
    bot: TelegramBot, anna: Person, text: str
) -> None:
    await bot.say(anna.id, Saying(html=escape(shortened(text, 4096))))
    [said] = anna.read
    assert said.text == text or said.text.endswith("…")


async def test_data_of_a_button_survives_the_way(bot: TelegramBot, anna: Person) -> None:
    await bot.say(anna.id, Saying(html="?", buttons=[[Button("Да", "y" * 64)], [Button("Нет", "n")]]))
    assert anna.read[0].labels == ["Да", "Нет"]
    with pytest.raises(MessageUndeliverable):
        await bot.say(anna.id, Saying(html="?", buttons=[[Button("Да", "y" * 65)]]))


async def test_updates_come_in_order_and_once(bot: TelegramBot, anna: Person) -> None:
    first, second = anna.writes("one"), anna.writes("two")
    came, after = await bot.updates(first["update_id"] - 1, seconds=0)
    assert [one["update_id"] for one in came] == [first["update_id"], second["update_id"]]
    assert after == second["update_id"]
    assert await bot.updates(after, seconds=0) == ([], after)
