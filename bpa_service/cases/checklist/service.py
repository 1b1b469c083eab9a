"""The checklist of a case: what was looked at, and what came of it."""

from uuid import UUID

from sqlalchemy import delete

from bpa_service.cases.checklist.models import CheckOutcome, CheckResult
from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.domain import Act
from bpa_service.evidence import queries as evidence
from bpa_service.playbook import queries as playbook
from service_kit.http.problems import NotFound


async def record(
    acting: ExpertActing, case_id: UUID, check_id: UUID, *, outcome: CheckOutcome | None
) -> None:
    """Say what came of a check; None takes it back. Raises NotFound for a check that the case is not asked."""
    case = await acting.on(case_id, Act.RECORD_FINDING)
    known = await acting.session.get(CheckResult, (case.id, check_id))
    asked = await playbook.checks_for(acting.session, await evidence.shots_of(acting.session, case.id), ())
    if known is None and check_id not in {check.id for check in asked}:
        raise NotFound
    if outcome is None:
        await acting.session.execute(
            delete(CheckResult).where(CheckResult.case_id == case.id, CheckResult.check_id == check_id)
        )
    elif known is None:
        acting.session.add(
            CheckResult(
                case_id=case.id,
                check_id=check_id,
                outcome=outcome,
                author_id=acting.by.id,
                recorded_at=acting.now,
            )
        )
    else:
        known.outcome, known.author_id, known.recorded_at = outcome, acting.by.id, acting.now
    acting.record(case, "check_recorded", check_id=check_id, outcome=outcome)
