"""The life of a case: no sequence of legal acts leads where the drawing in the domain's description does not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Final
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpa_service.cases.core import domain
from bpa_service.cases.core.domain import (
    OPEN,
    OVER,
    RULES,
    Act,
    Hold,
    LeaseTerms,
    Refusal,
    Refused,
    Standing,
    after,
    holder,
    is_legal,
)
from bpa_service.experts.domain import Expert, Role
from shared_schemas.crossings import ClientAct
from shared_schemas.words import InspectionState as State

START: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
TERMS: Final = LeaseTerms(length=timedelta(seconds=90), resume_window=timedelta(minutes=3))

# The arrows of the domain's description that are acts of experts and of time, where a case waits for one thing
# at a time; and what they come to when it waits for two, or when its holder leaves meanwhile. Those of the client
# are in `tests/unit/test_crossings.py`.
ARROWS: Final = {
    State.QUEUED: {State.IN_WORK, State.WAITING_CLIENT, State.UNPROCESSABLE},
    State.IN_WORK: {
        State.QUEUED,
        State.WAITING_CLIENT,
        State.SECOND_OPINION,
        State.ANSWERED,
        State.UNPROCESSABLE,
    },
    State.WAITING_CLIENT: {
        State.QUEUED,
        State.IN_WORK,
        State.SECOND_OPINION,
        State.DISPUTED,
        State.ANSWERED,
        State.UNPROCESSABLE,
        State.EXPIRED,
    },
    State.SECOND_OPINION: {
        State.QUEUED,
        State.IN_WORK,
        State.WAITING_CLIENT,
        State.DISPUTED,
        State.ANSWERED,
        State.UNPROCESSABLE,
    },
    State.DISPUTED: {
        State.WAITING_CLIENT,
        State.SECOND_OPINION,
        State.ANSWERED,
    },
}


def person(number: int, role: Role) -> Expert:
    return Expert(UUID(int=number), f"{role}{number}", role.title(), role, active=True)


ANNA, BORIS = person(1, Role.EXPERT), person(2, Role.EXPERT)
VERA, SENIOR_TOO = person(3, Role.SENIOR), person(4, Role.SENIOR)
LEAD, ADMIN, AUDITOR = person(5, Role.SHIFT_LEAD), person(6, Role.BPA_ADMIN), person(7, Role.AUDITOR)
PEOPLE: Final = (ANNA, BORIS, VERA, SENIOR_TOO, LEAD, ADMIN, AUDITOR)

people = st.sampled_from(PEOPLE)
# Most draws are an act with somebody who may do it in some state, or few sequences would get anywhere.
steps = st.lists(
    st.tuples(
        st.sampled_from(Act),
        st.one_of(st.none(), people, st.sampled_from((ANNA, VERA))),
        st.sampled_from((timedelta(), timedelta(seconds=20), timedelta(seconds=100), timedelta(minutes=4))),
        st.sampled_from((ANNA.id, BORIS.id, VERA.id)),
    ),
    max_size=60,
)


def actor_for(act: Act, actor: Expert | None) -> Expert | None:
    """The client and time come without an actor, everything else needs one."""
    return (actor or ANNA) if domain.roles_for(act) else None


@settings(max_examples=400, deadline=None)
@given(steps)
def test_no_sequence_of_legal_acts_leaves_the_drawing(
    sequence: list[tuple[Act, Expert | None, timedelta, UUID]],
) -> None:
    standing, now = Standing(), START
    for act, drawn, passed, to in sequence:
        now += passed
        actor = actor_for(act, drawn)
        before = standing
        try:
            standing = after(before, act, actor=actor, now=now, terms=TERMS, to=to)
        except Refused:
            assert not is_legal(before, act, actor=actor, now=now)
            continue
        assert is_legal(before, act, actor=actor, now=now)
        check_arrow(before, standing, now)
        check_lease(standing, now)
        check_actor(before, act, actor, now)


def test_every_arrow_of_the_drawing_is_used_and_no_other() -> None:
    """All that can be reached at all, step by step, with time standing still or passing by more than a lease."""
    found: dict[State, set[State]] = {}
    waiting = [Standing(), Standing(disputed=True)]
    reached = {*waiting}
    while waiting:
        standing = waiting.pop()
        for act, actor, now in product(Act, (None, *PEOPLE), (START, START + timedelta(seconds=100))):
            if not is_legal(standing, act, actor=actor, now=now):
                continue
            step = after(standing, act, actor=actor, now=now, terms=TERMS, to=BORIS.id)
            was = standing.state if holder(standing, now) else with_no_hold(standing).state
            if step.state is not was:
                found.setdefault(was, set()).add(step.state)
            if (seen_from_start := with_time_since(step, now)) not in reached:
                reached.add(seen_from_start)
                waiting.append(seen_from_start)

    assert found == ARROWS


def with_time_since(standing: Standing, now: datetime) -> Standing:
    """The same standing as if `now` were START, and any lease that ran out had run out just then."""
    hold = standing.hold
    if hold is None or hold.expires_at is None:
        return standing
    return replace(standing, hold=Hold(hold.expert_id, START + max(hold.expires_at - now, timedelta())))


def check_arrow(before: Standing, standing: Standing, now: datetime) -> None:
    # A lease that ran out unrecorded leaves as it would have when it was recorded.
    was = before.state if holder(before, now) or before.hold is None else with_no_hold(before).state
    assert standing.state == was or standing.state in ARROWS.get(was, ()), (was, standing.state)


def with_no_hold(standing: Standing) -> Standing:
    return replace(standing, hold=None)


def check_lease(standing: Standing, now: datetime) -> None:
    """A lease runs where the holder can go on alone, is suspended elsewhere, and ends with the case."""
    assert (standing.state is State.IN_WORK) <= (standing.hold is not None)
    if standing.hold is None:
        return
    assert standing.state in OPEN - {State.QUEUED}
    runs = standing.state in (State.IN_WORK, State.DISPUTED)
    assert (standing.hold.expires_at is not None) == runs
    assert holder(standing, now) == standing.hold.expert_id


def check_actor(before: Standing, act: Act, actor: Expert | None, now: datetime) -> None:
    """Nobody acts for another: a verdict comes from the holder, a case is claimed from nobody."""
    held_by = holder(before, now)
    assert before.state not in OVER or act in (Act.WRITE_NOTE, Act.UNTIE)
    if actor is None:
        return
    if act in (Act.DECIDE, Act.DECIDE_PRELIMINARY, Act.ASK, Act.RELEASE, Act.HEARTBEAT):
        assert held_by == actor.id
    if act is Act.CLAIM:
        assert held_by in (None, actor.id)
    if act in (Act.DECIDE, Act.DECIDE_PRELIMINARY, Act.AMEND, Act.RECORD_FINDING, Act.ANSWER_SECOND_OPINION):
        assert actor.role in (Role.EXPERT, Role.SENIOR)


@given(steps)
def test_what_is_over_stays_over(sequence: list[tuple[Act, Expert | None, timedelta, UUID]]) -> None:
    for state in OVER:
        standing = Standing(ended=state)
        for act, drawn, _, to in sequence:
            if is_legal(standing, act, actor=actor_for(act, drawn), now=START):
                standing = after(standing, act, actor=actor_for(act, drawn), now=START, terms=TERMS, to=to)
        assert standing == Standing(ended=state)


def in_work(by: Expert = ANNA) -> Standing:
    return after(Standing(), Act.CLAIM, actor=by, now=START, terms=TERMS)


def refusal(standing: Standing, act: Act, actor: Expert | None, now: datetime = START) -> Refusal:
    with pytest.raises(Refused) as refused:
        after(standing, act, actor=actor, now=now, terms=TERMS, to=BORIS.id)
    return refused.value.refusal


def test_a_claimed_case_is_nobody_elses_until_the_lease_runs_out() -> None:
    held = in_work()
    last = START + TERMS.length - timedelta(microseconds=1)

    assert refusal(held, Act.CLAIM, BORIS, last) is Refusal.ALREADY_HELD
    assert refusal(held, Act.LAPSE, None, last) is Refusal.LEASE_RUNS
    assert refusal(held, Act.DECIDE, ANNA, START + TERMS.length) is Refusal.NOT_HELD
    taken = after(held, Act.CLAIM, actor=BORIS, now=START + TERMS.length, terms=TERMS)
    assert taken.hold == Hold(BORIS.id, START + 2 * TERMS.length)


def test_a_heartbeat_keeps_the_case_for_another_length() -> None:
    kept = after(in_work(), Act.HEARTBEAT, actor=ANNA, now=START + timedelta(seconds=60), terms=TERMS)

    assert kept.hold == Hold(ANNA.id, START + timedelta(seconds=150))


@pytest.mark.parametrize("act", [Act.HEARTBEAT, Act.CLAIM])
def test_no_sign_of_life_shortens_the_time_after_the_clients_reply(act: Act) -> None:
    waiting = after(in_work(), Act.WAIT_FOR_CLIENT, actor=None, now=START, terms=TERMS)
    back = after(waiting, Act.GO_ON, actor=None, now=START, terms=TERMS)

    beat = after(back, act, actor=ANNA, now=START + timedelta(seconds=1), terms=TERMS)

    assert beat.hold == Hold(ANNA.id, START + TERMS.resume_window)
    later = after(beat, act, actor=ANNA, now=START + timedelta(seconds=170), terms=TERMS)
    assert later.hold == Hold(ANNA.id, START + timedelta(seconds=260))
    assert after(back, Act.REASSIGN, actor=LEAD, now=START, terms=TERMS, to=BORIS.id).hold == Hold(
        BORIS.id, START + TERMS.resume_window
    )


def test_what_its_holder_does_keeps_the_case_and_never_for_less_than_they_had() -> None:
    waiting = after(in_work(), Act.WAIT_FOR_CLIENT, actor=None, now=START, terms=TERMS)
    back = after(waiting, Act.GO_ON, actor=None, now=START, terms=TERMS)
    moment = START + timedelta(seconds=1)

    assert domain.kept(back, moment, TERMS).hold == Hold(ANNA.id, START + TERMS.resume_window)
    assert domain.kept(in_work(), moment, TERMS).hold == Hold(ANNA.id, moment + TERMS.length)
    assert domain.kept(waiting, moment, TERMS) == waiting
    assert domain.kept(Standing(), moment, TERMS) == Standing()


def test_who_waits_for_the_client_keeps_the_case_and_gets_a_window_to_come_back() -> None:
    waiting = after(in_work(), Act.WAIT_FOR_CLIENT, actor=None, now=START, terms=TERMS)
    back_at = START + timedelta(hours=9)

    assert waiting.state is State.WAITING_CLIENT
    assert holder(waiting, back_at) == ANNA.id
    back = after(waiting, Act.GO_ON, actor=None, now=back_at, terms=TERMS)
    assert back.state is State.IN_WORK
    assert back.hold == Hold(ANNA.id, back_at + TERMS.resume_window)


def test_a_case_that_nobody_holds_goes_back_to_the_queue_when_the_client_replies() -> None:
    waiting = after(in_work(), Act.WAIT_FOR_CLIENT, actor=None, now=START, terms=TERMS)
    left = after(waiting, Act.RELEASE, actor=ANNA, now=START, terms=TERMS)

    assert left.state is State.WAITING_CLIENT
    assert after(left, Act.GO_ON, actor=None, now=START, terms=TERMS).state is State.QUEUED


def test_an_answer_waits_for_the_client_and_for_the_second_opinion() -> None:
    asked = after(in_work(), Act.ASK_SECOND_OPINION, actor=ANNA, now=START, terms=TERMS)
    both = after(asked, Act.WAIT_FOR_CLIENT, actor=None, now=START, terms=TERMS)

    assert (asked.state, both.state) == (State.SECOND_OPINION, State.WAITING_CLIENT)
    assert refusal(asked, Act.DECIDE, ANNA) is Refusal.INCOMPLETE
    one = after(both, Act.GO_ON, actor=None, now=START, terms=TERMS)
    assert one.state is State.SECOND_OPINION
    none = after(one, Act.ANSWER_SECOND_OPINION, actor=VERA, now=START, terms=TERMS)
    assert none.state is State.IN_WORK
    assert after(none, Act.DECIDE, actor=ANNA, now=START, terms=TERMS).state is State.ANSWERED


def test_a_senior_does_not_answer_their_own_question() -> None:
    asked = after(in_work(VERA), Act.ASK_SECOND_OPINION, actor=VERA, now=START, terms=TERMS)

    assert refusal(asked, Act.ASK_SECOND_OPINION, VERA) is Refusal.ALREADY_ASKED
    assert refusal(asked, Act.ANSWER_SECOND_OPINION, VERA) is Refusal.OWN_QUESTION
    assert refusal(asked, Act.ANSWER_SECOND_OPINION, BORIS) is Refusal.WRONG_ROLE
    assert refusal(in_work(), Act.ANSWER_SECOND_OPINION, VERA) is Refusal.NOT_ASKED


def test_a_dispute_is_answered_by_an_amendment_of_whoever_holds_it() -> None:
    disputed = domain.after_hearing(Standing(ended=State.ANSWERED), ClientAct.DISPUTE)
    claimed = after(disputed, Act.CLAIM, actor=SENIOR_TOO, now=START, terms=TERMS)

    assert claimed.state is State.DISPUTED
    assert refusal(claimed, Act.DECIDE, SENIOR_TOO) is Refusal.WRONG_STATE
    assert refusal(claimed, Act.DECIDE_PRELIMINARY, SENIOR_TOO) is Refusal.WRONG_STATE
    assert refusal(claimed, Act.AMEND, VERA) is Refusal.HELD_BY_OTHER
    released = after(claimed, Act.RELEASE, actor=SENIOR_TOO, now=START, terms=TERMS)
    assert released.state is State.DISPUTED
    assert after(released, Act.AMEND, actor=VERA, now=START, terms=TERMS).state is State.ANSWERED


def test_a_case_without_an_answer_has_none_to_amend() -> None:
    assert refusal(Standing(), Act.AMEND, VERA) is Refusal.WRONG_STATE
    assert refusal(in_work(VERA), Act.AMEND, VERA) is Refusal.WRONG_STATE


def test_a_shift_lead_reassigns_and_gives_no_verdicts() -> None:
    passed_on = after(in_work(), Act.REASSIGN, actor=LEAD, now=START, terms=TERMS, to=BORIS.id)

    assert passed_on.hold == Hold(BORIS.id, START + TERMS.resume_window)
    verdicts = (Act.DECIDE, Act.DECIDE_PRELIMINARY, Act.AMEND, Act.ANSWER_SECOND_OPINION, Act.RECORD_FINDING)
    assert all(Role.SHIFT_LEAD not in domain.roles_for(act) for act in verdicts)


def test_every_act_has_a_rule_and_nobody_but_its_people_may_do_it() -> None:
    assert set(RULES) == set(Act)
    for act in Act:
        for actor in (None, *PEOPLE):
            allowed = domain.roles_for(act)
            if (actor is None) == bool(allowed) or (actor is not None and actor.role not in allowed):
                for state in (*OPEN, *OVER, State.ANSWERED):
                    standing = Standing(ended=None if state in OPEN else state)
                    assert not is_legal(standing, act, actor=actor, now=START)
