"""Messages below which a button to take a case stands: kept from when they are said until the button is gone."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from bpa_service.telegram.models import TelegramOffer
from service_kit import pruning
from service_kit.db import Session

KEPT_FOR: Final = timedelta(days=30)


async def keep(session: Session, chat_id: int, message_id: int, case_id: UUID, *, now: datetime) -> None:
    """The message offers to take the case."""
    await session.execute(
        insert(TelegramOffer)
        .values(chat_id=chat_id, message_id=message_id, case_id=case_id, made_at=now)
        .on_conflict_do_nothing()
    )


async def drop(session: Session, chat_id: int, message_id: int | None) -> None:
    """The message offers nothing any more, or is not to be touched again."""
    table = TelegramOffer
    await session.execute(delete(table).where(table.chat_id == chat_id, table.message_id == message_id))


async def forget_old(session: Session, now: datetime) -> bool:
    """Let be what has stood for a month; whether there may be more."""
    return await pruning.prune(session, TelegramOffer, TelegramOffer.made_at < now - KEPT_FOR)
