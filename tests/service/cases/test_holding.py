"""Who has a case in hand: at most one at any instant, and never for longer than they are there."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from bpa_service.cases.core import errors
from bpa_service.cases.core.models import Case
from bpa_service.cases.holding import service as holding
from bpa_service.experts.domain import Expert, Role
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from shared_schemas.events.bpa_v1 import CaseClaimedV1, CaseQueuedV1, CaseReleasedV1, ReleaseCause
from shared_schemas.words import InspectionState as State
from tests.service.cases.answers import NOTHING_SEEN, decide
from tests.service.cases.conftest import START, Desk, at
from tests.support.experts import sign_in


async def test_a_submitted_inspection_is_in_the_queue_and_its_clock_runs_since_it_was_sent(
    desk: Desk,
) -> None:
    case_id = await desk.opened(at=START, now=at(3))

    case, clock = await desk.case(case_id), await desk.clock(case_id)
    assert (case.state, case.version) == (State.QUEUED, 1)
    assert clock.started_at == START
    assert await desk.events(case_id) == [
        CaseQueuedV1(inspection_id=case_id, clock=clock, state=State.QUEUED)
    ]
    assert await desk.trail(case_id) == ["case_opened"]


async def test_a_clock_never_starts_in_the_future(desk: Desk) -> None:
    case_id = await desk.opened(at=at(60), now=START)

    assert (await desk.clock(case_id)).started_at == START


async def test_of_twenty_who_claim_at_once_one_gets_the_case(desk: Desk) -> None:
    case_id = await desk.opened()
    rivals = [(await sign_in(desk.ports, Role.EXPERT, f"rival{number}")).expert for number in range(20)]

    async def claim(rival: Expert) -> Case | errors.CaseHeld:
        try:
            return await desk.claim(case_id, rival)
        except errors.CaseHeld as held:
            return held

    outcomes = await asyncio.gather(*map(claim, rivals))

    [won] = [outcome for outcome in outcomes if isinstance(outcome, Case)]
    winner = next(rival for rival in rivals if rival.id == won.holder_id)
    assert Counter(o.params["holder"] for o in outcomes if isinstance(o, errors.CaseHeld)) == {
        winner.display_name: 19
    }
    assert (await desk.case(case_id)).holder_id == winner.id
    assert await desk.names(case_id) == ["case.queued", "case.claimed"]


async def test_to_claim_ones_own_case_again_only_keeps_it(desk: Desk) -> None:
    case_id = await desk.in_work()

    again = await desk.claim(case_id, desk.anna, now=at(1))

    assert again.lease_expires_at == at(1) + desk.policy.lease.length
    assert again.version == 2
    assert await desk.names(case_id) == ["case.queued", "case.claimed"]


async def test_a_lease_that_runs_out_puts_the_case_back_and_the_clock_runs_on(desk: Desk) -> None:
    case_id = await desk.in_work()
    runs_out = START + desk.policy.lease.length

    assert await desk.tick(runs_out - timedelta(microseconds=1)) == 0
    assert await desk.tick(runs_out) == 1

    case = await desk.case(case_id)
    assert (case.state, case.holder_id, case.lease_expires_at) == (State.QUEUED, None, None)
    assert (await desk.events(case_id))[-1] == CaseReleasedV1(
        inspection_id=case_id, cause=ReleaseCause.LEASE_LOST, released_at=runs_out, state=State.QUEUED
    )
    assert (await desk.trail(case_id))[-1] == "case_lease_lost"
    assert (await desk.clock(case_id)).pauses == ()


async def test_heartbeats_keep_the_case_and_leave_no_trace(desk: Desk) -> None:
    case_id = await desk.in_work()

    for second in range(60, 110, 10):
        now = START + timedelta(seconds=second)
        await desk.beat(case_id, desk.anna, now)
        await desk.tick(now)

    case = await desk.case(case_id)
    assert (case.holder_id, case.version) == (desk.anna.id, 2)
    assert case.lease_expires_at == START + timedelta(seconds=100) + desk.policy.lease.length
    assert await desk.trail(case_id) == ["case_opened", "case_claimed"]


async def test_whatever_the_holder_does_is_a_sign_of_life(desk: Desk) -> None:
    case_id = await desk.in_work()

    await desk.ask(case_id, now=at(1))

    assert (await desk.case(case_id)).lease_expires_at == at(1) + desk.policy.lease.length


async def test_who_comes_back_too_late_has_lost_the_case(desk: Desk) -> None:
    case_id = await desk.in_work()
    late = START + desk.policy.lease.length

    with pytest.raises(errors.CaseNotHeld):
        await desk.beat(case_id, desk.anna, late)
    with pytest.raises(errors.CaseNotHeld):
        await desk.ask(case_id, now=late)

    await desk.claim(case_id, desk.boris, now=late)
    with pytest.raises(errors.CaseHeldByOther) as refused:
        await desk.ask(case_id, now=late)
    assert refused.value.params == {"holder": desk.boris.display_name}
    # The loss was recorded with the claim, before any tick.
    assert [event.TYPE for event in await desk.events(case_id)][-2:] == ["case.released", "case.claimed"]


async def test_a_released_case_is_free_again(desk: Desk) -> None:
    case_id = await desk.in_work()

    await desk.do(holding.release, case_id, by=desk.anna, now=at(1))

    assert await desk.state(case_id) is State.QUEUED
    assert (await desk.events(case_id))[-1] == CaseReleasedV1(
        inspection_id=case_id, cause=ReleaseCause.RELEASED, released_at=at(1), state=State.QUEUED
    )
    with pytest.raises(errors.CaseNotHeld):
        await desk.do(holding.release, case_id, by=desk.anna)


async def test_a_shift_lead_passes_a_case_on(desk: Desk) -> None:
    case_id = await desk.in_work()

    case = await desk.do(holding.reassign, case_id, to=desk.boris.id, by=desk.lead, now=at(1))

    assert (case.holder_id, case.lease_expires_at) == (desk.boris.id, at(1) + desk.policy.lease.resume_window)
    released, claimed = (await desk.events(case_id))[-2:]
    assert isinstance(released, CaseReleasedV1)
    assert (released.cause, released.state) == (ReleaseCause.REASSIGNED, State.QUEUED)
    assert isinstance(claimed, CaseClaimedV1)
    assert (claimed.expert.expert_id, claimed.state) == (desk.boris.id, State.IN_WORK)


async def test_whoever_takes_over_a_waiting_case_waits_too(desk: Desk) -> None:
    case_id = await desk.in_work()
    await desk.notified(case_id, await desk.ask(case_id), at(1))

    case = await desk.do(holding.reassign, case_id, to=desk.boris.id, by=desk.lead, now=at(30))

    assert (case.state, case.holder_id, case.lease_expires_at) == (State.WAITING_CLIENT, desk.boris.id, None)
    released, claimed = (await desk.events(case_id))[-2:]
    assert isinstance(released, CaseReleasedV1)
    assert isinstance(claimed, CaseClaimedV1)
    assert {released.state, claimed.state} == {State.WAITING_CLIENT}


async def test_who_claims_is_told_how_long_it_usually_takes_once_there_are_enough_answers(desk: Desk) -> None:
    async def usual() -> int | None:
        [*_, claimed] = await desk.events(await desk.in_work())
        assert isinstance(claimed, CaseClaimedV1)
        return claimed.usual_seconds

    async def answer(minutes: float) -> None:
        case_id = await desk.opened()
        await desk.claim(case_id, desk.anna, now=START)
        await decide(desk, case_id, NOTHING_SEEN, now=at(minutes))

    for _ in range(19):
        await answer(1)
    assert await usual() is None
    waited = await desk.in_work()
    task_id = await desk.ask(waited)
    await desk.notified(waited, task_id, at(0.2))
    await desk.fulfilled(waited, task_id, at(0.4))
    await decide(desk, waited, NOTHING_SEEN, now=at(0.6))
    assert await usual() is None, "the client was waited for"
    await answer(1.2)
    assert await usual() == 60
    for _ in range(5):
        await answer(1.2)
    assert await usual() == 72


async def test_a_queued_case_is_given_to_somebody_in_one_step(desk: Desk) -> None:
    case_id = await desk.opened()

    await desk.do(holding.reassign, case_id, to=desk.vera.id, by=desk.lead)

    assert await desk.names(case_id) == ["case.queued", "case.claimed"]


async def test_a_case_is_only_given_to_somebody_who_can_work_on_it(desk: Desk) -> None:
    case_id = await desk.in_work()

    for nobody in (desk.lead.id, new_id()):
        with pytest.raises(errors.NotAnExpert):
            await desk.do(holding.reassign, case_id, to=nobody, by=desk.lead)
    with pytest.raises(errors.CaseHeld):
        await desk.do(holding.reassign, case_id, to=desk.anna.id, by=desk.lead)
    with pytest.raises(errors.CaseHeldByOther):
        await desk.do(holding.reassign, case_id, to=desk.boris.id, by=desk.vera)


async def test_a_case_that_is_not_there_cannot_be_claimed(desk: Desk) -> None:
    with pytest.raises(NotFound):
        await desk.claim(new_id(), desk.anna)


async def test_a_case_that_nobody_claims_in_time_is_told_once(desk: Desk) -> None:
    case_id = await desk.opened()

    await desk.tick(at(2))
    await desk.tick(at(2.5))
    await desk.claim(case_id, desk.anna, now=at(3))

    assert (await desk.case(case_id)).claim_late
    assert await desk.trail(case_id) == ["case_opened", "claim_late", "case_claimed"]
