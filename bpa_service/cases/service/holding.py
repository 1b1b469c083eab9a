"""Who has a case in hand: claiming, keeping, giving back and passing on."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from bpa_service.cases import domain, errors
from bpa_service.cases.domain import Act
from bpa_service.cases.models import Case
from bpa_service.cases.policy import Policy
from bpa_service.cases.service import acting
from bpa_service.db.tables import outbox
from bpa_service.experts import queries as experts
from bpa_service.experts.domain import Expert
from service_kit.db import Session
from shared_schemas.events.bpa_v1 import CaseClaimedV1, CaseReleasedV1, ReleaseCause


async def claim(
    session: Session, case_id: UUID, *, by: Expert, seen: int | None, policy: Policy, now: datetime
) -> Case:
    """Take a case that is free, or whose holder's lease has run out; one's own is kept for longer.

    Of any number of experts who try at once the lock lets one through; the others get CaseHeld.
    """
    case = await acting.begin(session, case_id, Act.CLAIM, by=by, seen=seen, policy=policy, now=now)
    is_new = case.holder_id != by.id
    await acting.move(session, case, Act.CLAIM, by=by, policy=policy, now=now)
    if is_new:
        case.claimed_at = case.holder_changed_at
        await acting.leave_traces(session, case, "case_claimed", by=by, now=now)
        await _announce_claim(session, case, by, now)
    return case


async def heartbeat(session: Session, case_id: UUID, *, by: Expert, policy: Policy, now: datetime) -> Case:
    """Keep a case for longer. A sign of life is no act: it makes no new version and leaves no trace."""
    case = await acting.begin(session, case_id, Act.HEARTBEAT, by=by, seen=None, policy=policy, now=now)
    await acting.move(session, case, Act.HEARTBEAT, by=by, policy=policy, now=now)
    return case


async def release(
    session: Session, case_id: UUID, *, by: Expert, seen: int | None, policy: Policy, now: datetime
) -> Case:
    """Give a case back."""
    case = await acting.begin(session, case_id, Act.RELEASE, by=by, seen=seen, policy=policy, now=now)
    await acting.move(session, case, Act.RELEASE, by=by, policy=policy, now=now)
    await acting.leave_traces(session, case, "case_released", by=by, now=now)
    released = CaseReleasedV1(
        inspection_id=case.id,
        cause=ReleaseCause.RELEASED,
        released_at=case.holder_changed_at,
        state=case.state,
    )
    await outbox.add(session, released, now=now)
    return case


async def reassign(
    session: Session,
    case_id: UUID,
    *,
    to: UUID,
    by: Expert,
    seen: int | None,
    policy: Policy,
    now: datetime,
) -> Case:
    """Give a case to an expert, whoever had it before. Raises NotAnExpert, or CaseHeld if they have it."""
    case = await acting.begin(session, case_id, Act.REASSIGN, by=by, seen=seen, policy=policy, now=now)
    chosen = await experts.expert(session, to)
    if chosen is None or not chosen.active or chosen.role not in domain.VERDICT_ROLES:
        raise errors.NotAnExpert
    if case.holder_id == chosen.id:
        raise errors.CaseHeld(holder=chosen.display_name)
    before = case.standing
    await acting.move(session, case, Act.REASSIGN, by=by, to=chosen.id, policy=policy, now=now)
    if before.hold is not None:
        released = CaseReleasedV1(
            inspection_id=case.id,
            cause=ReleaseCause.REASSIGNED,
            released_at=case.holder_changed_at,
            state=replace(before, hold=None).state,
        )
        await outbox.add(session, released, now=now)
    details = {
        "from_expert_id": before.hold and before.hold.expert_id,
        "to_expert_id": chosen.id,
    }
    case.claimed_at = case.holder_changed_at
    await acting.leave_traces(session, case, "case_reassigned", by=by, now=now, details=details)
    await _announce_claim(session, case, chosen, now)
    return case


async def _announce_claim(session: Session, case: Case, holder: Expert, now: datetime) -> None:
    claimed = CaseClaimedV1(
        inspection_id=case.id, expert=acting.ref(holder), claimed_at=case.holder_changed_at, state=case.state
    )
    await outbox.add(session, claimed, now=now)
