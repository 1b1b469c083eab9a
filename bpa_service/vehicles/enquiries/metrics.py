"""How the sources do, in figures."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select

from bpa_service.vehicles.enquiries.models import VehicleEnquiry
from service_kit.db import Database, ReadSession, database_now
from shared_schemas.records import CoverageState

LATELY: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Of one source: the questions that nobody has answered yet, the oldest of which was put then, those that
    were answered in the last hour, and those of them of whose answer something failed.
    """

    waiting: int = 0
    waiting_since: datetime | None = None
    answered: int = 0
    failed: int = 0


async def asked(session: ReadSession) -> Mapping[str, Asked]:
    """By source, of those that were asked lately or are to be."""
    since = await database_now(session) - LATELY
    waits = VehicleEnquiry.due_at.is_not(None) & VehicleEnquiry.answered_at.is_(None)
    waiting = await session.execute(
        select(VehicleEnquiry.source, func.count(), func.min(VehicleEnquiry.put_at))
        .where(waits)
        .group_by(VehicleEnquiry.source)
    )
    has_failed = VehicleEnquiry.coverage.contains([{"state": CoverageState.FAILED}])
    lately = await session.execute(
        select(
            VehicleEnquiry.source,
            func.count(),
            func.count().filter(has_failed),
        )
        .where(VehicleEnquiry.answered_at >= since)
        .group_by(VehicleEnquiry.source)
    )
    found = {source: Asked(waiting=count, waiting_since=put_first) for source, count, put_first in waiting}
    for source, answered, failed in lately:
        found[source] = replace(found.get(source, Asked()), answered=answered, failed=failed)
    return found


async def collect(database: Database) -> bytes:
    """Prometheus text: per source the questions that nobody has answered yet, and those that failed lately."""
    async with database.reading() as session:
        sources = await asked(session)
    registry = CollectorRegistry()

    def gauge(name: str, text: str) -> Gauge:
        return Gauge(f"autodetective_enquiries_{name}", text, ["source"], registry=registry)

    waiting = gauge("waiting", "Questions about vehicles that the source has not answered yet.")
    failed = gauge("failed", "Questions of the last hour of whose answer something failed.")
    answered = gauge("answered", "Questions of the last hour that were answered, by whatever.")
    for source, now in sources.items():
        waiting.labels(source).set(now.waiting)
        failed.labels(source).set(now.failed)
        answered.labels(source).set(now.answered)
    return generate_latest(registry)
