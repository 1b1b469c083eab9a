"""Failures of the platform: they are nobody's time but ours, so every open clock stands still meanwhile.

Only the incident itself is written at once. The clocks follow at the next tick, each at the incident's own
instants, so that a thousand open cases need no transaction that locks them all.
"""

from uuid import UUID

from sqlalchemy import update

from bpa_service.cases.core import errors
from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.domain import OPEN
from bpa_service.cases.core.models import Case
from bpa_service.cases.incidents.models import Incident
from bpa_service.cases.incidents.queries import INCIDENTS_LOCK, lasting
from bpa_service.db.tables import AUDIENCE
from service_kit import audit, live, locks
from service_kit.http.problems import NotFound
from service_kit.ids import new_id


async def start(acting: ExpertActing, *, note: str) -> Incident:
    """Declare an incident. Raises IncidentOpen while another one lasts."""
    await locks.hold(acting.session, INCIDENTS_LOCK)
    if await lasting(acting.session):
        raise errors.IncidentOpen
    incident = Incident(id=new_id(), note=note, started_by=acting.by.id, started_at=acting.now)
    acting.session.add(incident)
    await _record_act(acting, incident, "incident_started")
    return incident


async def end(acting: ExpertActing, incident_id: UUID) -> Incident:
    """Say that it is over. Raises NotFound or IncidentOver."""
    incident = await acting.session.get(Incident, incident_id, lock=True)
    if incident is None:
        raise NotFound
    if incident.ended_at is not None:
        raise errors.IncidentOver
    incident.ended_by, incident.ended_at = acting.by.id, acting.now
    await _record_act(acting, incident, "incident_ended")
    return incident


async def _record_act(acting: ExpertActing, incident: Incident, act: str) -> None:
    await acting.session.execute(update(Case).where(Case.state.in_(OPEN)).values(next_tick_at=acting.now))
    audit.record(acting.session, act, by=acting.by, now=acting.now, details={"incident_id": incident.id})
    live.announce(acting.session, audience=AUDIENCE, kind=act.replace("_", "."), subject_id=incident.id)
