"""Whether partners' servers are told, in figures."""

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select

from cabinet_service.webhooks.domain import WebhookDeliveryState
from cabinet_service.webhooks.models import WebhookDelivery, WebhookEndpoint
from service_kit.db import Database


async def collect(database: Database) -> bytes:
    """Prometheus text: what waits, how late the oldest first try is, and how many addresses take nothing."""
    pending = WebhookDelivery.state == WebhookDeliveryState.PENDING
    untried = select(func.min(WebhookDelivery.due_at)).where(pending, WebhookDelivery.attempts == 0)
    late = func.extract("epoch", func.clock_timestamp() - untried.scalar_subquery())
    async with database.reading() as session:
        waiting = await session.scalar(select(func.count()).where(pending)) or 0
        oldest = await session.scalar(select(func.coalesce(late, 0))) or 0
        failing = select(func.count()).where(
            WebhookEndpoint.failing_since.is_not(None), WebhookEndpoint.disabled_at.is_(None)
        )
        troubled = await session.scalar(failing) or 0
    registry = CollectorRegistry()
    for name, text, value in (
        ("webhooks_waiting", "Notices that no server of a partner has taken yet.", waiting),
        ("webhooks_untried_seconds", "How long the oldest of those that were never tried is due.", oldest),
        ("webhooks_failing_addresses", "Addresses that take nothing at present.", troubled),
    ):
        Gauge(f"autodetective_{name}", text, registry=registry).set(float(value))
    return generate_latest(registry)
