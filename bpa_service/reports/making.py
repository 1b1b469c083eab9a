"""What a report says: a pure function of what was answered, of the case, and of what sources know of the car."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bpa_service.experts.domain import Role
from bpa_service.reports.contradictions import contradictions_of
from bpa_service.reports.histories import history_of
from bpa_service.vehicles.lookup.finding import Found
from shared_schemas.clock import Clock
from shared_schemas.events.bpa_v1 import DecisionView
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.evidence import AnsweredShot, EvidenceRef
from shared_schemas.report.content import AuthorRole, Report, ReportKind, ReportPhoto
from shared_schemas.vin.learned import Learned


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What the report has of the case. `clocks` are all that it had, the first one first."""

    id: UUID
    number: str
    claim: VehicleClaim
    worry: str | None
    submitted_at: datetime
    shot_answers: Sequence[AnsweredShot]
    evidence: Sequence[EvidenceRef]
    clocks: Sequence[Clock]
    is_test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the car at the moment `at`, and of VINs; `title` is what people call a source."""

    found: Found
    learned: Learned
    title: Callable[[str], str]
    at: datetime


def report_of(
    case: CaseFacts,
    decision: DecisionView,
    role: Role,
    known: Known,
    *,
    report_id: UUID,
    replaces: int | None,
) -> Report:
    """The report of an answer that somebody gave in `role`."""
    named = {one.record_ref for one in decision.findings if one.record_ref}
    return Report(
        report_id=report_id,
        kind=ReportKind.INSPECTION,
        inspection_id=case.id,
        number=case.number,
        version=decision.version,
        replaces=replaces,
        made_at=known.at,
        claim=case.claim,
        worry=case.worry,
        submitted_at=case.submitted_at,
        decision=decision,
        author_role=AuthorRole.SENIOR if role is Role.SENIOR else AuthorRole.EXPERT,
        photos=tuple(_photos(case.evidence, decision)),
        shot_answers=tuple(case.shot_answers),
        contradictions=contradictions_of(known.found, case.claim, known.learned, known.at),
        history=history_of(known.found, known.title, known.at, named=named),
        clock=_clock(case.clocks, decision.decided_at),
        is_test=case.is_test,
    )


def _photos(evidence: Sequence[EvidenceRef], decision: DecisionView) -> Iterator[ReportPhoto]:
    """Those that were there when the answer was given: nobody looked at what came later."""
    seen = {place.evidence_id for finding in decision.findings for place in finding.places}
    for photo in evidence:
        if photo.received_at <= decision.decided_at or photo.evidence_id in seen:
            yield ReportPhoto(
                evidence_id=photo.evidence_id,
                shot=photo.shot,
                sha256=photo.sha256,
                width=photo.width,
                height=photo.height,
                captured_at=photo.captured_at,
                captured_at_source=photo.captured_at_source,
                received_at=photo.received_at,
            )


def _clock(clocks: Sequence[Clock], decided_at: datetime) -> Clock | None:
    """The one that the answer stopped, or that had stopped before it: a dispute since then has one of its own."""
    before = [clock for clock in clocks if clock.started_at <= decided_at]
    return (before or clocks)[-1] if clocks else None
