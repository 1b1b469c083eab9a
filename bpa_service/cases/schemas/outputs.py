"""What we send: parts of a case."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from bpa_service.audit.models import AuditEntry
from bpa_service.cases.models import (
    Case,
    CheckOutcome,
    CheckResult,
    Decision,
    DecisionKind,
    Dispute,
    Finding,
    Incident,
    InfoTask,
    Message,
    Note,
    SavedDraft,
    SecondOpinion,
    Side,
    TaskState,
)
from bpa_service.cases.views import finding_view
from bpa_service.playbook.models import Check
from service_kit.http.schemas import ApiOutput
from shared_schemas.events.bpa_v1 import ExpertRef, FindingSeverity, FindingView
from shared_schemas.evidence import PlaceOnEvidence
from shared_schemas.words import DeclineReason, InspectionState, Shot, Verdict

Names = Mapping[UUID, str]


def ref(expert_id: UUID, names: Names) -> ExpertRef:
    return ExpertRef(expert_id=expert_id, display_name=names[expert_id])


def maybe_ref(expert_id: UUID | None, names: Names) -> ExpertRef | None:
    return ref(expert_id, names) if expert_id else None


class LeaseOut(ApiOutput):
    """Who has the case in hand. `expires_at` is null while the lease is suspended: the case awaits somebody."""

    case_id: UUID
    state: InspectionState
    version: int
    expert_id: UUID | None
    claimed_at: datetime | None
    expires_at: datetime | None

    @classmethod
    def of(cls, case: Case) -> "LeaseOut":
        return cls(
            case_id=case.id,
            state=case.state,
            version=case.version,
            expert_id=case.holder_id,
            claimed_at=case.claimed_at,
            expires_at=case.lease_expires_at,
        )


class CaseHead(ApiOutput):
    """A case in short."""

    id: UUID
    number: str
    state: InspectionState
    version: int
    submitted_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, case: Case) -> "CaseHead":
        return cls(
            id=case.id,
            number=case.number,
            state=case.state,
            version=case.version,
            submitted_at=case.submitted_at,
            ended_at=case.ended_at,
        )


class InfoTaskOut(ApiOutput):
    """Something asked of the client, and what became of it."""

    task_id: UUID
    state: TaskState
    shot: Shot | None
    question: str
    place: PlaceOnEvidence | None
    blocking: bool
    asked_by: ExpertRef
    asked_at: datetime
    notified_at: datetime | None
    channel: str | None
    ended_at: datetime | None
    evidence_ids: list[UUID]
    answer: str | None
    decline_reason: DeclineReason | None
    decline_note: str | None

    @classmethod
    def of(cls, task: InfoTask, names: Names) -> "InfoTaskOut":
        return cls(
            task_id=task.id,
            state=task.state,
            shot=task.shot,
            question=task.question,
            place=PlaceOnEvidence.model_validate(task.place) if task.place else None,
            blocking=task.blocking,
            asked_by=ref(task.asked_by, names),
            asked_at=task.asked_at,
            notified_at=task.notified_at,
            channel=task.channel,
            ended_at=task.ended_at,
            evidence_ids=task.evidence_ids,
            answer=task.answer,
            decline_reason=task.decline_reason,
            decline_note=task.decline_note,
        )


class FindingOut(ApiOutput):
    """A finding as it is now; decisions keep it as it was."""

    finding_id: UUID
    severity: FindingSeverity
    text: str
    places: tuple[PlaceOnEvidence, ...]
    record_ref: str | None
    rule_ref: str | None
    author: ExpertRef
    recorded_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, finding: Finding, names: Names) -> "FindingOut":
        return cls(
            **dict(finding_view(finding)),
            author=ref(finding.author_id, names),
            recorded_at=finding.recorded_at,
            changed_at=finding.changed_at,
        )


class MessageOut(ApiOutput):
    """A word between client and experts; `author` is null for the client's."""

    message_id: UUID
    side: Side
    author: ExpertRef | None
    text: str
    posted_at: datetime

    @classmethod
    def of(cls, message: Message, names: Names) -> "MessageOut":
        return cls(
            message_id=message.id,
            side=message.side,
            author=maybe_ref(message.author_id, names),
            text=message.text,
            posted_at=message.posted_at,
        )


class NoteOut(ApiOutput):
    """A word among experts."""

    note_id: UUID
    author: ExpertRef
    text: str
    written_at: datetime

    @classmethod
    def of(cls, note: Note, names: Names) -> "NoteOut":
        return cls(
            note_id=note.id, author=ref(note.author_id, names), text=note.text, written_at=note.written_at
        )


class DecisionOut(ApiOutput):
    """A version of the answer, with its findings as they were then; `reason` is why it was amended."""

    version: int
    kind: DecisionKind
    verdict: Verdict
    summary: str
    advice: str | None
    findings: list[FindingView]
    not_covered: list[str]
    reason: str | None
    expert: ExpertRef
    decided_at: datetime

    @classmethod
    def of(cls, decision: Decision, names: Names) -> "DecisionOut":
        return cls(
            version=decision.version,
            kind=decision.kind,
            verdict=decision.verdict,
            summary=decision.summary,
            advice=decision.advice,
            findings=[FindingView.model_validate(frozen) for frozen in decision.findings],
            not_covered=decision.not_covered,
            reason=decision.reason,
            expert=ref(decision.author_id, names),
            decided_at=decision.decided_at,
        )


class CheckResultOut(ApiOutput):
    """A check that the case is asked; `outcome` is null while it is open."""

    check_id: UUID
    shot: Shot | None
    text: str
    required: bool
    outcome: CheckOutcome | None
    author: ExpertRef | None
    recorded_at: datetime | None

    @classmethod
    def of(cls, check: Check, result: CheckResult | None, names: Names) -> "CheckResultOut":
        return cls(
            check_id=check.id,
            shot=Shot(check.shot) if check.shot else None,
            text=check.text,
            required=check.required,
            outcome=result and result.outcome,
            author=maybe_ref(result and result.author_id, names),
            recorded_at=result and result.recorded_at,
        )


class WritingOut(ApiOutput):
    """The verdict as far as somebody has written it."""

    verdict: Verdict | None
    summary: str
    advice: str
    not_covered: str
    without: list[UUID]
    author: ExpertRef
    saved_at: datetime

    @classmethod
    def of(cls, draft: SavedDraft, names: Names) -> "WritingOut":
        return cls(
            verdict=draft.verdict,
            summary=draft.summary,
            advice=draft.advice,
            not_covered=draft.not_covered,
            without=draft.without,
            author=ref(draft.author_id, names),
            saved_at=draft.saved_at,
        )


class Saved(ApiOutput):
    """That it is kept, and since when."""

    saved_at: datetime


class SecondOpinionOut(ApiOutput):
    """What a second expert was asked, and said. Open while it is neither answered nor withdrawn."""

    second_opinion_id: UUID
    question: str
    asked_by: ExpertRef
    asked_at: datetime
    verdict: Verdict | None
    text: str | None
    answered_by: ExpertRef | None
    answered_at: datetime | None
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, opinion: SecondOpinion, names: Names) -> "SecondOpinionOut":
        return cls(
            second_opinion_id=opinion.id,
            question=opinion.question,
            asked_by=ref(opinion.asked_by, names),
            asked_at=opinion.asked_at,
            verdict=opinion.verdict,
            text=opinion.text,
            answered_by=maybe_ref(opinion.answered_by, names),
            answered_at=opinion.answered_at,
            withdrawn_at=opinion.withdrawn_at,
        )


class DisputeOut(ApiOutput):
    """An answer that the client does not accept. `answered_version` is the amendment that replies to it."""

    dispute_id: UUID
    reason: str
    opened_at: datetime
    disputed_version: int | None
    answered_version: int | None

    @classmethod
    def of(cls, dispute: Dispute) -> "DisputeOut":
        return cls(
            dispute_id=dispute.id,
            reason=dispute.reason,
            opened_at=dispute.opened_at,
            disputed_version=dispute.disputed_version,
            answered_version=dispute.answered_version,
        )


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


class TimelineEntry(ApiOutput):
    """Something that happened to the case. `who` is the name of an expert, `client`, or `system`."""

    kind: str
    at: datetime
    who: str
    details: dict[str, Any]

    @classmethod
    def of(cls, entry: AuditEntry) -> "TimelineEntry":
        return cls(kind=entry.act, at=entry.at, who=entry.actor_name, details=entry.details)
