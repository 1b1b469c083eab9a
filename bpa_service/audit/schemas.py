"""The audit log as the API speaks of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from bpa_service.audit.models import AuditEntry
from service_kit.http.schemas import ApiOutput


class AuditLine(ApiOutput):
    """One act. `actor_id` is null and `actor_name` "system" where the service acted of its own accord."""

    at: datetime
    actor_id: UUID | None
    actor_name: str
    act: str
    case_id: UUID | None
    details: dict[str, Any]

    @classmethod
    def of(cls, entry: AuditEntry) -> "AuditLine":
        return cls(
            at=entry.at,
            actor_id=entry.actor_id,
            actor_name=entry.actor_name,
            act=entry.act,
            case_id=entry.subject_id,
            details=entry.details,
        )


class TimelineEntry(ApiOutput):
    """Something that happened to the case. `who` is the name of an expert, `client`, or `system`."""

    kind: str
    at: datetime
    who: str
    details: dict[str, Any]

    @classmethod
    def of(cls, entry: AuditEntry) -> "TimelineEntry":
        return cls(kind=entry.act, at=entry.at, who=entry.actor_name, details=entry.details)
