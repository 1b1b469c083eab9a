"""Disputes as the API speaks of them."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from cabinet_service.inspections.disputes.models import Dispute
from cabinet_service.inspections.ending.schemas import EndingOut
from service_kit.http.schemas import ApiInput, ApiOutput, LongText

MAX_FINDINGS: Final = 50
MAX_PHOTOS: Final = 30


class DisputeIn(ApiInput):
    """`version` is the one that the client has read: another one by now refuses it.

    `finding_ids` are the findings of it that they doubt, none: all of it; `evidence_ids` are photos of this
    inspection that they show for it.
    """

    reason: LongText
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    finding_ids: Annotated[tuple[UUID, ...], Field(max_length=MAX_FINDINGS)] = ()
    evidence_ids: Annotated[tuple[UUID, ...], Field(max_length=MAX_PHOTOS)] = ()


class DisputeOut(ApiOutput):
    """An answer that the client does not accept. `given_up` says why there was no new one: the answer stands."""

    id: UUID
    decision_version: int
    reason: str
    finding_ids: list[UUID]
    evidence_ids: list[UUID]
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
            finding_ids=dispute.finding_ids,
            evidence_ids=dispute.evidence_ids,
            opened_at=dispute.opened_at,
            settled_at=dispute.settled_at,
            withdrawn_at=dispute.withdrawn_at,
            given_up=EndingOut(reason=dispute.given_up_reason, note=dispute.given_up_note)
            if dispute.given_up_reason is not None
            else None,
        )
