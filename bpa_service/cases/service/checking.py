"""The checklist of a case: what was looked at, and what came of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from bpa_service.cases.domain import Act
from bpa_service.cases.models import Case, CheckOutcome, CheckResult
from bpa_service.cases.policy import Policy
from bpa_service.cases.service import acting
from bpa_service.evidence import queries as evidence
from bpa_service.experts.domain import Expert
from bpa_service.playbook import queries as playbook
from service_kit.db import Session
from service_kit.http.problems import NotFound


async def record(
    session: Session,
    case_id: UUID,
    check_id: UUID,
    *,
    outcome: CheckOutcome | None,
    by: Expert,
    seen: int | None,
    policy: Policy,
    now: datetime,
) -> None:
    """Say what came of a check; None takes it back. Raises NotFound for a check that the case is not asked."""
    case = await acting.begin(session, case_id, Act.RECORD_FINDING, by=by, seen=seen, policy=policy, now=now)
    known = await session.get(CheckResult, (case.id, check_id))
    asked = await playbook.checks_for(session, await evidence.shots_of(session, case.id), ())
    if known is None and check_id not in {check.id for check in asked}:
        raise NotFound
    if outcome is None:
        await session.execute(
            delete(CheckResult).where(CheckResult.case_id == case.id, CheckResult.check_id == check_id)
        )
    elif known is None:
        session.add(
            CheckResult(case_id=case.id, check_id=check_id, outcome=outcome, author_id=by.id, recorded_at=now)
        )
    else:
        known.outcome, known.author_id, known.recorded_at = outcome, by.id, now
    details = {"check_id": check_id, "outcome": outcome}
    await acting.leave_traces(session, case, "check_recorded", by=by, now=now, details=details)


async def any_open(session: Session, case: Case) -> bool:
    """Whether something that has to be checked was not."""
    asked = await playbook.checks_for(session, await evidence.shots_of(session, case.id), ())
    required = {check.id for check in asked if check.required}
    if not required:
        return False
    done = await session.scalars(select(CheckResult.check_id).where(CheckResult.case_id == case.id))
    return bool(required - set(done))
