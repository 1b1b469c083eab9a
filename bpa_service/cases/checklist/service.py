"""The checklist of a case: what was looked at, and what came of it."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, select

from bpa_service.cases.checklist import queries
from bpa_service.cases.checklist.models import CheckOutcome, CheckResult
from bpa_service.cases.core import errors
from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.domain import Act
from bpa_service.cases.core.models import Case
from bpa_service.evidence import queries as evidence
from bpa_service.playbook import queries as playbook
from service_kit.http.problems import NotFound


async def record(
    acting: ExpertActing,
    case_id: UUID,
    check_id: UUID,
    *,
    outcome: CheckOutcome | None,
    reason: str | None = None,
) -> None:
    """Say what came of a check; None takes it back. Raises NotFound for a check that the case is not asked."""
    case = await acting.on(case_id, Act.RECORD_FINDING)
    known = await acting.session.get(CheckResult, (case.id, check_id))
    asked = await playbook.checks_for(acting.session, await evidence.shots_of(acting.session, case.id), ())
    if known is None and check_id not in {check.id for check in asked}:
        raise NotFound
    if outcome is None:
        await _forget(acting, case, [check_id])
    elif known is None:
        acting.session.add(_result(acting, case, check_id, outcome, reason))
    else:
        known.outcome, known.reason = outcome, reason
        known.author_id, known.recorded_at = acting.by.id, acting.now
    # The reason is words of a person: it stands in the row, which an erasure reaches.
    acting.record(case, "check_recorded", check_id=check_id, outcome=outcome)


async def record_rest(acting: ExpertActing, case_id: UUID, evidence_id: UUID) -> list[UUID]:
    """Say that all is fine of which nothing was said yet, on one photo; returns what that was.

    What was said before stays as it is. Raises UnknownEvidence.
    """
    case = await acting.on(case_id, Act.RECORD_FINDING)
    shot = await evidence.shot_of(acting.session, case.id, evidence_id)
    if shot is None:
        raise errors.UnknownEvidence(evidence_ids=[str(evidence_id)])
    asked = await playbook.checks_for(acting.session, {shot}, ())
    said = await queries.results(acting.session, case.id)
    rest = [check.id for check in asked if check.shot is not None and check.id not in said]
    if rest:
        acting.session.add_all(_result(acting, case, check_id, CheckOutcome.OK, None) for check_id in rest)
        acting.record(
            case, "checks_recorded", evidence_id=evidence_id, outcome=CheckOutcome.OK, check_ids=rest
        )
    return rest


async def take_back(acting: ExpertActing, case_id: UUID, check_ids: Collection[UUID]) -> list[UUID]:
    """Undo what was said of several at once; returns of which.

    Only what `by` said themselves and is fine still: what somebody has said since stays.
    """
    case = await acting.on(case_id, Act.RECORD_FINDING)
    rows = await acting.session.scalars(
        select(CheckResult).where(
            CheckResult.case_id == case.id,
            CheckResult.check_id.in_(check_ids),
            CheckResult.outcome == CheckOutcome.OK,
            CheckResult.author_id == acting.by.id,
        )
    )
    theirs = {row.check_id for row in rows}
    reopened = [check_id for check_id in dict.fromkeys(check_ids) if check_id in theirs]
    if reopened:
        await _forget(acting, case, reopened)
        acting.record(case, "checks_reopened", check_ids=reopened)
    return reopened


def _result(
    acting: ExpertActing, case: Case, check_id: UUID, outcome: CheckOutcome, reason: str | None
) -> CheckResult:
    return CheckResult(
        case_id=case.id,
        check_id=check_id,
        outcome=outcome,
        reason=reason,
        author_id=acting.by.id,
        recorded_at=acting.now,
    )


async def _forget(acting: ExpertActing, case: Case, check_ids: Collection[UUID]) -> None:
    of_these = CheckResult.check_id.in_(check_ids)
    await acting.session.execute(delete(CheckResult).where(CheckResult.case_id == case.id, of_these))
