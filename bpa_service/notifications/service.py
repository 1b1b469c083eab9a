"""How long what experts were told is kept."""

from datetime import datetime, timedelta
from typing import Final

from bpa_service.notifications.models import Notification
from service_kit import pruning
from service_kit.db import Session

KEPT_FOR: Final = timedelta(days=30)


async def forget_old(session: Session, now: datetime) -> bool:
    """Forget what was told a month ago; whether there may be more."""
    return await pruning.prune(session, Notification, Notification.created_at < now - KEPT_FOR)
