"""MAX as a channel of notifications."""

from collections.abc import Collection
from dataclasses import replace

from service_kit.chats.saying import plainly
from service_kit.max.bot import MaxBot
from service_kit.notifying.channels import Message


class MaxChannel:
    """A Channel. `loud` are the kinds that buzz, beside what is of no kind, as a sign-in code."""

    def __init__(self, bot: MaxBot, *, loud: Collection[str]) -> None:
        self._bot = bot
        self._loud = loud

    async def send(self, message: Message) -> str | None:
        is_silent = message.is_silent or (bool(message.kind) and message.kind not in self._loud)
        saying = replace(plainly(message.wording), is_silent=is_silent)
        return await self._bot.say(int(message.to), saying) or None
