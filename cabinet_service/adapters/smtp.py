"""E-mail over SMTP, one connection a letter."""

import asyncio
from collections.abc import Callable
from email.headerregistry import Address
from typing import Final
from uuid import UUID

import aiosmtplib

from cabinet_service.adapters.letters import letter
from cabinet_service.smtp_server import SmtpServer
from service_kit.notifying.channels import ChannelAway, Message, MessageDeferred, MessageUndeliverable

# For each step of the conversation, and how many of them the whole of it may last.
TIMEOUT: Final = 10.0
STEPS: Final = 3
PERMANENT: Final = 500
SERVICE_CLOSING: Final = 421


class SmtpMailer:
    """A Channel. `unsubscribe` gives the address at which no more letters such as this one are asked for."""

    def __init__(
        self,
        server: SmtpServer,
        *,
        sender: Address,
        unsubscribe: Callable[[UUID], str],
        timeout: float = TIMEOUT,
    ) -> None:
        self._server = server
        self._sender = sender
        self._unsubscribe = unsubscribe
        self._timeout = timeout

    async def send(self, message: Message) -> None:
        try:
            unsubscribe = self._unsubscribe(message.message_id) if message.kind else None
            mail = letter(message, sender=self._sender, unsubscribe=unsubscribe)
        except ValueError as error:
            raise MessageUndeliverable(str(error)) from error
        try:
            async with asyncio.timeout(self._timeout * STEPS):
                await aiosmtplib.send(
                    mail,
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


def _verdict(refusal: aiosmtplib.SMTPResponseException) -> Exception:
    said = f"{refusal.code} {refusal.message}"
    if refusal.code >= PERMANENT:
        return MessageUndeliverable(said)
    return ChannelAway(said) if refusal.code == SERVICE_CLOSING else MessageDeferred(said)
