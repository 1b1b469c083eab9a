"""Incidents as the API speaks of them."""

from datetime import datetime
from uuid import UUID

from bpa_service.cases.core.schemas import Names, maybe_ref, ref
from bpa_service.cases.incidents.models import Incident
from service_kit.http.schemas import ApiInput, ApiOutput, LongText
from shared_schemas.events.bpa_v1 import ExpertRef


class IncidentIn(ApiInput):
    note: LongText


class IncidentOut(ApiOutput):
    """A failure of the platform; it lasts while `ended_at` is null."""

    incident_id: UUID
    note: str
    started_by: ExpertRef
    started_at: datetime
    ended_by: ExpertRef | None
    ended_at: datetime | None

    @classmethod
    def of(cls, incident: Incident, names: Names) -> "IncidentOut":
        return cls(
            incident_id=incident.id,
            note=incident.note,
            started_by=ref(incident.started_by, names),
            started_at=incident.started_at,
            ended_by=maybe_ref(incident.ended_by, names),
            ended_at=incident.ended_at,
        )
