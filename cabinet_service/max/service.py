"""What is kept of chats in MAX, and for how long."""

from datetime import datetime
from uuid import UUID

from cabinet_service.max.tables import updates
from cabinet_service.notifications.notices import notices
from service_kit.db import Session
from service_kit.max.messenger import MAX


async def forget_old(session: Session, now: datetime) -> bool:
    """Forget what was said and answered, and links that are over; whether there may be more."""
    return await updates.forget_old(session, now)


async def erase(session: Session, account_id: UUID) -> None:
    """Leave nothing of the client's chats. Before their addresses go: by those they are known."""
    bound = await notices.bound(session, account_id, MAX.name, even_dead=True)
    await updates.forget_chats(session, [int(one.address) for one in bound])
    await updates.forget_links(session, account_id)
