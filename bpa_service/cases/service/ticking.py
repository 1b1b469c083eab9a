"""What time alone brings to a case: lost leases, thresholds, opening hours, incidents, a client who stays silent.

Each case says by when time has to look at it again (`next_tick_at`), so a tick reads only those that are due.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import select

from bpa_service.cases.domain import OPEN
from bpa_service.cases.models import Case, Incident
from bpa_service.cases.policy import Policy
from bpa_service.cases.service import acting, clocks, ending
from bpa_service.sla import domain as sla
from service_kit import audit
from service_kit.db import Session, is_database_away
from shared_schemas.clock import Clock

log = structlog.get_logger(__name__)

BATCH: Final = 50
# A case that cannot be ticked (a bug, bad data) must not keep the others waiting; it is tried again later.
POSTPONED_BY: Final = timedelta(minutes=1)


async def tick_due(session: Session, *, policy: Policy, now: datetime) -> int:
    """Look at the cases that are due, the longest overdue first, at most BATCH; returns how many there were.

    A case that somebody is busy with is left for the next tick.
    """
    due = await session.scalars(
        select(Case)
        .where(Case.next_tick_at <= now)
        .order_by(Case.next_tick_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    cases = due.all()
    if not cases:
        return 0
    incidents = await clocks.incidents_since(session, min(case.submitted_at for case in cases))
    for case in cases:
        try:
            async with audit.attempt(session):
                await tick(session, case, incidents, policy=policy, now=now)
        except Exception as error:
            if is_database_away(error):
                raise
            await session.refresh(case)
            log.exception("tick_failed", case_id=str(case.id))
            case.next_tick_at = now + POSTPONED_BY
    return len(cases)


async def tick(
    session: Session, case: Case, incidents: Sequence[Incident], *, policy: Policy, now: datetime
) -> None:
    """Bring one case up to `now`. It is locked by the caller."""
    case.next_tick_at = None
    if case.state not in OPEN:
        return
    await acting.record_lapse(session, case, policy=policy, now=now)
    await clocks.follow_incidents(session, case, incidents, policy=policy, now=now)
    clock = await clocks.advance(session, case, policy=policy, now=now)
    waits_since = clocks.waits_since(clock)
    if waits_since is not None and now >= waits_since + policy.client_patience:
        await ending.expire(session, case, policy=policy, now=now)
        return
    await _watch_claim(session, case, clock, policy, now)
    acting.wake_by(case, case.lease_expires_at)


async def _watch_claim(session: Session, case: Case, clock: Clock, policy: Policy, now: datetime) -> None:
    """Announce once that nobody has claimed the case in time."""
    if case.claimed_at is not None or case.claim_late:
        return
    reaction = sla.reaction(
        clock,
        since=clock.started_at,
        until=None,
        allowed=policy.claim_window,
        now=now,
        hours=policy.clock.hours,
    )
    if reaction.late:
        case.claim_late = True
        await acting.leave_traces(session, case, "claim_late", by=None, now=now)
    else:
        acting.wake_by(case, reaction.late_at)
