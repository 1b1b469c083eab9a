"""Bodies of the notifications' API."""

from datetime import datetime
from typing import Self
from uuid import UUID

from cabinet_service.accounts.domain import ContactKind
from cabinet_service.notifications.kinds import NotificationKind, NotificationState
from cabinet_service.notifications.models import Notification
from service_kit.http.schemas import ApiInput, ApiOutput


class NotificationOut(ApiOutput):
    """`channel` is how it was sent; `settled_at` is when it stopped being pending."""

    id: UUID
    kind: NotificationKind
    inspection_id: UUID
    inspection_number: str
    state: NotificationState
    channel: ContactKind | None
    created_at: datetime
    settled_at: datetime | None

    @classmethod
    def of(cls, notification: Notification) -> Self:
        return cls.model_validate(notification, from_attributes=True)


class ChannelToTry(ApiInput):
    channel: ContactKind


class ChannelTried(ApiOutput):
    """`sent_to` is the contact at which a message will come in, if that works."""

    sent_to: str
