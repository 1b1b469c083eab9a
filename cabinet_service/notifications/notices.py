"""What other slices write of notifications: whom to tell of what, and what no longer."""

from typing import Final

from cabinet_service.accounts import queries as accounts
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.notifications.models import Address, Choice, Delivery, Notification
from service_kit.notifying.notices import Notices

notices: Final = Notices(
    NotificationKind, Notification, Delivery, Choice, Address, living=accounts.living_sessions
)
