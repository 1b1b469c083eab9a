"""Reads of incidents."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select, tuple_

from bpa_service.cases.incidents.models import Incident
from service_kit.db import ReadSession, Session
from service_kit.paging import Page

# An incident is declared either before a case reads the incidents or after it is there to be found.
INCIDENTS_LOCK: Final = "incidents"


async def newest(session: ReadSession, page: Page) -> Sequence[Incident]:
    """The newest first.

    One more than the page holds, if there is one. The key is (`started_at`, `id`).
    """
    statement = select(Incident)
    if page.after is not None:
        statement = statement.where(tuple_(Incident.started_at, Incident.id) < page.after)
    ordered = statement.order_by(Incident.started_at.desc(), Incident.id.desc())
    return (await session.scalars(ordered.limit(page.limit + 1))).all()


async def lasting(session: ReadSession) -> Incident | None:
    """The incident that has not ended; there is one at most."""
    return await session.scalar(select(Incident).where(Incident.ended_at.is_(None)))


async def incidents_since(session: Session, since: datetime) -> Sequence[Incident]:
    """The incidents that lasted into the time after `since`."""
    lasting = or_(Incident.ended_at.is_(None), Incident.ended_at > since)
    return (await session.scalars(select(Incident).where(lasting).order_by(Incident.started_at))).all()
