"""What this slice gives to cabinet's worker."""

from uuid import UUID

from cabinet_service.notifications.kinds import WebhookNews
from shared_schemas.envelope import Work


class SendWebhookNews(Work):
    """Write to an administrator of a company about an address of it, at every e-mail address of theirs."""

    TYPE = "cabinet.send_webhook_news"
    account_id: UUID
    endpoint_id: UUID
    news: WebhookNews
