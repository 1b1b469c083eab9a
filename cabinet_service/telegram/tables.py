"""What the bot is told, and the links to it."""

from typing import Final

from cabinet_service.telegram.models import TelegramLink, TelegramUpdate
from service_kit.telegram.updates import Updates

updates: Final = Updates(TelegramUpdate, TelegramLink)
