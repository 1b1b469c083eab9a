"""Which cases come before their turn."""

from datetime import datetime
from uuid import UUID

from bpa_service.cases.domain import Act
from bpa_service.cases.models import Case
from bpa_service.cases.policy import Policy
from bpa_service.cases.service import acting, clocks
from bpa_service.experts.domain import Expert
from service_kit.db import Session


async def prioritise(
    session: Session,
    case_id: UUID,
    *,
    urgent: bool,
    by: Expert,
    seen: int | None,
    policy: Policy,
    now: datetime,
) -> Case:
    """Let the case come before all that are not urgent, or in its turn again. Its clock stays what it is."""
    case = await acting.begin(session, case_id, Act.REASSIGN, by=by, seen=seen, policy=policy, now=now)
    if case.urgent != urgent:
        case.urgent = urgent
        await clocks.place_anew(session, case, policy=policy, now=now)
        details = {"urgent": urgent}
        await acting.leave_traces(session, case, "case_prioritised", by=by, now=now, details=details)
    return case
