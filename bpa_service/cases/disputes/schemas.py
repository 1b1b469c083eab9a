"""Disputes as the API speaks of them."""

from datetime import datetime
from uuid import UUID

from bpa_service.cases.disputes.models import Dispute
from service_kit.http.schemas import ApiOutput


class DisputeOut(ApiOutput):
    """An answer that the client does not accept. `answered_version` is the amendment that replies to it.

    `finding_ids` are the findings of `disputed_version` that they doubt, `evidence_ids` the photos that they show
    for it.
    """

    dispute_id: UUID
    reason: str
    finding_ids: list[UUID]
    evidence_ids: list[UUID]
    opened_at: datetime
    disputed_version: int | None
    answered_version: int | None
    withdrawn_at: datetime | None = None
    given_up_at: datetime | None = None

    @classmethod
    def of(cls, dispute: Dispute) -> "DisputeOut":
        return cls(
            dispute_id=dispute.id,
            reason=dispute.reason,
            finding_ids=dispute.finding_ids,
            evidence_ids=dispute.evidence_ids,
            opened_at=dispute.opened_at,
            disputed_version=dispute.disputed_version,
            answered_version=dispute.answered_version,
            withdrawn_at=dispute.withdrawn_at,
            given_up_at=dispute.given_up_at,
        )
