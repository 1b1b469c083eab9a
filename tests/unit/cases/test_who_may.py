"""Who may do what with a case as it stands: what the desk offers each person, and why the rest is refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import pytest

from bpa_service.cases.core import domain
from bpa_service.cases.core.domain import Act, Hold, LeaseTerms, Refusal, Refused, Standing, after, is_legal
from bpa_service.experts.domain import Expert, Role
from shared_schemas.crossings import ClientAct
from shared_schemas.words import InspectionState as State

NOW: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
TERMS: Final = LeaseTerms(length=timedelta(seconds=90), resume_window=timedelta(minutes=3))


def person(number: int, role: Role) -> Expert:
    return Expert(UUID(int=number), f"{role}{number}", role.title(), role, active=True)


ANNA, BORIS, VERA, OLGA = (
    person(number, role)
    for number, role in enumerate((Role.EXPERT, Role.EXPERT, Role.SENIOR, Role.SENIOR), start=1)
)
LEAD, ADMIN, AUDITOR = person(5, Role.SHIFT_LEAD), person(6, Role.BPA_ADMIN), person(7, Role.AUDITOR)
PEOPLE: Final = (ANNA, BORIS, VERA, OLGA, LEAD, ADMIN, AUDITOR)

HELD: Final = Hold(ANNA.id, NOW + TERMS.length)
HELD_BY_VERA: Final = Hold(VERA.id, NOW + TERMS.length)
SUSPENDED: Final = Hold(ANNA.id, None)
QUEUED: Final = Standing()
IN_WORK: Final = Standing(hold=HELD)
WAITING: Final = Standing(waiting=True, hold=SUSPENDED)
ASKED: Final = Standing(asked_by=ANNA.id, hold=SUSPENDED)
DISPUTED: Final = Standing(disputed=True)
LOOKED_AT_AGAIN: Final = Standing(disputed=True, hold=HELD)

FREE: Final = (QUEUED, Standing(waiting=True), Standing(asked_by=ANNA.id), DISPUTED)
OPEN: Final = (*FREE, IN_WORK, WAITING, ASKED, LOOKED_AT_AGAIN)

STEPS_IN: Final = {Act.WITHDRAW_TASK, Act.WRITE_NOTE, Act.WRITE_MESSAGE}
LEADS: Final = {Act.REASSIGN, Act.GIVE_UP}
TIES: Final = {Act.TIE, Act.UNTIE}
WHO_TIES: Final = (ANNA, BORIS, VERA, OLGA, LEAD)
WORK: Final = STEPS_IN | {
    Act.CLAIM,
    Act.HEARTBEAT,
    Act.RELEASE,
    Act.REASSIGN,
    Act.ASK,
    Act.RECORD_FINDING,
    Act.ASK_SECOND_OPINION,
    Act.DECIDE_PRELIMINARY,
    Act.DECIDE,
    Act.GIVE_UP,
}


@pytest.mark.parametrize(
    ("standing", "offered"),
    [
        (QUEUED, {ANNA: {Act.CLAIM}, BORIS: {Act.CLAIM}, VERA: STEPS_IN | {Act.CLAIM}}),
        (IN_WORK, {ANNA: WORK, VERA: STEPS_IN}),
        (WAITING, {ANNA: WORK - {Act.DECIDE}, VERA: STEPS_IN}),
        (
            ASKED,
            {
                ANNA: WORK - {Act.DECIDE, Act.ASK_SECOND_OPINION} | {Act.WITHDRAW_SECOND_OPINION},
                VERA: STEPS_IN | {Act.ANSWER_SECOND_OPINION},
            },
        ),
        (
            replace(ASKED, asked_by=VERA.id, hold=Hold(VERA.id, None)),
            {
                VERA: WORK - {Act.DECIDE, Act.ASK_SECOND_OPINION} | {Act.WITHDRAW_SECOND_OPINION},
                OLGA: STEPS_IN | {Act.ANSWER_SECOND_OPINION},
            },
        ),
        (
            DISPUTED,
            {VERA: STEPS_IN | {Act.CLAIM, Act.AMEND}},
        ),
        # Who held it before disputes were the seniors' hands it on.
        (
            LOOKED_AT_AGAIN,
            {
                ANNA: WORK - {Act.CLAIM, Act.DECIDE, Act.DECIDE_PRELIMINARY, Act.GIVE_UP},
                VERA: STEPS_IN,
            },
        ),
        (
            replace(LOOKED_AT_AGAIN, hold=HELD_BY_VERA),
            {VERA: WORK - {Act.DECIDE, Act.DECIDE_PRELIMINARY} | {Act.AMEND}, OLGA: STEPS_IN},
        ),
    ],
)
def test_what_the_desk_offers_each_person(standing: Standing, offered: dict[Expert, set[Act]]) -> None:
    """Seniors who are not named are offered what Vera is, a shift lead to pass it on or to give it up. Whoever
    works on cases ties them.
    """
    seniors = {OLGA: offered[VERA]} if OLGA not in offered else {}
    expected = {who: set[Act]() for who in PEOPLE} | offered | seniors | {LEAD: LEADS}
    expected |= {who: expected[who] | TIES for who in WHO_TIES}

    assert {who: {*domain.acts_open_to(who, standing, NOW)} for who in PEOPLE} == expected


@pytest.mark.parametrize("state", sorted({*State} - domain.OPEN))
def test_an_answer_is_a_seniors_and_an_end_takes_notes_alone(state: State) -> None:
    """A case is never a draft: that there could be anything to do then would be nonsense."""
    seniors = {Act.WRITE_NOTE} if state in domain.OVER else set[Act]()
    if state is State.ANSWERED:
        seniors = {Act.WRITE_NOTE, Act.WRITE_MESSAGE, Act.RECORD_FINDING, Act.AMEND}
    standing = Standing(ended=state)

    for who in PEOPLE:
        offered = {*domain.acts_open_to(who, standing, NOW)}
        unties = {Act.UNTIE} if who in WHO_TIES and state in (State.ANSWERED, *domain.OVER) else set[Act]()
        assert offered == unties | (seniors if who.role is Role.SENIOR else set[Act]())
    assert not [act for act in Act if is_legal(standing, act, now=NOW)]


@pytest.mark.parametrize("standing", OPEN)
def test_the_client_may_be_waited_for_in_any_open_case_and_only_waiting_ends(standing: Standing) -> None:
    legal = {act for act in Act if is_legal(standing, act, now=NOW)}

    assert legal == {Act.WAIT_FOR_CLIENT} | ({Act.GO_ON, Act.EXPIRE} if standing.waiting else set[Act]())


@pytest.mark.parametrize("state", State)
def test_time_takes_a_case_only_where_leases_run(state: State) -> None:
    gone = Hold(ANNA.id, NOW)
    standing = {
        State.IN_WORK: Standing(hold=gone),
        State.WAITING_CLIENT: Standing(waiting=True, hold=gone),
        State.SECOND_OPINION: Standing(asked_by=ANNA.id, hold=gone),
        State.DISPUTED: Standing(disputed=True, hold=gone),
    }.get(state, Standing(ended=state, hold=gone))

    runs = state in (State.IN_WORK, State.DISPUTED)
    assert (state in domain.LEASE_RUNS_IN, is_legal(standing, Act.LAPSE, now=NOW)) == (runs, runs)


HOLDERS_ACTS: Final = (
    Act.HEARTBEAT,
    Act.RELEASE,
    Act.ASK,
    Act.WITHDRAW_TASK,
    Act.RECORD_FINDING,
    Act.WRITE_NOTE,
    Act.WRITE_MESSAGE,
    Act.ASK_SECOND_OPINION,
    Act.WITHDRAW_SECOND_OPINION,
    Act.DECIDE_PRELIMINARY,
    Act.DECIDE,
    Act.GIVE_UP,
)


def refusal(standing: Standing, act: Act, actor: Expert | None) -> Refusal:
    with pytest.raises(Refused) as refused:
        after(standing, act, actor=actor, now=NOW, terms=TERMS, to=BORIS.id)
    return refused.value.refusal


@pytest.mark.parametrize("act", HOLDERS_ACTS)
def test_who_does_not_hold_the_case_is_told_so(act: Act) -> None:
    for free in (*FREE, Standing(hold=Hold(ANNA.id, NOW))):
        assert refusal(free, act, BORIS) is Refusal.NOT_HELD
    for held in (IN_WORK, WAITING, ASKED, LOOKED_AT_AGAIN):
        assert refusal(held, act, BORIS) is Refusal.HELD_BY_OTHER


@pytest.mark.parametrize("act", HOLDERS_ACTS)
def test_nobody_works_on_a_case_that_has_ended(act: Act) -> None:
    """What a senior may still do there is refused an expert for their role, or for not having the case."""
    noted = {State.ANSWERED: {Act.WRITE_NOTE, Act.WRITE_MESSAGE}} | {
        state: {Act.WRITE_NOTE} for state in domain.OVER
    }
    for state in {*State} - domain.OPEN:
        why = refusal(Standing(ended=state), act, ANNA)
        if (state, act) == (State.ANSWERED, Act.RECORD_FINDING):
            assert why is Refusal.WRONG_ROLE
        else:
            assert why is (Refusal.NOT_HELD if act in noted.get(state, ()) else Refusal.WRONG_STATE)
        assert refusal(Standing(ended=state), Act.ANSWER_SECOND_OPINION, VERA) is Refusal.WRONG_STATE


@pytest.mark.parametrize("standing", OPEN)
def test_a_case_is_claimed_from_nobody(standing: Standing) -> None:
    if standing.hold is None:
        assert after(standing, Act.CLAIM, actor=VERA, now=NOW, terms=TERMS).hold
    else:
        assert (
            refusal(standing, Act.CLAIM, VERA) is refusal(standing, Act.CLAIM, BORIS) is Refusal.ALREADY_HELD
        )


@pytest.mark.parametrize("standing", [standing for standing in OPEN if standing.asked_by is None])
def test_a_question_that_nobody_asked_is_neither_answered_nor_withdrawn(standing: Standing) -> None:
    assert refusal(standing, Act.ANSWER_SECOND_OPINION, VERA) is Refusal.NOT_ASKED
    if standing.hold is not None:
        assert refusal(standing, Act.WITHDRAW_SECOND_OPINION, ANNA) is Refusal.NOT_ASKED


@pytest.mark.parametrize("standing", [QUEUED, WAITING, ASKED, Standing(ended=State.CLOSED)])
def test_who_may_never_do_it_is_told_so_however_the_case_stands(standing: Standing) -> None:
    for who in (LEAD, ADMIN, AUDITOR, None):
        assert refusal(standing, Act.DECIDE, who) is Refusal.WRONG_ROLE
    for act in (Act.LAPSE, Act.WAIT_FOR_CLIENT, Act.EXPIRE):
        assert refusal(replace(standing, hold=Hold(ANNA.id, NOW)), act, ANNA) is Refusal.WRONG_ROLE


def test_a_finding_about_an_answer_is_a_seniors() -> None:
    assert refusal(Standing(ended=State.ANSWERED), Act.RECORD_FINDING, ANNA) is Refusal.WRONG_ROLE
    assert refusal(Standing(ended=State.CLOSED), Act.RECORD_FINDING, VERA) is Refusal.WRONG_STATE


def test_what_was_never_answered_is_not_amended_while_it_waits() -> None:
    for standing in (Standing(waiting=True), Standing(asked_by=ANNA.id)):
        assert refusal(standing, Act.AMEND, VERA) is Refusal.WRONG_STATE


@pytest.mark.parametrize("standing", [WAITING, ASKED])
@pytest.mark.parametrize("act", [Act.CLAIM, Act.HEARTBEAT])
def test_a_lease_that_is_suspended_stays_so_whatever_its_holder_does(standing: Standing, act: Act) -> None:
    assert after(standing, act, actor=ANNA, now=NOW, terms=TERMS) == standing


@pytest.mark.parametrize(
    ("act", "actor"), [(Act.ANSWER_SECOND_OPINION, VERA), (Act.WITHDRAW_SECOND_OPINION, ANNA)]
)
def test_a_question_that_is_answered_or_withdrawn_is_out_no_more(act: Act, actor: Expert) -> None:
    back = Standing(hold=Hold(ANNA.id, NOW + TERMS.resume_window))

    assert after(ASKED, act, actor=actor, now=NOW, terms=TERMS) == back


def test_a_lease_that_lapses_leaves_the_case_to_anybody() -> None:
    ran_out = Standing(hold=Hold(ANNA.id, NOW))

    assert after(ran_out, Act.LAPSE, actor=None, now=NOW, terms=TERMS) == QUEUED


def test_a_lease_that_ran_out_unrecorded_is_not_suspended_with_the_case() -> None:
    ran_out = Standing(hold=Hold(ANNA.id, NOW))

    assert after(ran_out, Act.WAIT_FOR_CLIENT, actor=None, now=NOW, terms=TERMS) == Standing(waiting=True)


def test_who_is_handed_a_case_has_their_own_time_and_not_what_another_had_left() -> None:
    held = Standing(hold=Hold(ANNA.id, NOW + timedelta(hours=1)))

    handed = after(held, Act.REASSIGN, actor=LEAD, now=NOW, terms=TERMS, to=BORIS.id)

    assert handed.hold == Hold(BORIS.id, NOW + TERMS.resume_window)


def test_a_case_that_is_handed_to_nobody_goes_back_to_the_queue() -> None:
    assert after(IN_WORK, Act.REASSIGN, actor=LEAD, now=NOW, terms=TERMS) == QUEUED


@pytest.mark.parametrize(
    ("standing", "act"),
    [
        (LOOKED_AT_AGAIN, ClientAct.DISPUTE),
        (IN_WORK, ClientAct.DISPUTE),
        (IN_WORK, ClientAct.TAKE_BACK),
        (WAITING, ClientAct.DISPUTE),
        (Standing(ended=State.CLOSED), ClientAct.CANCEL),
    ],
)
def test_what_is_heard_too_late_or_twice_changes_nothing(standing: Standing, act: ClientAct) -> None:
    assert domain.after_hearing(standing, act) == standing


NEVER_ANSWERED: Final = (State.QUEUED, State.IN_WORK)
MAYBE_DISPUTED: Final = (State.DISPUTED, State.WAITING_CLIENT, State.SECOND_OPINION)
GIVEN_UP: Final = (State.UNPROCESSABLE, State.EXPIRED)


@pytest.mark.parametrize(
    ("act", "leaves", "end"),
    [
        (ClientAct.CANCEL, (*NEVER_ANSWERED, *MAYBE_DISPUTED, State.ANSWERED, *GIVEN_UP), State.CANCELLED),
        (ClientAct.CLOSE, (*MAYBE_DISPUTED, State.ANSWERED, *GIVEN_UP), State.CLOSED),
        (ClientAct.TAKE_BACK, (*MAYBE_DISPUTED, *GIVEN_UP), State.ANSWERED),
        (ClientAct.DISPUTE, (State.ANSWERED,), State.DISPUTED),
    ],
)
def test_what_the_client_did_ends_where_they_see_it_and_is_else_kept(
    act: ClientAct, leaves: tuple[State, ...], end: State
) -> None:
    for state in State:
        heard = domain.after_hearing(Standing(ended=state), act)
        assert heard.state is (end if state in leaves else state)


def test_an_answer_that_is_disputed_is_open_again() -> None:
    assert domain.after_hearing(Standing(ended=State.ANSWERED), ClientAct.DISPUTE) == DISPUTED


@pytest.mark.parametrize("standing", [WAITING, ASKED])
def test_neither_decision_nor_amendment_comes_before_what_is_waited_for(standing: Standing) -> None:
    assert refusal(standing, Act.DECIDE, ANNA) is Refusal.INCOMPLETE
    again = replace(standing, disputed=True, asked_by=standing.asked_by and VERA.id, hold=Hold(VERA.id, None))
    assert refusal(again, Act.AMEND, VERA) is Refusal.INCOMPLETE


@pytest.mark.parametrize(
    "act", [Act.ASK, Act.WITHDRAW_TASK, Act.RECORD_FINDING, Act.WRITE_NOTE, Act.WRITE_MESSAGE]
)
def test_what_is_said_and_found_leaves_the_case_as_it_stands(act: Act) -> None:
    for standing in (IN_WORK, WAITING, ASKED, LOOKED_AT_AGAIN):
        assert after(standing, act, actor=ANNA, now=NOW, terms=TERMS) == standing
    assert after(IN_WORK, Act.DECIDE_PRELIMINARY, actor=ANNA, now=NOW, terms=TERMS) == IN_WORK


@pytest.mark.parametrize(
    ("act", "actor", "standing", "end"),
    [
        (Act.DECIDE, ANNA, IN_WORK, State.ANSWERED),
        (Act.AMEND, VERA, DISPUTED, State.ANSWERED),
        (Act.AMEND, VERA, Standing(ended=State.ANSWERED), State.ANSWERED),
        (Act.GIVE_UP, LEAD, QUEUED, State.UNPROCESSABLE),
        (Act.EXPIRE, None, WAITING, State.EXPIRED),
    ],
)
def test_an_end_leaves_nothing_open(act: Act, actor: Expert | None, standing: Standing, end: State) -> None:
    author = actor and actor.id if act in (Act.DECIDE, Act.AMEND) else None
    assert after(standing, act, actor=actor, now=NOW, terms=TERMS) == Standing(ended=end, answered_by=author)


def test_nobody_looks_at_a_dispute_of_their_own_answer() -> None:
    hers = replace(DISPUTED, answered_by=VERA.id)
    assert refusal(hers, Act.CLAIM, VERA) is Refusal.OWN_ANSWER
    assert refusal(hers, Act.AMEND, VERA) is Refusal.AUTHOR_AMENDS
    assert (
        refusal(Standing(ended=State.ANSWERED, answered_by=VERA.id), Act.AMEND, VERA) is Refusal.AUTHOR_AMENDS
    )
    assert {Act.CLAIM, Act.AMEND}.isdisjoint(domain.acts_open_to(VERA, hers, NOW))
    # What is not disputed yet is anybody's, and what is somebody else's answer, too.
    assert Act.CLAIM in domain.acts_open_to(VERA, QUEUED, NOW)
    assert {Act.CLAIM, Act.AMEND} <= set(domain.acts_open_to(VERA, replace(hers, answered_by=ANNA.id), NOW))


def test_a_dispute_is_held_and_ended_by_who_may_answer_it() -> None:
    for disputed in (DISPUTED, replace(DISPUTED, waiting=True), replace(DISPUTED, asked_by=OLGA.id)):
        assert refusal(disputed, Act.CLAIM, BORIS) is Refusal.DISPUTE_OF_SENIORS
        assert after(disputed, Act.CLAIM, actor=VERA, now=NOW, terms=TERMS).hold
        assert after(disputed, Act.GIVE_UP, actor=LEAD, now=NOW, terms=TERMS).state is State.ANSWERED
    assert refusal(LOOKED_AT_AGAIN, Act.GIVE_UP, ANNA) is Refusal.DISPUTE_OF_SENIORS
    hers = replace(DISPUTED, hold=HELD_BY_VERA)
    assert after(hers, Act.GIVE_UP, actor=VERA, now=NOW, terms=TERMS).state is State.ANSWERED


def test_the_author_settles_nothing_in_a_dispute_of_their_answer() -> None:
    """Not by the second opinion either, nor by what the client is asked."""
    hers = replace(DISPUTED, answered_by=VERA.id, asked_by=OLGA.id, hold=Hold(OLGA.id, None))
    assert refusal(hers, Act.ANSWER_SECOND_OPINION, VERA) is Refusal.OWN_ANSWER
    assert refusal(hers, Act.WITHDRAW_TASK, VERA) is Refusal.OWN_ANSWER
    theirs = replace(hers, answered_by=ANNA.id)
    assert {Act.ANSWER_SECOND_OPINION, Act.WITHDRAW_TASK} <= {*domain.acts_open_to(VERA, theirs, NOW)}
    # Who led no shift when they answered.
    was_hers = replace(DISPUTED, answered_by=LEAD.id)
    assert refusal(was_hers, Act.GIVE_UP, LEAD) is Refusal.OWN_ANSWER


@pytest.mark.parametrize("act", [Act.GIVE_UP, Act.EXPIRE])
def test_a_dispute_that_is_given_up_leaves_whose_answer_it_is(act: Act) -> None:
    standing = replace(DISPUTED, answered_by=ANNA.id, waiting=act is Act.EXPIRE)
    actor = None if act is Act.EXPIRE else LEAD
    assert after(standing, act, actor=actor, now=NOW, terms=TERMS).answered_by == ANNA.id
    heard = domain.after_hearing(Standing(ended=State.ANSWERED, answered_by=ANNA.id), ClientAct.DISPUTE)
    assert heard == Standing(disputed=True, answered_by=ANNA.id)
    assert domain.after_hearing(heard, ClientAct.TAKE_BACK).answered_by == ANNA.id


def test_who_may_claim_a_case_may_be_handed_one() -> None:
    assert domain.roles_for(Act.CLAIM) == domain.VERDICT_ROLES


def test_a_case_is_open_or_answered_or_over_and_never_a_draft() -> None:
    assert {standing.state for standing in OPEN} == domain.OPEN
    of_the_client = {State.DRAFT, State.SUBMITTED}
    assert sorted([*domain.OPEN, *domain.OVER, State.ANSWERED, *of_the_client]) == sorted(State)
