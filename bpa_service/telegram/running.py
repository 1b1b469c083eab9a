"""What the worker runs where a bot's token is set. Nothing else imports this, nor with it the library."""

from collections.abc import Sequence
from typing import Final

from bpa_service.cases.core.policy import Policy
from bpa_service.ports import Ports
from bpa_service.telegram import texts
from bpa_service.telegram.conversation import Conversation
from bpa_service.telegram.subjects import IN_STATUS, LOUD, CaseSubjects
from bpa_service.telegram.tables import updates
from bpa_service.telegram.talk import Means
from bpa_service.telegram.withdrawing import Offers
from service_kit.chats.answering import Answering
from service_kit.chats.running import keep_up, offer_commands, receive
from service_kit.processes import Job
from service_kit.telegram.bot import TelegramBot
from service_kit.telegram.channel import TelegramChannel


class Telegram:
    """The bot, and everything that works with it."""

    def __init__(self, ports: Ports) -> None:
        self._settings = settings = ports.settings
        self._backbone = ports.backbone
        self.bot: Final = TelegramBot(settings.telegram_token, api_url=settings.telegram_api_url)
        self.offers: Final = Offers(ports.backbone.database, self.bot, public_url=settings.public_url)

    def channel(self) -> TelegramChannel:
        subjects = CaseSubjects(self._backbone.database)
        return TelegramChannel(self.bot, subjects, loud=LOUD, in_status=IN_STATUS)

    def answering(self) -> Answering:
        backbone, settings = self._backbone, self._settings
        means = Means(public_url=settings.public_url, bot=settings.telegram_bot, policy=Policy.of(settings))
        conversation = Conversation(backbone.database, means)
        return Answering(backbone.database, backbone.listener, updates, conversation, self.bot)

    def jobs(self) -> Sequence[Job]:
        return [
            self.answering().run(),
            receive(
                self._settings, self._backbone.database, updates, self.bot, self._settings.telegram_token
            ),
            keep_up(self.offers.refresh),
            offer_commands(self.bot, texts.menu()),
        ]
