"""Failures of the platform: they are nobody's time but ours, so every open clock stands still meanwhile.

Only the incident itself is written at once. The clocks follow at the next tick, each at the incident's own
instants, so that a thousand open cases need no transaction that locks them all.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from bpa_service.cases import errors
from bpa_service.cases.domain import OPEN
from bpa_service.cases.models import Case, Incident
from bpa_service.cases.service import clocks
from bpa_service.cases.service.acting import AUDIENCE
from bpa_service.experts.domain import Expert
from service_kit import audit, live
from service_kit.db import Session
from service_kit.http.problems import NotFound
from service_kit.ids import new_id


async def start(session: Session, *, note: str, by: Expert, now: datetime) -> Incident:
    """Declare an incident. Raises IncidentOpen while another one lasts."""
    await session.execute(select(func.pg_advisory_xact_lock(clocks.INCIDENTS_LOCK)))
    if await session.scalar(select(Incident.id).where(Incident.ended_at.is_(None))):
        raise errors.IncidentOpen
    incident = Incident(id=new_id(), note=note, started_by=by.id, started_at=now)
    session.add(incident)
    await _leave_traces(session, incident, "incident_started", by, now)
    return incident


async def end(session: Session, incident_id: UUID, *, by: Expert, now: datetime) -> Incident:
    """Say that it is over. Raises NotFound or IncidentOver."""
    incident = await session.get(Incident, incident_id, with_for_update=True)
    if incident is None:
        raise NotFound
    if incident.ended_at is not None:
        raise errors.IncidentOver
    incident.ended_by, incident.ended_at = by.id, now
    await _leave_traces(session, incident, "incident_ended", by, now)
    return incident


async def _leave_traces(session: Session, incident: Incident, act: str, by: Expert, now: datetime) -> None:
    await session.execute(
        update(Case)
        .where(Case.state.in_(OPEN))
        .values(next_tick_at=now)
        .execution_options(synchronize_session=False)
    )
    audit.record(session, act, by=by, now=now, details={"incident_id": incident.id})
    live.announce(session, audience=AUDIENCE, kind=act.replace("_", "."), subject_id=incident.id)
