"""What the worker runs where a bot's token is set. Nothing else imports this, nor with it the library."""

from collections.abc import Sequence
from typing import Final

from cabinet_service.notifications.kinds import LOUD
from cabinet_service.ports import Ports
from cabinet_service.readings.reader import PhotoReader
from cabinet_service.telegram import texts
from cabinet_service.telegram.conversation import Conversation
from cabinet_service.telegram.fetching import Fetcher
from cabinet_service.telegram.statuses import Statuses
from cabinet_service.telegram.subjects import IN_STATUS, InspectionSubjects
from cabinet_service.telegram.tables import updates
from cabinet_service.telegram.talk import Means, Place
from service_kit.chats.answering import Answering
from service_kit.chats.running import keep_up, offer_commands, receive
from service_kit.limiting import RateLimits
from service_kit.processes import Job
from service_kit.telegram.bot import TelegramBot
from service_kit.telegram.channel import TelegramChannel


class Telegram:
    """The bot, and everything that works with it."""

    def __init__(self, ports: Ports) -> None:
        self._settings = settings = ports.settings
        self._backbone = backbone = ports.backbone
        self._place = Place(public_url=settings.public_url, bot=settings.telegram_bot)
        self.bot: Final = TelegramBot(settings.telegram_token, api_url=settings.telegram_api_url)
        self._files = ports.files
        self._limits = RateLimits(settings.cache, settings.limits())
        self._reader = PhotoReader()
        ports.closing.push_async_callback(self._reader.close)
        self.statuses: Final = Statuses(backbone.database, self.bot, self._place)

    def channel(self) -> TelegramChannel:
        subjects = InspectionSubjects(self._backbone.database, self.statuses)
        return TelegramChannel(self.bot, subjects, loud=LOUD, in_status=IN_STATUS)

    def answering(self) -> Answering:
        backbone = self._backbone
        zone = self._settings.zone_of_reports
        means = Means(place=self._place, files=self._files, limits=self._limits, zone=zone)
        fetcher = Fetcher(self.bot, self._files, self._reader)
        conversation = Conversation(backbone.database, means, fetcher)
        return Answering(backbone.database, backbone.listener, updates, conversation, self.bot)

    def jobs(self) -> Sequence[Job]:
        return [
            self.answering().run(),
            receive(
                self._settings, self._backbone.database, updates, self.bot, self._settings.telegram_token
            ),
            keep_up(self.statuses.refresh),
            offer_commands(self.bot, texts.menu()),
        ]
