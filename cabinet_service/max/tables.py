"""What the bot is told, and the links to it."""

from typing import Final

from cabinet_service.max.models import MaxLink, MaxUpdate
from service_kit.chats.updates import Updates
from service_kit.max.messenger import MAX

updates: Final = Updates(MAX, MaxUpdate, MaxLink)
