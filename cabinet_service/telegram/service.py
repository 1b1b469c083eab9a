"""What is kept of chats, and for how long."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete

from cabinet_service.notifications.notices import notices
from cabinet_service.telegram.models import TelegramChat, TelegramPhoto, TelegramStatus
from cabinet_service.telegram.tables import updates
from service_kit import pruning
from service_kit.db import Session
from service_kit.telegram.messenger import NAME

PHOTOS_KNOWN_FOR: Final = timedelta(days=7)


async def forget_old(session: Session, now: datetime) -> bool:
    """Forget what was said and answered, and photos that nobody will send again; whether there may be more."""
    more = await updates.forget_old(session, now)
    over = TelegramPhoto.received_at < now - PHOTOS_KNOWN_FOR
    return await pruning.prune(session, TelegramPhoto, over) or more


async def erase(session: Session, account_id: UUID) -> None:
    """Leave nothing of the client's chats. Before their addresses go: by those they are known."""
    chats = [int(one.address) for one in await notices.bound(session, account_id, NAME, even_dead=True)]
    await updates.forget_chats(session, chats)
    await updates.forget_links(session, account_id)
    for table in (TelegramChat, TelegramPhoto, TelegramStatus):
        await session.execute(delete(table).where(table.chat_id.in_(chats)))
