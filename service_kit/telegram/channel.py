"""Telegram as a channel of notifications."""

from collections.abc import Collection
from typing import Protocol
from uuid import UUID

from service_kit.chats.saying import Saying, plainly
from service_kit.notifying.channels import Message
from service_kit.telegram.bot import TelegramBot


class Subjects(Protocol):
    """What a service shows in a chat of what its notifications are about."""

    async def show(self, chat_id: int, subject_id: UUID) -> None:
        """Let the chat's one message about how the subject stands be up to date. Raises what a channel raises."""
        ...

    async def saying(self, message: Message) -> Saying | None:
        """More than a notification's words, such as the question and buttons to answer it; None: no more."""
        ...

    async def said(self, message: Message, saying: Saying, message_id: int) -> None:
        """It stands in the chat as that message. Raises nothing: said it is."""
        ...


class TelegramChannel:
    """A Channel. `loud` are the kinds that buzz; those `in_status` only change the subject's one message."""

    def __init__(
        self, bot: TelegramBot, subjects: Subjects, *, loud: Collection[str], in_status: Collection[str]
    ) -> None:
        self._bot = bot
        self._subjects = subjects
        self._loud = loud
        self._in_status = in_status

    async def send(self, message: Message) -> str | None:
        chat_id = int(message.to)
        if message.subject_id is not None:
            await self._subjects.show(chat_id, message.subject_id)
            if message.kind in self._in_status:
                return None
        saying = await self._subjects.saying(message) or plainly(message.wording)
        is_silent = message.is_silent or (bool(message.kind) and message.kind not in self._loud)
        loud = Saying(html=saying.html, buttons=saying.buttons, is_silent=is_silent)
        message_id = await self._bot.say(chat_id, loud)
        await self._subjects.said(message, loud, message_id)
        return str(message_id)
