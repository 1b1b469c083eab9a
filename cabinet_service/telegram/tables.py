"""What the bot is told, and the links to it."""

from typing import Final

from cabinet_service.telegram.models import TelegramLink, TelegramUpdate
from service_kit.telegram.updates import Updates

WEBHOOK: Final = "/telegram/updates"
"""Where Telegram brings them, if it can."""

updates: Final = Updates(TelegramUpdate, TelegramLink)
