"""What the worker runs where the token of a bot in MAX is set."""

from collections.abc import Sequence
from typing import Final

from cabinet_service.max.conversation import Conversation
from cabinet_service.max.tables import updates
from cabinet_service.notifications.kinds import LOUD
from cabinet_service.ports import Ports
from service_kit.chats.answering import Answering
from service_kit.chats.running import receive
from service_kit.max.bot import MaxBot
from service_kit.max.channel import MaxChannel
from service_kit.processes import Job


class Max:
    """The bot, and everything that works with it."""

    def __init__(self, ports: Ports) -> None:
        self._settings = settings = ports.settings
        self._backbone = ports.backbone
        self.bot: Final = MaxBot(
            settings.max_token, api_url=settings.max_api_url, ca_file=settings.max_ca_file
        )

    def channel(self) -> MaxChannel:
        return MaxChannel(self.bot, loud=LOUD)

    def answering(self) -> Answering:
        backbone, settings = self._backbone, self._settings
        conversation = Conversation(backbone.database, public_url=settings.public_url, bot=settings.max_bot)
        return Answering(backbone.database, backbone.listener, updates, conversation, self.bot)

    def jobs(self) -> Sequence[Job]:
        database, token = self._backbone.database, self._settings.max_token
        return [self.answering().run(), receive(self._settings, database, updates, self.bot, token)]
