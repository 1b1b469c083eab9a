"""The answer: a first word, the answer itself, and later versions of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from bpa_service.cases.asking import queries as asking
from bpa_service.cases.checklist import queries as checklist
from bpa_service.cases.core import errors
from bpa_service.cases.core.acting import Acting, ExpertActing, ref
from bpa_service.cases.core.domain import Act
from bpa_service.cases.core.models import Case
from bpa_service.cases.deciding import completeness, queries
from bpa_service.cases.deciding.completeness import Missing, Stated
from bpa_service.cases.deciding.left_out import LeftOut
from bpa_service.cases.deciding.models import Decision, DecisionKind
from bpa_service.cases.deciding.schemas import DraftIn
from bpa_service.cases.deciding.views import decision_view
from bpa_service.cases.deciding.work import MakeReport
from bpa_service.cases.disputes import service as disputes
from bpa_service.cases.drafting import service as drafting
from bpa_service.cases.ending import service as ending
from bpa_service.cases.findings import queries as findings
from bpa_service.cases.findings.models import Finding
from bpa_service.cases.findings.views import finding_view
from bpa_service.db.tables import outbox
from bpa_service.evidence import queries as evidence
from bpa_service.experts.domain import Expert
from bpa_service.sla import queries as sla
from bpa_service.sla.service import NoClock
from service_kit.db import ReadSession, Session
from service_kit.ids import new_id
from shared_schemas.clock import Clock
from shared_schemas.events.bpa_v1 import (
    DecisionAmendedV1,
    DecisionIssuedV1,
    DecisionPreliminaryV1,
    DecisionView,
)

# It travels whole in an event, together with the clock; a bus takes 256 KiB.
MAX_DECISION_BYTES: Final = 160 * 1024


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The findings of the case that an answer rests on, and those that it does not, in the order of the draft."""

    case_id: UUID
    chosen: list[Finding]
    others: list[Finding]
    draft: DraftIn

    def stated(self) -> list[Stated]:
        return [
            Stated(
                severity=one.severity,
                chosen=one in self.chosen,
                explained=one.explanation is not None,
                accounted=one.id in self.draft.reasons,
            )
            for one in (*self.chosen, *self.others)
        ]

    def decision(
        self, version: int, kind: DecisionKind, *, by: Expert, at: datetime, reason: str | None
    ) -> Decision:
        draft = self.draft
        return Decision(
            id=new_id(),
            case_id=self.case_id,
            version=version,
            kind=kind,
            verdict=draft.verdict,
            summary=draft.summary,
            advice=draft.advice,
            findings=[finding_view(found).model_dump(mode="json") for found in self.chosen],
            left_out=[one.model_dump(mode="json") for one in self.left_out()],
            not_covered=list(draft.not_covered),
            reason=reason,
            author_id=by.id,
            decided_at=at,
        )

    def left_out(self) -> list[LeftOut]:
        reasons = self.draft.reasons
        return [
            LeftOut(finding=finding_view(one), reason=reasons[one.id])
            for one in self.others
            if one.id in reasons
        ]


async def decide_preliminary(acting: ExpertActing, case_id: UUID, *, draft: DraftIn) -> Decision:
    """Say a first word, e.g. "do not pay a deposit yet". The clock runs on.

    It may lack whatever an answer may not, but is never clean over a contradiction.
    Raises UnknownFinding, DecisionIncomplete or DecisionTooLarge.
    """
    case = await acting.on(case_id, Act.DECIDE_PRELIMINARY)
    weighed = await _weigh(acting.session, case, draft)
    if completeness.contradicts(draft.verdict, weighed.stated()):
        raise errors.DecisionIncomplete(missing=[Missing.CONTRADICTION_UNRESOLVED])
    decision = await _write(acting, case, DecisionKind.PRELIMINARY, weighed, acting.now)
    _record_act(acting, case, decision, "decision_preliminary")
    said = DecisionPreliminaryV1(inspection_id=case.id, decision=decision_view(decision, ref(acting.by)))
    await acting.announce(said)
    return decision


async def decide(acting: ExpertActing, case_id: UUID, *, draft: DraftIn) -> Decision:
    """Give the answer, and end the work. Raises UnknownFinding, DecisionIncomplete or DecisionTooLarge."""
    case = await acting.on(case_id, Act.DECIDE)
    weighed = await _weigh(acting.session, case, draft)
    await _check_complete(acting.session, case, weighed)
    await acting.move(case, Act.DECIDE)
    clock = await ending.wind_up(acting, case, at=acting.now)
    decided_at = clock.stopped_at or acting.now
    decision = await _write(acting, case, DecisionKind.FINAL, weighed, decided_at)
    _record_act(acting, case, decision, "decision_issued")
    issued = DecisionIssuedV1(
        inspection_id=case.id, decision=decision_view(decision, ref(acting.by)), clock=clock
    )
    await acting.announce(issued)
    await _have_report_made(acting, decision)
    return decision


async def amend(acting: ExpertActing, case_id: UUID, *, draft: DraftIn, reason: str) -> Decision:
    """Give a new version of the answer; an open dispute is answered by it.

    Raises AuthorCannotAmend for who gave the version that it replaces, and what `decide` raises.
    """
    case = await acting.on(case_id, Act.AMEND)
    weighed = await _weigh(acting.session, case, draft)
    await _check_complete(acting.session, case, weighed)
    answers_dispute = case.disputed
    await acting.move(case, Act.AMEND)
    clock, decided_at = await _clock_of_amendment(acting, case, answers_dispute=answers_dispute)
    decision = await _write(acting, case, DecisionKind.AMENDMENT, weighed, decided_at, reason=reason)
    if answers_dispute:
        await disputes.answer_open(acting.session, case, version=decision.version)
    _record_act(acting, case, decision, "decision_amended")
    amended = DecisionAmendedV1(
        inspection_id=case.id, decision=decision_view(decision, ref(acting.by)), clock=clock
    )
    await acting.announce(amended)
    await _have_report_made(acting, decision)
    return decision


async def _have_report_made(acting: Acting, decision: Decision) -> None:
    work = MakeReport(case_id=decision.case_id, version=decision.version)
    await outbox.enqueue(acting.session, work, now=acting.now)


async def as_drafted(
    session: ReadSession, case: Case, draft: DraftIn, *, by: Expert, now: datetime, reason: str | None = None
) -> DecisionView:
    """The answer that this would be, whatever it still lacks; nobody gives it. Raises UnknownFinding."""
    weighed = await _weigh(session, case, draft)
    kind = DecisionKind.FINAL if reason is None else DecisionKind.AMENDMENT
    version = await _next_version(session, case)
    return decision_view(weighed.decision(version, kind, by=by, at=now, reason=reason), ref(by))


async def _next_version(session: ReadSession, case: Case) -> int:
    return (await queries.newest_version(session, case) or 0) + 1


async def _weigh(session: ReadSession, case: Case, draft: DraftIn) -> _Weighed:
    """Every finding of the case, chosen or not. Raises UnknownFinding."""
    found = await findings.held(session, case)
    unknown = [str(one) for one in (*draft.finding_ids, *draft.reasons) if one not in found]
    if unknown:
        raise errors.UnknownFinding(finding_ids=unknown)
    chosen = [found[finding_id] for finding_id in dict.fromkeys(draft.finding_ids)]
    return _Weighed(case.id, chosen, [one for one in found.values() if one not in chosen], draft)


async def _check_complete(session: Session, case: Case, weighed: _Weighed) -> None:
    seen_on = {place.evidence_id for found in weighed.chosen for place in found.places}
    missing = completeness.missing(
        weighed.draft.verdict,
        weighed.stated(),
        weighed.draft.not_covered,
        blocking_task_open=any(task.blocking for task in await asking.open_tasks(session, case)),
        check_open=await checklist.any_open(session, case),
        second_opinion_open=case.standing.asked_by is not None,
        original_awaited=await evidence.any_awaited(session, seen_on),
    )
    if missing:
        raise errors.DecisionIncomplete(missing=missing)


async def _clock_of_amendment(acting: Acting, case: Case, *, answers_dispute: bool) -> tuple[Clock, datetime]:
    """The clock that goes with the amendment, and when that is given. Without a dispute no clock runs."""
    if answers_dispute:
        clock = await ending.wind_up(acting, case, at=acting.now)
        return clock, clock.stopped_at or acting.now
    clock = await sla.clock_of(acting.session, case.id)
    if clock is None:
        raise NoClock(case.id)
    return clock, acting.now


async def _write(
    acting: ExpertActing,
    case: Case,
    kind: DecisionKind,
    weighed: _Weighed,
    decided_at: datetime,
    *,
    reason: str | None = None,
) -> Decision:
    version = await _next_version(acting.session, case)
    decision = weighed.decision(version, kind, by=acting.by, at=decided_at, reason=reason)
    size = len(decision_view(decision, ref(acting.by)).model_dump_json().encode())
    if size > MAX_DECISION_BYTES:
        raise errors.DecisionTooLarge(size=size, limit=MAX_DECISION_BYTES)
    acting.session.add(decision)
    if kind is not DecisionKind.PRELIMINARY:
        await drafting.drop(acting.session, case)
    return decision


def _record_act(acting: ExpertActing, case: Case, decision: Decision, act: str) -> None:
    # The reasons are words of people: they stand in the version that is named, which an erasure reaches.
    left_out = [LeftOut.model_validate(one).finding.finding_id for one in decision.left_out]
    acting.record(case, act, decision_version=decision.version, verdict=decision.verdict, left_out=left_out)
