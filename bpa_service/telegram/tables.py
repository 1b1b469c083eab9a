"""What the bot is told, and the links to it."""

from typing import Final
from uuid import UUID

from bpa_service.experts.shutting_out import ends_with_sign_ins
from bpa_service.notifications.notices import notices
from bpa_service.telegram.models import TelegramLink, TelegramUpdate
from service_kit.chats.updates import Updates
from service_kit.db import Session
from service_kit.telegram.messenger import NAME, TELEGRAM

updates: Final = Updates(TELEGRAM, TelegramUpdate, TelegramLink)


@ends_with_sign_ins
async def untie(session: Session, expert_id: UUID) -> None:
    """No chat is the expert's any more, and no link of theirs ties one: cases can be taken from there."""
    await notices.unbind_all(session, expert_id, NAME)
    await updates.forget_links(session, expert_id)
