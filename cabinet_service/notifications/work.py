"""What this slice gives to cabinet's worker."""

from uuid import UUID

from shared_schemas.envelope import Work


class SendNotification(Work):
    """Send a notification that is still pending."""

    TYPE = "cabinet.send_notification"
    notification_id: UUID
