"""Ending every way in that a restored backup may have opened again: what was ended since works again with it."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import update

from cabinet_service.accounts.models import ApiKey, sign_ins
from cabinet_service.audit.actors import OPERATOR
from cabinet_service.inspections.yard.models import YardLink
from cabinet_service.reports.badges.models import ReportBadge
from cabinet_service.reports.sharing.models import ReportShare
from service_kit import audit
from service_kit.db import Session


class Ended(NamedTuple):
    """How many there were of each."""

    sessions: int
    api_keys: int
    report_links: int
    car_links: int
    badges: int


async def end_made_before(session: Session, instant: datetime, *, now: datetime) -> Ended:
    """End all sessions, API keys and links to reports and cars and badges that were made before the instant."""
    ended = Ended(
        await sign_ins.end_made_before(session, instant),
        *[
            await _revoke(session, table, instant, now)
            for table in (ApiKey, ReportShare, YardLink, ReportBadge)
        ],
    )
    details = {"made_before": instant.isoformat(), **ended._asdict()}
    audit.record(session, "ways_in_ended", by=OPERATOR, now=now, details=details)
    return ended


async def _revoke(
    session: Session,
    table: type[ApiKey | ReportShare | YardLink | ReportBadge],
    instant: datetime,
    now: datetime,
) -> int:
    opens = [table.created_at < instant, table.revoked_at.is_(None)]
    # A badge whose time is over can be made to work again under the same address; nothing else can.
    if table is not ReportBadge:
        opens.append(table.expires_at > now)
    ended = await session.scalars(update(table).where(*opens).values(revoked_at=now).returning(table.id))
    return len(ended.all())
