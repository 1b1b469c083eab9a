"""Whether people are told what happened, in figures."""

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import exists, func, or_, select

from service_kit.db import Database
from service_kit.notifying.notices import Notices
from service_kit.notifying.rules import DeliveryState


async def collect(database: Database, notices: Notices) -> bytes:
    """Prometheus text: how many notifications no channel has taken yet, and for how long the oldest has waited.

    A mail server that takes nothing shows here, and so does a messenger; and how many are set aside, because
    something of ours fails over them.
    """
    told, sent = notices.notifications, notices.deliveries
    age = func.extract("epoch", func.clock_timestamp() - func.min(told.created_at))
    # A delivery that was not tried yet may wait for the morning of somebody who asked for quiet nights.
    pending = exists().where(
        sent.notification_id == told.id,
        sent.state == DeliveryState.QUEUED,
        or_(sent.tries > 0, sent.due_at <= func.clock_timestamp()),
    )
    planned_late = select(func.count()).where(told.trouble.is_not(None), told.escalate_at.is_not(None))
    sent_late = select(func.count()).where(sent.is_set_aside, sent.state == DeliveryState.QUEUED)
    async with database.reading() as session:
        waiting, oldest = (
            await session.execute(select(func.count(), func.coalesce(age, 0)).where(pending))
        ).one()
        aside = [await session.scalar(late) or 0 for late in (planned_late, sent_late)]
    registry = CollectorRegistry()
    for name, text, value in (
        ("notifications_waiting", "Notifications that no channel has taken yet.", waiting),
        ("notifications_oldest_seconds", "Age of the oldest of them.", oldest),
        ("notifications_set_aside", "Notifications over which something of ours fails.", sum(aside)),
    ):
        Gauge(f"autodetective_{name}", text, registry=registry).set(float(value))
    return generate_latest(registry)
