"""Holding a case as the API speaks of it."""

from datetime import datetime
from uuid import UUID

from bpa_service.cases.core.models import Case
from service_kit.http.schemas import ApiInput, ApiOutput
from shared_schemas.words import InspectionState


class Reassignment(ApiInput):
    expert_id: UUID


class Priority(ApiInput):
    """An urgent case comes before all that are not."""

    urgent: bool


class NextIn(ApiInput):
    """Of which case one has nothing more to do: it is not given again."""

    but: UUID | None = None


class LeaseOut(ApiOutput):
    """Who has the case in hand. `expires_at` is null while the lease is suspended: the case awaits somebody."""

    case_id: UUID
    number: str
    state: InspectionState
    version: int
    expert_id: UUID | None
    claimed_at: datetime | None
    expires_at: datetime | None

    @classmethod
    def of(cls, case: Case) -> "LeaseOut":
        return cls(
            case_id=case.id,
            number=case.number,
            state=case.state,
            version=case.version,
            expert_id=case.holder_id,
            claimed_at=case.claimed_at,
            expires_at=case.lease_expires_at,
        )


class NextOut(ApiOutput):
    """The case that one has in hand now; null where there is none to take. `is_new` is false of one that one had
    in hand already.
    """

    next: LeaseOut | None
    is_new: bool = False
