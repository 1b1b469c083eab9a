"""What time alone brings to a case: lost leases, thresholds, opening hours, incidents, a client who stays silent.

Each case says by when time has to look at it again (`next_tick_at`), so a tick reads only those that are due.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import select

from bpa_service.cases.clocks import service as clocks
from bpa_service.cases.core.acting import Acting, schedule_tick
from bpa_service.cases.core.domain import OPEN
from bpa_service.cases.core.models import Case
from bpa_service.cases.ending import service as ending
from bpa_service.cases.incidents.models import Incident
from bpa_service.cases.incidents.queries import incidents_since
from bpa_service.sla import domain as sla
from service_kit import audit
from service_kit.db import is_database_away
from shared_schemas.clock import Clock

log = structlog.get_logger(__name__)

BATCH: Final = 50
# A case that cannot be ticked (a bug, bad data) must not keep the others waiting; it is tried again later.
POSTPONED_BY: Final = timedelta(minutes=1)


async def tick_due(acting: Acting) -> int:
    """Look at the cases that are due, the longest overdue first, at most BATCH; returns how many there were.

    A case that somebody is busy with is left for the next tick.
    """
    due = await acting.session.scalars(
        select(Case)
        .where(Case.next_tick_at <= acting.now)
        .order_by(Case.next_tick_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    cases = due.all()
    if not cases:
        return 0
    incidents = await incidents_since(acting.session, min(case.submitted_at for case in cases))
    for case in cases:
        try:
            async with audit.attempt(acting.session):
                await tick(acting, case, incidents)
        except Exception as error:
            if is_database_away(error):
                raise
            log.exception("tick_failed", case_id=str(case.id))
            case.next_tick_at = acting.now + POSTPONED_BY
    return len(cases)


async def tick(acting: Acting, case: Case, incidents: Sequence[Incident]) -> None:
    """Bring one case up to `now`. It is locked by the caller."""
    case.next_tick_at = None
    if case.state not in OPEN:
        return
    await acting.record_lapse(case)
    await clocks.follow_incidents(acting, case, incidents)
    clock = await clocks.advance(acting, case)
    waits_since = clocks.waits_since(clock)
    if waits_since is not None and acting.now >= waits_since + acting.policy.client_patience:
        await ending.expire(acting, case)
        return
    _watch_claim(acting, case, clock)
    schedule_tick(case, case.lease_expires_at)


def _watch_claim(acting: Acting, case: Case, clock: Clock) -> None:
    """Announce once that nobody has claimed the case in time."""
    if case.claimed_at is not None or case.claim_late:
        return
    reaction = sla.reaction(
        clock,
        since=clock.started_at,
        until=None,
        allowed=acting.policy.claim_window,
        now=acting.now,
        hours=acting.policy.clock.hours,
    )
    if reaction.late:
        case.claim_late = True
        acting.record(case, "claim_late")
    else:
        schedule_tick(case, reaction.late_at)
