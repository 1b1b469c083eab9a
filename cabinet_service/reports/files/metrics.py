"""Whether files of reports are made, in figures."""

from typing import Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select

from cabinet_service.reports.files.models import ReportFile
from cabinet_service.reports.files.service import GIVEN_UP_AFTER
from service_kit.db import Database

# After so many tries, two minutes, it is no busy machine.
_FAILS: Final = 5


async def collect(database: Database) -> bytes:
    """Prometheus text: how late the oldest first try is, and how many files nobody could make so far."""
    now = func.clock_timestamp()
    untried = select(func.min(ReportFile.due_at)).where(ReportFile.tries == 0, ReportFile.made_at.is_(None))
    late = func.greatest(func.coalesce(func.extract("epoch", now - untried.scalar_subquery()), 0), 0)
    is_open = ReportFile.made_at.is_(None) & (ReportFile.asked_at > now - GIVEN_UP_AFTER)
    fails = is_open & ((ReportFile.tries >= _FAILS) | ReportFile.due_at.is_(None))
    async with database.reading() as session:
        oldest = await session.scalar(select(late)) or 0
        failing = await session.scalar(select(func.count()).where(fails)) or 0
    registry = CollectorRegistry()
    for name, text, value in (
        ("report_files_untried_seconds", "How long the oldest PDF that nobody tried to make is due.", oldest),
        ("report_files_failing", "PDFs of the last day that could not be made.", failing),
    ):
        Gauge(f"autodetective_{name}", text, registry=registry).set(float(value))
    return generate_latest(registry)
