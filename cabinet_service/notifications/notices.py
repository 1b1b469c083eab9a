"""What other slices write of notifications: whom to tell of what, and what no longer."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from cabinet_service.accounts import queries as accounts
from cabinet_service.notifications.kinds import NEWS_KINDS
from cabinet_service.notifications.models import Address, Choice, Delivery, Notification
from service_kit.db import ReadSession
from service_kit.max.messenger import MAX
from service_kit.notifying.notices import Notices
from service_kit.notifying.tables import AddressColumns
from service_kit.telegram.messenger import TELEGRAM

CHATS: Final = (TELEGRAM.name, MAX.name)
"""The channels that are chats in messengers: codes to sign in with come there."""

notices: Final = Notices(NEWS_KINDS, Notification, Delivery, Choice, Address, living=accounts.living_sessions)


async def bound_chats(
    session: ReadSession, account_id: UUID, *, even_dead: bool = False
) -> Sequence[AddressColumns]:
    """A client's chats in all messengers, the oldest first; `even_dead`: those that they had as well."""
    found = [
        chat for name in CHATS for chat in await notices.bound(session, account_id, name, even_dead=even_dead)
    ]
    return sorted(found, key=lambda chat: chat.created_at)
