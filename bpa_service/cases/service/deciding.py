"""The answer: a first word, the answer itself, and later versions of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, select

from bpa_service.cases import domain, errors
from bpa_service.cases.domain import Act
from bpa_service.cases.models import Case, Decision, DecisionKind, Finding
from bpa_service.cases.policy import Policy
from bpa_service.cases.service import acting, asking, checking, disputes, drafting, ending, finding
from bpa_service.cases.views import decision_view, finding_view
from bpa_service.db.tables import outbox
from bpa_service.evidence import queries as evidence
from bpa_service.experts.domain import Expert
from bpa_service.sla import queries as sla
from bpa_service.sla.service import NoClock
from service_kit.db import Session
from service_kit.ids import new_id
from shared_schemas.clock import Clock
from shared_schemas.events.bpa_v1 import (
    DecisionAmendedV1,
    DecisionIssuedV1,
    DecisionPreliminaryV1,
)
from shared_schemas.words import Verdict

# It travels whole in an event, together with the clock; a bus takes 256 KiB.
MAX_DECISION_BYTES: Final = 160 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be said. `finding_ids` are those it rests on, `not_covered` what could not be checked."""

    verdict: Verdict
    summary: str
    advice: str | None
    finding_ids: tuple[UUID, ...]
    not_covered: tuple[str, ...]


async def decide_preliminary(
    session: Session, case_id: UUID, *, draft: Draft, by: Expert, seen: int, policy: Policy, now: datetime
) -> Decision:
    """Say a first word, e.g. "do not pay a deposit yet". The clock runs on.

    Raises UnknownFinding or DecisionTooLarge.
    """
    act = Act.DECIDE_PRELIMINARY
    case = await acting.begin(session, case_id, act, by=by, seen=seen, policy=policy, now=now)
    findings = await finding.chosen(session, case, draft.finding_ids)
    decision = await _write(session, case, DecisionKind.PRELIMINARY, draft, findings, by, now)
    await _leave_traces(session, case, decision, "decision_preliminary", by, now)
    said = DecisionPreliminaryV1(inspection_id=case.id, decision=decision_view(decision, acting.ref(by)))
    await outbox.add(session, said, now=now)
    return decision


async def decide(
    session: Session, case_id: UUID, *, draft: Draft, by: Expert, seen: int, policy: Policy, now: datetime
) -> Decision:
    """Give the answer, and end the work. Raises UnknownFinding, DecisionIncomplete or DecisionTooLarge."""
    case = await acting.begin(session, case_id, Act.DECIDE, by=by, seen=seen, policy=policy, now=now)
    findings = await finding.chosen(session, case, draft.finding_ids)
    await _check_complete(session, case, draft, findings)
    await acting.move(session, case, Act.DECIDE, by=by, policy=policy, now=now)
    clock = await ending.wind_up(session, case, at=now, policy=policy, now=now)
    decided_at = clock.stopped_at or now
    decision = await _write(session, case, DecisionKind.FINAL, draft, findings, by, decided_at)
    await _leave_traces(session, case, decision, "decision_issued", by, now)
    issued = DecisionIssuedV1(
        inspection_id=case.id, decision=decision_view(decision, acting.ref(by)), clock=clock
    )
    await outbox.add(session, issued, now=now)
    return decision


async def amend(
    session: Session,
    case_id: UUID,
    *,
    draft: Draft,
    reason: str,
    by: Expert,
    seen: int,
    policy: Policy,
    now: datetime,
) -> Decision:
    """Give a new version of the answer; an open dispute is answered by it.

    Raises AuthorCannotAmend for who gave the version that it replaces, and what `decide` raises.
    """
    case = await acting.begin(session, case_id, Act.AMEND, by=by, seen=seen, policy=policy, now=now)
    replaced = (await session.scalars(_answers(case).limit(1))).one()
    if replaced.author_id == by.id:
        raise errors.AuthorCannotAmend
    findings = await finding.chosen(session, case, draft.finding_ids)
    await _check_complete(session, case, draft, findings)
    answers_dispute = case.disputed
    await acting.move(session, case, Act.AMEND, by=by, policy=policy, now=now)
    clock, decided_at = await _clock_of_amendment(
        session, case, answers_dispute=answers_dispute, policy=policy, now=now
    )
    decision = await _write(session, case, DecisionKind.AMENDMENT, draft, findings, by, decided_at)
    decision.reason = reason
    if answers_dispute:
        await disputes.answer_open(session, case, version=decision.version)
    await _leave_traces(session, case, decision, "decision_amended", by, now)
    amended = DecisionAmendedV1(
        inspection_id=case.id, decision=decision_view(decision, acting.ref(by)), clock=clock
    )
    await outbox.add(session, amended, now=now)
    return decision


async def _check_complete(session: Session, case: Case, draft: Draft, findings: Sequence[Finding]) -> None:
    seen_on = {place.evidence_id for found in findings for place in found.places}
    missing = domain.missing(
        draft.verdict,
        [found.severity for found in findings],
        draft.not_covered,
        blocking_task_open=any(task.blocking for task in await asking.open_tasks(session, case)),
        check_open=await checking.any_open(session, case),
        second_opinion_open=case.standing.asked_by is not None,
        original_awaited=await evidence.any_awaited(session, seen_on),
    )
    if missing:
        raise errors.DecisionIncomplete(missing=missing)


async def _clock_of_amendment(
    session: Session, case: Case, *, answers_dispute: bool, policy: Policy, now: datetime
) -> tuple[Clock, datetime]:
    """The clock that goes with the amendment, and when that is given. Without a dispute no clock runs."""
    if answers_dispute:
        clock = await ending.wind_up(session, case, at=now, policy=policy, now=now)
        return clock, clock.stopped_at or now
    clock = await sla.clock_of(session, case.id)
    if clock is None:
        raise NoClock(case.id)
    return clock, now


async def _write(
    session: Session,
    case: Case,
    kind: DecisionKind,
    draft: Draft,
    findings: Sequence[Finding],
    by: Expert,
    decided_at: datetime,
) -> Decision:
    newest = await session.scalar(select(func.max(Decision.version)).where(Decision.case_id == case.id))
    decision = Decision(
        id=new_id(),
        case_id=case.id,
        version=(newest or 0) + 1,
        kind=kind,
        verdict=draft.verdict,
        summary=draft.summary,
        advice=draft.advice,
        findings=[finding_view(found).model_dump(mode="json") for found in findings],
        not_covered=list(draft.not_covered),
        author_id=by.id,
        decided_at=decided_at,
    )
    size = len(decision_view(decision, acting.ref(by)).model_dump_json().encode())
    if size > MAX_DECISION_BYTES:
        raise errors.DecisionTooLarge(size=size, limit=MAX_DECISION_BYTES)
    session.add(decision)
    if kind is not DecisionKind.PRELIMINARY:
        await drafting.drop(session, case)
    return decision


async def _leave_traces(
    session: Session, case: Case, decision: Decision, act: str, by: Expert, now: datetime
) -> None:
    details = {"decision_version": decision.version, "verdict": decision.verdict}
    await acting.leave_traces(session, case, act, by=by, now=now, details=details)


def _answers(case: Case) -> Select[Decision]:
    return (
        select(Decision)
        .where(Decision.case_id == case.id, Decision.kind != DecisionKind.PRELIMINARY)
        .order_by(Decision.version.desc())
    )
