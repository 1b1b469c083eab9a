"""Who has a case in hand: claiming, keeping, giving back and passing on."""

from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import false, or_, select

from bpa_service.cases.arranging import queries as arranging
from bpa_service.cases.clocks import service as clocks
from bpa_service.cases.core import domain, errors
from bpa_service.cases.core.acting import Acting, ExpertActing, ref
from bpa_service.cases.core.domain import Act, Standing
from bpa_service.cases.core.models import Case
from bpa_service.cases.core.queries import stands_in
from bpa_service.cases.deciding import statistics
from bpa_service.cases.talking import service as talking
from bpa_service.experts import queries as experts
from bpa_service.experts.domain import Expert
from shared_schemas.events.bpa_v1 import CaseClaimedV1, CaseReleasedV1, ReleaseCause
from shared_schemas.words import InspectionState


async def claim(acting: ExpertActing, case_id: UUID) -> Case:
    """Take a case that is free, or whose holder's lease has run out; one's own is kept for longer.

    Of any number of experts who try at once the lock lets one through; the others get CaseHeld.
    """
    case = await acting.on(case_id, Act.CLAIM)
    is_new = case.holder_id != acting.by.id
    await acting.move(case, Act.CLAIM)
    if is_new:
        case.claimed_at = case.holder_changed_at
        acting.record(case, "case_claimed")
        await _announce_claim(acting, case, acting.by)
    return case


class Taken(NamedTuple):
    """The case that somebody has in hand now, and whether it was not theirs before."""

    case: Case
    is_new: bool


async def take_next(acting: ExpertActing, *, but: UUID | None) -> Taken | None:
    """Take the case that is to be worked on before all else; None where there is none.

    It is the first in the order of the queue that is free or one's own and waits for nobody. `but` is not taken,
    nor what one put off, nor what somebody is busy with at this instant, nor a dispute that one may not answer:
    that of one's own answer, or any for who does not amend.
    """
    now, mine = acting.now, Case.holder_id == acting.by.id
    may_amend = domain.may_amend(acting.by.role)
    reviewed = Case.answered_by.is_distinct_from(acting.by.id) if may_amend else false()
    found = await acting.session.scalar(
        select(Case)
        .where(
            stands_in(InspectionState.QUEUED, *domain.LEASE_RUNS_IN),
            or_(Case.holder_id.is_(None), mine, Case.lease_expires_at <= now),
            or_(~Case.disputed, reviewed),
            ~arranging.is_snoozed(Case.id.expression, acting.by.id, now),
            *([Case.id != but] if but else []),
        )
        .order_by(Case.queue_place, Case.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if found is None:
        return None
    is_new = found.holder_id != acting.by.id
    return Taken(await claim(replace(acting, seen=None), found.id), is_new)


async def heartbeat(acting: ExpertActing, case_id: UUID) -> Case:
    """Keep a case for longer. A sign of life is no act: it makes no new version and leaves no trace."""
    case = await acting.on(case_id, Act.HEARTBEAT)
    await acting.move(case, Act.HEARTBEAT)
    return case


async def release(acting: ExpertActing, case_id: UUID) -> Case:
    """Give a case back."""
    case = await acting.on(case_id, Act.RELEASE)
    await acting.move(case, Act.RELEASE)
    acting.record(case, "case_released")
    await _announce_release(acting, case, ReleaseCause.RELEASED, case.state)
    return case


async def reassign(acting: ExpertActing, case_id: UUID, *, to: UUID) -> Case:
    """Give a case to an expert, whoever had it before.

    Raises NotAnExpert, ReceiverGaveAnswer if it is their answer that is disputed, ReceiverMayNotAmend if they do
    not answer disputes, or CaseHeld if they have it.
    """
    case = await acting.on(case_id, Act.REASSIGN)
    chosen = await _receiver(acting, case, to)
    before = case.standing
    await acting.move(case, Act.REASSIGN, to=chosen.id)
    from_expert_id = before.hold and before.hold.expert_id
    await _passed_on(acting, case, before)
    acting.record(case, "case_reassigned", from_expert_id=from_expert_id, to_expert_id=chosen.id)
    await _announce_claim(acting, case, chosen)
    return case


async def hand_over(
    acting: ExpertActing, case_id: UUID, *, holder_id: UUID, to: UUID | None, reason: str
) -> Case:
    """Give the case of `holder_id` to another expert, or back to the queue (None). What was written in it stays.

    The reason stands among its notes. Raises CaseNotHeld or CaseHeldByOther if they have it no more,
    NotAnExpert, ReceiverGaveAnswer or ReceiverMayNotAmend, or CaseHeld if the receiver has it.
    """
    case = await acting.on(case_id, Act.REASSIGN)
    held_by = domain.holder(case.standing, acting.now)
    if held_by is None:
        raise errors.CaseNotHeld
    if held_by != holder_id:
        names = await experts.names(acting.session, {held_by})
        raise errors.CaseHeldByOther(holder=names[held_by])
    chosen = None if to is None else await _receiver(acting, case, to)
    before = case.standing
    await acting.move(case, Act.REASSIGN, to=to)
    note = talking.noted(acting, case, reason)
    if chosen is None:
        await _announce_release(acting, case, ReleaseCause.RELEASED, case.state)
    else:
        await _passed_on(acting, case, before)
    acting.record(case, "case_handed_over", from_expert_id=holder_id, to_expert_id=to, note_id=note.id)
    if chosen is not None:
        await _announce_claim(acting, case, chosen)
    return case


async def _receiver(acting: Acting, case: Case, to: UUID) -> Expert:
    chosen = await experts.expert(acting.session, to)
    if chosen is None or not chosen.active or chosen.role not in domain.VERDICT_ROLES:
        raise errors.NotAnExpert
    if case.disputed and case.answered_by == chosen.id:
        raise errors.ReceiverGaveAnswer(receiver=chosen.display_name)
    if case.disputed and not domain.may_amend(chosen.role):
        raise errors.ReceiverMayNotAmend(receiver=chosen.display_name)
    if case.holder_id == chosen.id:
        raise errors.CaseHeld(holder=chosen.display_name)
    return chosen


async def _passed_on(acting: Acting, case: Case, before: Standing) -> None:
    """It is somebody else's from now on."""
    if before.hold is not None:
        await _announce_release(acting, case, ReleaseCause.REASSIGNED, replace(before, hold=None).state)
    case.claimed_at = case.holder_changed_at


async def _announce_release(acting: Acting, case: Case, cause: ReleaseCause, state: InspectionState) -> None:
    released = CaseReleasedV1(
        inspection_id=case.id, cause=cause, released_at=case.holder_changed_at, state=state
    )
    await acting.announce(released)


async def prioritise(acting: ExpertActing, case_id: UUID, *, urgent: bool) -> Case:
    """Let the case come before all that are not urgent, or in its turn again. Its clock stays what it is."""
    case = await acting.on(case_id, Act.REASSIGN)
    if case.urgent != urgent:
        case.urgent = urgent
        await clocks.advance(acting, case)
        acting.record(case, "case_prioritised", urgent=urgent)
    return case


async def _announce_claim(acting: Acting, case: Case, holder: Expert) -> None:
    claimed = CaseClaimedV1(
        inspection_id=case.id,
        expert=ref(holder),
        claimed_at=case.holder_changed_at,
        state=case.state,
        usual_seconds=await statistics.usual_seconds(acting.session),
    )
    await acting.announce(claimed)
