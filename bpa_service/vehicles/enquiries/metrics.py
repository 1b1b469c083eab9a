"""How the sources do, in figures."""

from datetime import timedelta
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select

from bpa_service.vehicles.enquiries.models import VehicleEnquiry
from service_kit.db import Database, database_now
from shared_schemas.records import CoverageState

LATELY: Final = timedelta(hours=1)


async def collect(database: Database) -> bytes:
    """Prometheus text: per source the questions that nobody has answered yet, and those that failed lately."""
    async with database.reading() as session:
        since = await database_now(session) - LATELY
        waiting = await session.execute(
            select(VehicleEnquiry.source, func.count())
            .where(VehicleEnquiry.due_at.is_not(None), VehicleEnquiry.answered_at.is_(None))
            .group_by(VehicleEnquiry.source)
        )
        failed = await session.execute(
            select(VehicleEnquiry.source, func.count())
            .where(
                VehicleEnquiry.answered_at >= since,
                VehicleEnquiry.coverage.contains([{"state": CoverageState.FAILED}]),
            )
            .group_by(VehicleEnquiry.source)
        )
        counts = {"waiting": waiting.all(), "failed": failed.all()}
    registry = CollectorRegistry()
    for name, text in (
        ("waiting", "Questions about vehicles that the source has not answered yet."),
        ("failed", "Questions of the last hour of whose answer something failed."),
    ):
        gauge = Gauge(f"autodetective_enquiries_{name}", text, ["source"], registry=registry)
        for source, count in counts[name]:
            gauge.labels(source).set(float(count))
    return generate_latest(registry)
