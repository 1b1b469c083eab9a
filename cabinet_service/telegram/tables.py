"""What the bot is told, and the links to it."""

from typing import Final

from cabinet_service.telegram.models import TelegramLink, TelegramUpdate
from service_kit.chats.updates import Updates
from service_kit.telegram.messenger import TELEGRAM

updates: Final = Updates(TELEGRAM, TelegramUpdate, TelegramLink)
