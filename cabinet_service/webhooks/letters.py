"""Letters to a company's administrators about an address that takes nothing, or that a program changed."""

from urllib.parse import urlsplit

import structlog

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts.domain import ContactKind
from cabinet_service.notifications import channels, texts
from cabinet_service.ports import Ports
from cabinet_service.webhooks.models import WebhookEndpoint
from cabinet_service.webhooks.work import SendWebhookNews
from service_kit.db import Session
from service_kit.inbox import Incoming

log = structlog.get_logger(__name__)


async def on_send_webhook_news(
    session: Session, work: SendWebhookNews, incoming: Incoming, *, ports: Ports
) -> None:
    """Write to the oldest e-mail address, or the oldest contact of whoever has none. Raises RetryLater."""
    endpoint = await session.get(WebhookEndpoint, work.endpoint_id)
    contacts = await accounts.contacts_of(session, work.account_id)
    contacts.sort(key=lambda contact: contact.kind is not ContactKind.EMAIL)
    if endpoint is None or not contacts:
        log.info("webhook_news_outdated", endpoint_id=str(work.endpoint_id))
        return
    wording = texts.webhook_news(
        work.news,
        await accounts.language_of(session, work.account_id),
        address=urlsplit(endpoint.url).hostname or "",
        link=f"{ports.settings.public_url}/developer/webhooks",
    )
    if not await channels.reach(ports, contacts[0], wording, message_id=incoming.event_id):
        log.warning("webhook_news_untold", account_id=str(work.account_id))
