"""What this slice gives to cabinet's worker."""

from uuid import UUID

from cabinet_service.accounts.domain import ContactKind
from shared_schemas.envelope import Work


class SendNotification(Work):
    """Send a notification that is still pending."""

    TYPE = "cabinet.send_notification"
    notification_id: UUID


class SendTestMessage(Work):
    """Send a message to the client's oldest contact of this kind, if there still is one."""

    TYPE = "cabinet.send_test_message"
    account_id: UUID
    channel: ContactKind
