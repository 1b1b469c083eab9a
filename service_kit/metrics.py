"""What Prometheus is told of delivery."""

from datetime import timedelta
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.registry import REGISTRY
from sqlalchemy import func, select

from service_kit.backbone import Backbone

# A gap closes by itself within half a minute; what has not by then wants somebody to look at it.
STUCK_AFTER: Final = timedelta(minutes=2)


async def delivery_metrics(backbone: Backbone) -> bytes:
    """Prometheus text: how far delivery lags behind, beside what this process counted itself.

    The figures are read from the database, so every API process tells the same.
    """
    tables = backbone.tables
    outbox, parked, dead = tables.outbox.table, tables.parked, tables.dead
    async with backbone.database.reading() as session:
        waiting, oldest = (
            await session.execute(
                select(
                    func.count(),
                    func.coalesce(
                        func.extract("epoch", func.clock_timestamp() - func.min(outbox.occurred_at)), 0
                    ),
                ).where(outbox.sent_at.is_(None))
            )
        ).one()
        set_aside = await session.scalar(select(func.count()).select_from(parked)) or 0
        stuck = await session.scalar(
            select(func.count(parked.aggregate_id.distinct())).where(
                parked.parked_at < func.clock_timestamp() - STUCK_AFTER
            )
        )
        buried = await session.scalar(
            select(func.count()).select_from(dead).where(dead.replayed_at.is_(None))
        )
    registry = CollectorRegistry()
    for name, text, value in (
        ("outbox_waiting", "Rows of the outbox that the bus has not confirmed.", waiting),
        ("outbox_oldest_seconds", "Age of the oldest of them.", oldest),
        ("inbox_parked", "Events set aside until their predecessor comes.", set_aside),
        ("inbox_stuck", "Aggregates that have missed an event of the peer's for minutes.", stuck or 0),
        ("dead_letters", "Messages that were given up and not replayed.", buried or 0),
    ):
        Gauge(f"autodetective_{name}", text, registry=registry).set(float(value))
    return generate_latest(registry) + generate_latest(REGISTRY)
