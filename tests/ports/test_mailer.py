"""One suite for every channel of letters, and what only the one over SMTP can meet."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from cabinet_service.adapters.smtp import SmtpMailer
from cabinet_service.smtp_server import SmtpServer
from service_kit.ids import new_id
from service_kit.notifying.channels import (
    ChannelAway,
    Message,
    MessageDeferred,
    MessageUndeliverable,
    Wording,
)
from tests.ports.mailers import (
    PASSWORD,
    SENDER,
    USER,
    Delivered,
    Harness,
    RecorderHarness,
    SmtpHarness,
    smtp_server,
    unsubscribe_at,
)

pytestmark = pytest.mark.busless
TEXTS = [
    "Hello!\n\nYour code: 012345.\n",
    "Здравствуйте!\n\nКод для входа: 012345 — никому его не сообщайте.\n",
    "emoji 🚗, right to left: \u202eאבג\u202c, a combining é\n",
    ".\n..\n.leading dots\n",
    "a line of " + "x" * 3000 + "\n",
    "From here on\n\n\n  spaces stay \t.\n",
    "<b>not</b> & HTML\n\n=?utf-8?q?not_encoded?= =20 begin 644 file\nFrom: nobody\n",
]


def letter(to: str = "anna@example.com", subject: str = "Hello", text: str = "text\n") -> Message:
    return Message(new_id(), to, Wording(subject, text, "short"))


@pytest.fixture(params=["recorder", "smtp"])
async def harness(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Harness]:
    async with AsyncExitStack() as stack:
        if request.param == "recorder":
            yield RecorderHarness(tmp_path / "outbox")
        else:
            yield await stack.enter_async_context(smtp_server())


@pytest.fixture
async def smtp() -> AsyncGenerator[SmtpHarness]:
    async with smtp_server() as server:
        yield server


@pytest.mark.parametrize("text", TEXTS)
async def test_a_letter_arrives_as_it_was_written(harness: Harness, text: str) -> None:
    sent = letter(subject=text.splitlines()[0][:150], text=text)
    await harness.mailer.send(sent)
    assert await harness.delivered() == [Delivered(sent.message_id, sent.to, sent.wording.subject, text)]


async def test_a_letter_sent_again_can_be_told_by_its_id(harness: Harness) -> None:
    sent = letter()
    await harness.mailer.send(sent)
    await harness.mailer.send(sent)
    assert {one.message_id for one in await harness.delivered()} == {sent.message_id}


async def test_letters_sent_side_by_side_all_arrive(harness: Harness) -> None:
    letters = [letter(to=f"client{number}@example.com") for number in range(20)]
    await asyncio.gather(*(harness.mailer.send(one) for one in letters))
    delivered = await harness.delivered()
    assert sorted(one.to for one in delivered) == sorted(one.to for one in letters)


async def test_over_smtp_a_letter_says_who_sent_it_and_when(smtp: SmtpHarness) -> None:
    await smtp.mailer.send(letter())
    [received] = smtp.inbox.letters
    assert received["From"] == str(SENDER)
    assert smtp.inbox.senders == ["no-reply@cabinet.example.com"]
    assert received["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(received["Date"]).tzinfo is not None


async def test_news_are_laid_out_with_a_button_and_a_way_out_and_fetch_nothing(smtp: SmtpHarness) -> None:
    link = "https://cabinet.example.com/inspections/1?a=1&b=2"
    wording = Wording(
        "A-1: an <answer>",
        f"Hello!\n\nIt is there:\n{link}\n\nBrand\nNo answer needed.\n",
        "short",
        title="A-1: an <answer>",
        sentence="It is there:",
        action="Open & read",
        link=link,
    )
    sent = Message(new_id(), "anna@example.com", wording, kind="decision")
    await smtp.mailer.send(sent)
    [mail] = smtp.inbox.letters
    plain, laid_out = (part.get_content() for part in mail.iter_parts())
    assert link in plain
    assert "A-1: an &lt;answer&gt;" in laid_out
    assert f'href="{link.replace("&", "&amp;")}"' in laid_out
    assert "Open &amp; read" in laid_out
    assert not [word for word in ("<img", "src=", "url(", "<link", "<script") if word in laid_out]
    assert mail["List-Unsubscribe"] == f"<{unsubscribe_at(sent.message_id)}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_a_letter_that_is_no_news_has_no_way_out(smtp: SmtpHarness) -> None:
    await smtp.mailer.send(letter())
    [mail] = smtp.inbox.letters
    assert mail["List-Unsubscribe"] is None
    assert mail.get_content_type() == "text/plain"


async def test_a_national_domain_is_written_as_dns_knows_it(smtp: SmtpHarness) -> None:
    await smtp.mailer.send(letter(to="info@почта.рф"))
    assert [one.to for one in await smtp.delivered()] == ["info@xn--80a1acny.xn--p1ai"]


@pytest.mark.parametrize(
    "to", ["", "nobody", "a@b@c", "a@example.com\r\nBcc: b@example.com", "почта@example.com"]
)
async def test_an_address_that_cannot_be_is_undeliverable(smtp: SmtpHarness, to: str) -> None:
    with pytest.raises(MessageUndeliverable):
        await smtp.mailer.send(letter(to=to))
    assert smtp.inbox.letters == []


async def test_a_subject_does_not_become_a_header(smtp: SmtpHarness) -> None:
    with pytest.raises(MessageUndeliverable):
        await smtp.mailer.send(letter(subject="Hello\r\nBcc: b@example.com"))
    assert smtp.inbox.letters == []


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        ("550 no such mailbox", MessageUndeliverable),
        ("553 no such address", MessageUndeliverable),
        ("450 greylisted, try again", MessageDeferred),
        ("452 mailbox is full", MessageDeferred),
        ("421 closing down", ChannelAway),
    ],
)
async def test_what_the_server_says_of_a_recipient_decides(
    smtp: SmtpHarness, answer: str, raised: type[Exception]
) -> None:
    smtp.inbox.answers["anna@example.com"] = answer
    with pytest.raises(raised):
        await smtp.mailer.send(letter())
    await smtp.mailer.send(letter(to="boris@example.com"))
    assert [one.to for one in await smtp.delivered()] == ["boris@example.com"]


@pytest.mark.parametrize(
    ("answer", "raised"), [("554 looks like spam", MessageUndeliverable), ("451 try again", MessageDeferred)]
)
async def test_what_the_server_says_of_the_letter_decides(
    smtp: SmtpHarness, answer: str, raised: type[Exception]
) -> None:
    smtp.inbox.answer_to_data = answer
    with pytest.raises(raised):
        await smtp.mailer.send(letter())


async def test_a_server_that_refuses_the_sender_refuses_every_letter(smtp: SmtpHarness) -> None:
    smtp.inbox.answer_to_sender = "550 not from here"
    with pytest.raises(ChannelAway):
        await smtp.mailer.send(letter())


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_the_mailer_signs_in() -> None:
    async with smtp_server(auth=True) as server:
        user = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@"
        await server.mailer_for(user=user).send(letter())
        assert len(server.inbox.letters) == 1
        for stranger in ("", "cabinet:wrong@"):
            with pytest.raises(ChannelAway):
                await server.mailer_for(user=stranger).send(letter())
        assert len(server.inbox.letters) == 1


async def test_a_letter_is_never_sent_in_the_clear_where_encryption_is_asked_for(smtp: SmtpHarness) -> None:
    for query in ("starttls=required", ""):
        with pytest.raises(ChannelAway):
            await smtp.mailer_for(query).send(letter())
    assert smtp.inbox.letters == []
    await smtp.mailer_for("starttls=auto").send(letter())
    assert len(smtp.inbox.letters) == 1


async def test_without_a_server_the_channel_is_away() -> None:
    async with smtp_server() as server:
        mailer = server.mailer
    with pytest.raises(ChannelAway):
        await mailer.send(letter())


async def test_a_server_that_never_answers_is_given_up() -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    async with server:
        port: int = server.sockets[0].getsockname()[1]
        silent = SmtpServer.at(f"smtp://127.0.0.1:{port}?starttls=never")
        mailer = SmtpMailer(silent, sender=SENDER, unsubscribe=unsubscribe_at, timeout=0.2)
        with pytest.raises(ChannelAway):
            await mailer.send(letter())
