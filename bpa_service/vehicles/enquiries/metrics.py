"""How the sources do, in figures."""

from collections.abc import Mapping
from dataclasses import dataclass
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
    """Of one source: the questions that nobody has answered yet, those that were answered in the last hour, and
    those of them of whose answer something failed, the first of them then.
    """

    waiting: int = 0
    answered: int = 0
    failed: int = 0
    failing_since: datetime | None = None


async def asked(session: ReadSession) -> Mapping[str, Asked]:
    """By source, of those that were asked lately or are to be."""
    since = await database_now(session) - LATELY
    waits = VehicleEnquiry.due_at.is_not(None) & VehicleEnquiry.answered_at.is_(None)
    waiting = await session.execute(
        select(VehicleEnquiry.source, func.count()).where(waits).group_by(VehicleEnquiry.source)
    )
    has_failed = VehicleEnquiry.coverage.contains([{"state": CoverageState.FAILED}])
    lately = await session.execute(
        select(
            VehicleEnquiry.source,
            func.count(),
            func.count().filter(has_failed),
            func.min(VehicleEnquiry.answered_at).filter(has_failed),
        )
        .where(VehicleEnquiry.answered_at >= since)
        .group_by(VehicleEnquiry.source)
    )
    waits_of = dict(waiting.all())
    done = {source: (answered, failed, first) for source, answered, failed, first in lately}
    found: dict[str, Asked] = {}
    for source in {**waits_of, **done}:
        answered, failed, first = done.get(source, (0, 0, None))
        found[source] = Asked(
            waiting=waits_of.get(source, 0), answered=answered, failed=failed, failing_since=first
        )
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
