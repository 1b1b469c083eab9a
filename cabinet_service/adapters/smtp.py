"""E-mail over SMTP, one connection a letter."""

import asyncio
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

import aiosmtplib
from email_validator import validate_email

from cabinet_service.smtp_server import SmtpServer
from service_kit.notifying.channels import ChannelAway, Message, MessageDeferred, MessageUndeliverable

# For each step of the conversation, and how many of them the whole of it may last.
TIMEOUT: Final = 10.0
STEPS: Final = 3
PERMANENT: Final = 500
SERVICE_CLOSING: Final = 421


class SmtpMailer:
    """A Channel: letters in plain text."""

    def __init__(self, server: SmtpServer, *, sender: Address, timeout: float = TIMEOUT) -> None:
        self._server = server
        self._sender = sender
        self._timeout = timeout

    async def send(self, message: Message) -> None:
        try:
            letter = self._letter(message)
        except ValueError as error:
            raise MessageUndeliverable(str(error)) from error
        try:
            async with asyncio.timeout(self._timeout * STEPS):
                await aiosmtplib.send(
                    letter,
                    hostname=self._server.host,
                    port=self._server.port,
                    username=self._server.username,
                    password=self._server.password,
                    use_tls=self._server.implicit_tls,
                    start_tls=self._server.start_tls,
                    timeout=self._timeout,
                )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _verdict(error.recipients[0]) from error
        except aiosmtplib.SMTPDataError as error:
            raise _verdict(error) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            # No server, no sign-in, no leave to send from this address: nothing that another letter would change.
            raise ChannelAway(f"{self._server.host}: {error!r}") from error

    def _letter(self, message: Message) -> EmailMessage:
        letter = EmailMessage()
        letter["From"] = self._sender
        letter["To"] = Address(addr_spec=_ascii_address(message.to))
        letter["Subject"] = message.wording.subject
        letter["Date"] = format_datetime(datetime.now(UTC))
        letter["Message-ID"] = f"<{message.message_id}@{self._sender.domain}>"
        letter["Auto-Submitted"] = "auto-generated"  # nobody's out-of-office note should come back
        letter.set_content(message.wording.letter)
        return letter


def _ascii_address(address: str) -> str:
    """The address with its domain as DNS knows it. Raises ValueError."""
    found = validate_email(address, check_deliverability=False, globally_deliverable=False)
    if found.ascii_email is None:
        raise ValueError("only the domain of an address may have letters beyond ASCII")
    return found.ascii_email


def _verdict(refusal: aiosmtplib.SMTPResponseException) -> Exception:
    said = f"{refusal.code} {refusal.message}"
    if refusal.code >= PERMANENT:
        return MessageUndeliverable(said)
    return ChannelAway(said) if refusal.code == SERVICE_CLOSING else MessageDeferred(said)
