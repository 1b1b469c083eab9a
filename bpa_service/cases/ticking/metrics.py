"""Whether time is looked at, in figures."""

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select

from bpa_service.cases.core.models import Case
from service_kit.db import Database, ReadSession


async def overdue_seconds(session: ReadSession) -> float:
    """For how long the case has been due that time is to look at first.

    Seconds while a worker ticks; where it grows no threshold is announced, no lease ends, and nothing expires.
    """
    due_for = func.extract("epoch", func.clock_timestamp() - func.min(Case.next_tick_at))
    seconds = await session.scalar(select(func.greatest(func.coalesce(due_for, 0), 0)))
    return float(seconds or 0)


async def collect(database: Database) -> bytes:
    """Prometheus text."""
    async with database.reading() as session:
        seconds = await overdue_seconds(session)
    registry = CollectorRegistry()
    text = "How long the case has been due that time is to look at first."
    Gauge("autodetective_ticks_overdue_seconds", text, registry=registry).set(seconds)
    return generate_latest(registry)
