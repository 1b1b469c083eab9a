"""The ends of a case, other than the answer itself."""

from datetime import datetime
from typing import Final
from uuid import UUID

from bpa_service.cases import domain
from bpa_service.cases.domain import Act
from bpa_service.cases.models import Case
from bpa_service.cases.policy import Policy
from bpa_service.cases.service import acting, asking, clocks, second_opinions
from bpa_service.db.tables import outbox
from bpa_service.experts.domain import Expert
from service_kit.db import Session
from shared_schemas.clock import Clock
from shared_schemas.events.bpa_v1 import CaseUnprocessableV1
from shared_schemas.events.cabinet_v1 import InspectionCancelledV1, InspectionClosedV1
from shared_schemas.words import InspectionState

CLIENT_SILENT: Final = "client_silent"


async def wind_up(session: Session, case: Case, *, at: datetime, policy: Policy, now: datetime) -> Clock:
    """Stop the clock of a case that has ended, and withdraw whatever was still asked."""
    await asking.withdraw_all(session, case, now=now)
    await second_opinions.withdraw_open(session, case, now=now)
    return await clocks.stop(session, case, at=at, policy=policy, now=now)


async def give_up(
    session: Session,
    case_id: UUID,
    *,
    reason: str,
    note: str | None,
    by: Expert,
    seen: int | None,
    policy: Policy,
    now: datetime,
) -> Case:
    """End a case that cannot be worked on."""
    case = await acting.begin(session, case_id, Act.GIVE_UP, by=by, seen=seen, policy=policy, now=now)
    await acting.move(session, case, Act.GIVE_UP, by=by, policy=policy, now=now)
    clock = await wind_up(session, case, at=now, policy=policy, now=now)
    await acting.leave_traces(session, case, "case_unprocessable", by=by, now=now, details={"reason": reason})
    event = CaseUnprocessableV1(
        inspection_id=case.id,
        state=InspectionState.UNPROCESSABLE,
        reason=reason,
        note=note,
        clock=clock,
        ended_at=now,
    )
    await outbox.add(session, event, now=now)
    return case


async def expire(session: Session, case: Case, *, policy: Policy, now: datetime) -> None:
    """End a case whose client was waited for for too long. The case is locked by the caller."""
    await acting.move(session, case, Act.EXPIRE, by=None, policy=policy, now=now)
    clock = await wind_up(session, case, at=now, policy=policy, now=now)
    await acting.leave_traces(session, case, "case_expired", by=None, now=now)
    event = CaseUnprocessableV1(
        inspection_id=case.id,
        state=InspectionState.EXPIRED,
        reason=CLIENT_SILENT,
        note=None,
        clock=clock,
        ended_at=now,
    )
    await outbox.add(session, event, now=now)


async def record_cancellation(
    session: Session, fact: InspectionCancelledV1, *, policy: Policy, now: datetime
) -> None:
    """The client no longer wants an answer. One that was given already stays."""
    case = await acting.lock(session, fact.inspection_id, policy=policy, now=now)
    in_time = domain.is_legal(case.standing, Act.CANCEL, now=now)
    if in_time:
        await acting.move(session, case, Act.CANCEL, by=None, policy=policy, now=now)
        await wind_up(session, case, at=fact.cancelled_at, policy=policy, now=now)
    client, details = acting.client_of(case), {"in_time": in_time}
    await acting.leave_traces(session, case, "case_cancelled", by=client, now=now, details=details)


async def record_closing(
    session: Session, fact: InspectionClosedV1, *, policy: Policy, now: datetime
) -> None:
    """The client takes the answer as final."""
    case = await acting.lock(session, fact.inspection_id, policy=policy, now=now)
    in_time = domain.is_legal(case.standing, Act.CLOSE, now=now)
    if in_time:
        await acting.move(session, case, Act.CLOSE, by=None, policy=policy, now=now)
    client, details = acting.client_of(case), {"in_time": in_time}
    await acting.leave_traces(session, case, "case_closed", by=client, now=now, details=details)
