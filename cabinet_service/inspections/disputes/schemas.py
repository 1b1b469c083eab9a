"""Disputes as the API speaks of them."""

from datetime import datetime
from uuid import UUID

from cabinet_service.inspections.disputes.models import Dispute
from cabinet_service.inspections.ending.schemas import EndingOut
from service_kit.http.schemas import ApiInput, ApiOutput, LongText


class DisputeIn(ApiInput):
    reason: LongText


class DisputeOut(ApiOutput):
    """An answer that the client does not accept. `given_up` says why there was no new one: the answer stands."""

    id: UUID
    decision_version: int
    reason: str
    opened_at: datetime
    settled_at: datetime | None
    withdrawn_at: datetime | None = None
    given_up: EndingOut | None = None

    @classmethod
    def of(cls, dispute: Dispute) -> "DisputeOut":
        return cls(
            id=dispute.id,
            decision_version=dispute.decision_version,
            reason=dispute.reason,
            opened_at=dispute.opened_at,
            settled_at=dispute.settled_at,
            withdrawn_at=dispute.withdrawn_at,
            given_up=EndingOut(reason=dispute.given_up_reason, note=dispute.given_up_note)
            if dispute.given_up_reason is not None
            else None,
        )
