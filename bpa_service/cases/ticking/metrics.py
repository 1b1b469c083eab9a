"""Whether time is looked at, in figures."""

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select

from bpa_service.cases.core.models import Case
from service_kit.db import Database


async def collect(database: Database) -> bytes:
    """Prometheus text: for how long the case has been due that time is to look at first.

    Seconds while a worker ticks; where it grows no threshold is announced, no lease ends, and nothing expires.
    """
    due_for = func.extract("epoch", func.clock_timestamp() - func.min(Case.next_tick_at))
    async with database.reading() as session:
        seconds = await session.scalar(select(func.greatest(func.coalesce(due_for, 0), 0)))
    registry = CollectorRegistry()
    text = "How long the case has been due that time is to look at first."
    Gauge("autodetective_ticks_overdue_seconds", text, registry=registry).set(float(seconds or 0))
    return generate_latest(registry)
