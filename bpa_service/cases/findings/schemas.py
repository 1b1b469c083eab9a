"""Findings as the API speaks of them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from bpa_service.cases.core.places import Places
from bpa_service.cases.core.schemas import MediumText, Names, maybe_ref, ref
from bpa_service.cases.findings.models import Finding
from bpa_service.cases.findings.views import finding_view
from service_kit.http.schemas import ApiInput, ApiOutput, ShortText
from shared_schemas.events.bpa_v1 import ExpertRef, FindingSeverity
from shared_schemas.evidence import PlaceOnEvidence

MaybeText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]


class FindingIn(ApiInput):
    """A statement that rests on places on photos of the case, a vehicle record, or a rule: at least one.

    `text` is the fact. `meaning` is what it means for who buys or sells the car, and `to_do` what to do about it;
    where they are null the report says that in words of its own.
    """

    severity: FindingSeverity
    text: MediumText
    places: Places = ()
    record_ref: ShortText | None = None
    rule_ref: ShortText | None = None
    meaning: MediumText | None = None
    to_do: MediumText | None = None


class FindingPatch(ApiInput):
    """What is to be different; null, or nothing: as it is. An empty `meaning` or `to_do` takes that away."""

    severity: FindingSeverity | None = None
    text: MediumText | None = None
    places: Places | None = None
    record_ref: ShortText | None = None
    rule_ref: ShortText | None = None
    meaning: MaybeText | None = None
    to_do: MaybeText | None = None

    @property
    def states_otherwise(self) -> bool:
        """Whether more is different than how it is put for the reader."""
        changed = {name for name, value in self if value is not None}
        return bool(changed - {"meaning", "to_do"})


class ExplanationIn(ApiInput):
    """Why what was found is innocent; the client reads it."""

    text: MediumText


class WithdrawalIn(ApiInput):
    """Why a finding is held no longer; it stays on record, for experts and auditors."""

    reason: MediumText


class FindingOut(ApiOutput):
    """A finding as it is now; decisions keep it as it was. With an `explanation` it speaks against nothing."""

    finding_id: UUID
    severity: FindingSeverity
    text: str
    places: tuple[PlaceOnEvidence, ...]
    record_ref: str | None
    rule_ref: str | None
    meaning: str | None
    to_do: str | None
    explanation: str | None
    explained_by: ExpertRef | None
    explained_at: datetime | None
    author: ExpertRef
    recorded_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, finding: Finding, names: Names) -> "FindingOut":
        return cls(
            **dict(finding_view(finding)),
            explained_by=maybe_ref(finding.explained_by, names),
            explained_at=finding.explained_at,
            author=ref(finding.author_id, names),
            recorded_at=finding.recorded_at,
            changed_at=finding.changed_at,
        )


class WithdrawnFindingOut(ApiOutput):
    """A finding that is held no longer, by whom it was taken back, and why if that was said."""

    finding_id: UUID
    severity: FindingSeverity
    text: str
    withdrawn_by: ExpertRef
    withdrawn_at: datetime
    reason: str | None

    @classmethod
    def of(cls, finding: Finding, names: Names) -> "WithdrawnFindingOut":
        if finding.withdrawn_by is None or finding.withdrawn_at is None:
            raise ValueError("the finding is held")
        return cls(
            finding_id=finding.id,
            severity=finding.severity,
            text=finding.text,
            withdrawn_by=ref(finding.withdrawn_by, names),
            withdrawn_at=finding.withdrawn_at,
            reason=finding.withdrawn_because,
        )
