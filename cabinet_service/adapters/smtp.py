"""E-mail over SMTP, one connection a letter."""

import asyncio
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib
from email_validator import validate_email

from cabinet_service.ports import ChannelAway, Letter, MessageDeferred, MessageUndeliverable

# For each step of the conversation, and how many of them the whole of it may last.
TIMEOUT: Final = 10.0
STEPS: Final = 3
PERMANENT: Final = 500
SERVICE_CLOSING: Final = 421
_START_TLS: Final = {"required": True, "never": False, "auto": None}


class SmtpMailer:
    """A Mailer. `url` is `smtp://user:password@host:port?starttls=required` or `smtps://…`.

    `starttls` is `required` (the default), `auto` (if the server offers it) or `never`.
    """

    def __init__(self, url: str, *, sender: str, timeout: float = TIMEOUT) -> None:
        """`sender` is `Name <address>`. Raises ValueError for anything that cannot work."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("an SMTP address begins with smtp:// or smtps:// and has a host")
        policy = parse_qs(parts.query).get("starttls", ["required"])[0]
        if policy not in _START_TLS:
            raise ValueError(f"starttls is one of {', '.join(_START_TLS)}")
        name, address = parseaddr(sender)
        self._sender = Address(name, addr_spec=_ascii_address(address))
        self._host = parts.hostname
        self._implicit_tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._implicit_tls else 587)
        self._start_tls = False if self._implicit_tls else _START_TLS[policy]
        self._username = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._timeout = timeout

    async def send(self, letter: Letter) -> None:
        try:
            message = self._message(letter)
        except ValueError as error:
            raise MessageUndeliverable(str(error)) from error
        try:
            async with asyncio.timeout(self._timeout * STEPS):
                await aiosmtplib.send(
                    message,
                    hostname=self._host,
                    port=self._port,
                    username=self._username,
                    password=self._password,
                    use_tls=self._implicit_tls,
                    start_tls=self._start_tls,
                    timeout=self._timeout,
                )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _verdict(error.recipients[0]) from error
        except aiosmtplib.SMTPDataError as error:
            raise _verdict(error) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            # No server, no sign-in, no leave to send from this address: nothing that another letter would change.
            raise ChannelAway(f"{self._host}: {error!r}") from error

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = Address(addr_spec=_ascii_address(letter.to))
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = f"<{letter.message_id}@{self._sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"  # nobody's out-of-office note should come back
        message.set_content(letter.text)
        return message


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
