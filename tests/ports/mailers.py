"""The two ways to send letters under test, and what each of them delivered."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Protocol
from uuid import UUID

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from cabinet_service.adapters.recorder import Recorder
from cabinet_service.adapters.smtp import SmtpMailer
from cabinet_service.smtp_server import SmtpServer, sender_of
from deploy.embedded.processes import free_port
from service_kit.notifying.channels import Channel

SENDER = sender_of("Автодетектив <no-reply@cabinet.example.com>")
USER, PASSWORD = "cabinet@example.com", "p@ss:w/rd?"


@dataclass(frozen=True)
class Delivered:
    """What arrived."""

    message_id: UUID
    to: str
    subject: str
    text: str


def unsubscribe_at(message_id: UUID) -> str:
    return f"https://cabinet.example.com/unsubscribe/{message_id}"


class Harness(Protocol):
    """A mailer and a look into the inboxes behind it."""

    mailer: Channel

    async def delivered(self) -> list[Delivered]: ...


class RecorderHarness:
    def __init__(self, folder: Path) -> None:
        self._recorder = Recorder(folder)
        self.mailer: Channel = self._recorder.channel("email")

    async def delivered(self) -> list[Delivered]:
        return [
            Delivered(one.message_id, one.to, one.subject, one.text)
            for one in reversed(await self._recorder.newest(1000))
        ]


class Inbox:
    """An SMTP server's inbox. `answers` says, by recipient, what to answer instead of taking the letter."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.senders: list[str | None] = []
        self.answers: dict[str, str] = {}
        self.answer_to_data: str | None = None
        self.answer_to_sender: str | None = None

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer_to_sender:
            return self.answer_to_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.answer_to_data:
            return self.answer_to_data
        assert isinstance(envelope.content, bytes)
        letter = BytesParser(EmailMessage, policy=policy.default).parsebytes(envelope.content)
        assert [letter["To"]] == envelope.rcpt_tos
        self.letters.append(letter)
        self.senders.append(envelope.mail_from)
        return "250 OK"


class SmtpHarness:
    def __init__(self, inbox: Inbox, port: int) -> None:
        self.inbox = inbox
        self.port = port
        self.mailer: Channel = self.mailer_for()

    def mailer_for(self, query: str = "starttls=never", *, user: str = "", timeout: float = 10) -> SmtpMailer:
        server = SmtpServer.at(f"smtp://{user}127.0.0.1:{self.port}?{query}")
        return SmtpMailer(server, sender=SENDER, unsubscribe=unsubscribe_at, timeout=timeout)

    async def delivered(self) -> list[Delivered]:
        return [
            Delivered(
                UUID(letter["Message-ID"].strip("<>").partition("@")[0]),
                letter["To"],
                letter["Subject"],
                letter.get_content().replace("\r\n", "\n"),
            )
            for letter in self.inbox.letters
        ]


@asynccontextmanager
async def smtp_server(*, auth: bool = False) -> AsyncGenerator[SmtpHarness]:
    """A real SMTP server on a free port. With `auth` it takes letters only from who signs in."""
    inbox = Inbox()
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=free_port(),
        enable_SMTPUTF8=True,
        auth_required=auth,
        auth_require_tls=False,
        authenticator=_authenticate,
    )
    await asyncio.to_thread(controller.start)
    try:
        yield SmtpHarness(inbox, controller.port)
    finally:
        await asyncio.to_thread(controller.stop)


def _authenticate(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object
) -> AuthResult:
    assert isinstance(given, LoginPassword)
    right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=right)
