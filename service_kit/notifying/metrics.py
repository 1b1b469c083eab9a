"""Whether people are told what happened, in figures."""

from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import exists, func, or_, select

from service_kit.db import Database, ReadSession
from service_kit.notifying.notices import Notices
from service_kit.notifying.rules import DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """How many notifications no channel has taken yet, for how long the oldest has waited, and over how many
    something of ours fails, the oldest of which is from then.
    """

    waiting: int
    oldest_seconds: float
    set_aside: int
    set_aside_since: datetime | None


async def untold(session: ReadSession, notices: Notices) -> Untold:
    """As it is at this instant."""
    told, sent = notices.notifications, notices.deliveries
    age = func.extract("epoch", func.clock_timestamp() - func.min(told.created_at))
    # A delivery that was not tried yet may wait for the morning of somebody who asked for quiet nights.
    pending = exists().where(
        sent.notification_id == told.id,
        sent.state == DeliveryState.QUEUED,
        or_(sent.tries > 0, sent.due_at <= func.clock_timestamp()),
    )
    counted = select(func.count(), func.coalesce(age, 0)).where(pending)
    waiting, oldest = (await session.execute(counted)).one()
    from_when = select(func.count(), func.min(told.created_at))
    planned_late = from_when.where(told.trouble.is_not(None), told.escalate_at.is_not(None))
    sent_late = from_when.join(sent, sent.notification_id == told.id).where(
        sent.is_set_aside, sent.state == DeliveryState.QUEUED
    )
    aside = [(await session.execute(late)).one() for late in (planned_late, sent_late)]
    return Untold(
        waiting=waiting,
        oldest_seconds=float(oldest),
        set_aside=sum(count for count, _ in aside),
        set_aside_since=min((first for _, first in aside if first), default=None),
    )


async def collect(database: Database, notices: Notices) -> bytes:
    """Prometheus text. A mail server that takes nothing shows here, and so does a messenger."""
    async with database.reading() as session:
        now = await untold(session, notices)
    registry = CollectorRegistry()
    for name, text, value in (
        ("notifications_waiting", "Notifications that no channel has taken yet.", now.waiting),
        ("notifications_oldest_seconds", "Age of the oldest of them.", now.oldest_seconds),
        ("notifications_set_aside", "Notifications over which something of ours fails.", now.set_aside),
    ):
        Gauge(f"autodetective_{name}", text, registry=registry).set(float(value))
    return generate_latest(registry)
