from itertools import pairwise

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cabinet_service.inspections.core import domain
from cabinet_service.inspections.core.domain import Act, ActRefused, Draft, ImpossibleReport, Missing
from shared_schemas.crossings import LAST_WORDS
from shared_schemas.words import IdentifierKind, InspectionState, Shot

S = InspectionState
states = st.sampled_from(InspectionState)
acts = st.sampled_from(Act)


class Inspection(RuleBasedStateMachine):
    """Any client, any order of reports: whatever is legal is done, whatever is not must change nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.state = S.DRAFT
        self.past = [S.DRAFT]

    def _move(self, state: InspectionState) -> None:
        self.state = state
        self.past.append(state)

    @rule(act=acts)
    def client_acts(self, act: Act) -> None:
        try:
            after = domain.after_act(self.state, act)
        except ActRefused:
            return
        self._move(after)

    @precondition(lambda self: self.state is S.DRAFT)
    @rule()
    def client_submits(self) -> None:
        # Else few runs would get beyond the draft.
        self._move(domain.after_act(self.state, Act.SUBMIT))

    @rule(reported=states)
    def experts_report(self, reported: InspectionState) -> None:
        try:
            after = domain.after_report(self.state, reported)
        except ImpossibleReport:
            return
        self._move(after)

    @invariant()
    def a_last_word_stays(self) -> None:
        words = [state for state in self.past if state in LAST_WORDS]
        assert not words or self.past[-1] is words[0]

    @invariant()
    def what_the_experts_gave_up_is_only_answered_again(self) -> None:
        for state, after in pairwise(self.past):
            if state in domain.OVER - LAST_WORDS:
                assert after is S.ANSWERED

    @invariant()
    def nothing_returns_to_draft(self) -> None:
        first_other = next((i for i, state in enumerate(self.past) if state is not S.DRAFT), len(self.past))
        assert S.DRAFT not in self.past[first_other:]

    @invariant()
    def experts_only_have_what_was_submitted(self) -> None:
        if {*self.past} & {*UNDER_WAY[1:]}:
            assert S.SUBMITTED in self.past

    @invariant()
    def only_an_answer_is_disputed_or_closed(self) -> None:
        if {S.DISPUTED, S.CLOSED} & {*self.past}:
            first = min(self.past.index(state) for state in (S.DISPUTED, S.CLOSED) if state in self.past)
            reported_after_pause = self.past[first - 1] in {S.WAITING_CLIENT, S.SECOND_OPINION}
            assert S.ANSWERED in self.past[:first] or reported_after_pause


TestInspection = Inspection.TestCase


# From sending it to the answer, whoever has it in hand, and while they look once more.
UNDER_WAY = (S.SUBMITTED, S.QUEUED, S.IN_WORK, S.WAITING_CLIENT, S.SECOND_OPINION)
SAYING_MORE = (*UNDER_WAY, S.ANSWERED, S.DISPUTED)


@pytest.mark.parametrize(
    ("act", "leads"),
    [
        (Act.CHANGE, {S.DRAFT: S.DRAFT}),
        (Act.REMOVE_PHOTO, {S.DRAFT: S.DRAFT}),
        (Act.ADD_PHOTO, {state: state for state in (S.DRAFT, *SAYING_MORE)}),
        (Act.SUBMIT, {S.DRAFT: S.SUBMITTED}),
        (Act.POST_MESSAGE, {state: state for state in SAYING_MORE}),
        (Act.ANSWER_TASK, {state: state for state in SAYING_MORE}),
        (Act.CANCEL, {**dict.fromkeys((S.DRAFT, *UNDER_WAY), S.CANCELLED), S.DISPUTED: S.ANSWERED}),
        (Act.DISPUTE, {S.ANSWERED: S.DISPUTED}),
        (Act.CLOSE, {S.ANSWERED: S.CLOSED}),
    ],
)
def test_what_a_client_may_do_when_and_where_it_leads(act: Act, leads: dict[S, S]) -> None:
    for state in S:
        if state in leads:
            assert domain.after_act(state, act) is leads[state]
        else:
            with pytest.raises(ActRefused, match=f"{act} of an inspection that is {state}"):
                domain.after_act(state, act)


@pytest.mark.parametrize("state", [S.DISPUTED, S.WAITING_CLIENT, S.SECOND_OPINION])
def test_who_cancels_after_an_answer_takes_the_dispute_back(state: S) -> None:
    assert domain.after_act(state, Act.CANCEL, answered=True) is S.ANSWERED


@pytest.mark.parametrize("state", [S.DRAFT, *UNDER_WAY[:3], S.ANSWERED])
def test_without_a_dispute_there_is_none_to_take_back(state: S) -> None:
    with pytest.raises(ActRefused):
        domain.after_act(state, Act.CANCEL, answered=True)


@pytest.mark.parametrize("state", [S.WAITING_CLIENT, S.SECOND_OPINION, S.ANSWERED, S.DISPUTED])
def test_a_dispute_that_waited_for_something_is_a_dispute_again(state: S) -> None:
    assert domain.after_report(state, S.DISPUTED) is S.DISPUTED


@pytest.mark.parametrize("reported", [S.DRAFT, S.SUBMITTED, S.QUEUED, S.IN_WORK, *sorted(LAST_WORDS)])
def test_a_dispute_never_becomes_a_new_case(reported: S) -> None:
    with pytest.raises(ImpossibleReport):
        domain.after_report(S.DISPUTED, reported)


def test_every_photo_of_the_plan_is_of_the_number_or_suggested_once() -> None:
    assert sorted([*domain.VIN_PLACES, *domain.SUGGESTED]) == sorted({*Shot} - {Shot.OTHER})


@pytest.mark.parametrize("kind", IdentifierKind)
def test_only_a_car_with_a_frame_number_is_asked_for_none_behind_the_windshield(kind: IdentifierKind) -> None:
    places = domain.vin_places_of(kind)
    assert places[0] is Shot.VIN_STAMPED
    assert {*places} == domain.VIN_PLACES - ({Shot.WINDSHIELD_VIN} if kind is IdentifierKind.FRAME else set())


def allows(state: S, act: Act) -> bool:
    try:
        domain.after_act(state, act)
    except ActRefused:
        return False
    return True


@pytest.mark.parametrize("state", S)
def test_an_inspection_is_over_when_its_client_can_do_nothing_with_it(state: S) -> None:
    assert (state in domain.OVER) == (not any(allows(state, act) for act in Act))


@pytest.mark.parametrize("state", UNDER_WAY[1:])
@pytest.mark.parametrize("reported", [*UNDER_WAY[1:], S.ANSWERED, S.UNPROCESSABLE, S.EXPIRED])
def test_experts_may_report_any_step_of_their_work_after_any_other(state: S, reported: S) -> None:
    assert domain.after_report(state, reported) is reported


@pytest.mark.parametrize("reported", S)
def test_what_was_sent_is_first_reported_as_queued(reported: S) -> None:
    if reported is S.QUEUED:
        assert domain.after_report(S.SUBMITTED, reported) is S.QUEUED
    else:
        with pytest.raises(ImpossibleReport):
            domain.after_report(S.SUBMITTED, reported)


@pytest.mark.parametrize("state", sorted({*S} - LAST_WORDS))
@pytest.mark.parametrize("reported", [S.DRAFT, S.SUBMITTED, S.CANCELLED, S.CLOSED])
def test_experts_never_report_what_is_the_clients_to_say(state: S, reported: S) -> None:
    with pytest.raises(ImpossibleReport):
        domain.after_report(state, reported)


@pytest.mark.parametrize("state", [S.QUEUED, S.IN_WORK])
def test_what_nobody_answered_is_no_dispute(state: S) -> None:
    with pytest.raises(ImpossibleReport):
        domain.after_report(state, S.DISPUTED)


@pytest.mark.parametrize("state", [S.ANSWERED, S.DISPUTED])
@pytest.mark.parametrize("reported", [S.WAITING_CLIENT, S.SECOND_OPINION, S.UNPROCESSABLE, S.EXPIRED])
def test_a_dispute_may_wait_and_end_before_anybody_hears_that_it_is_one(state: S, reported: S) -> None:
    assert domain.after_report(state, reported) is reported


@pytest.mark.parametrize("state", [S.UNPROCESSABLE, S.EXPIRED])
@pytest.mark.parametrize("reported", [*UNDER_WAY, S.DISPUTED, S.UNPROCESSABLE, S.EXPIRED])
def test_what_the_experts_gave_up_is_not_taken_up_again(state: S, reported: S) -> None:
    with pytest.raises(ImpossibleReport):
        domain.after_report(state, reported)
    assert domain.after_report(state, S.ANSWERED) is S.ANSWERED


@pytest.mark.parametrize("state", sorted(LAST_WORDS))
@pytest.mark.parametrize("reported", [S.IN_WORK, S.ANSWERED, S.DISPUTED, S.UNPROCESSABLE])
def test_a_late_report_reopens_nothing(state: InspectionState, reported: InspectionState) -> None:
    assert domain.after_report(state, reported) is state


@pytest.mark.parametrize("reported", InspectionState)
def test_experts_cannot_report_on_a_draft(reported: InspectionState) -> None:
    with pytest.raises(ImpossibleReport):
        domain.after_report(S.DRAFT, reported)


def test_an_amendment_that_crossed_the_dispute_on_its_way_does_not_lose_the_dispute() -> None:
    disputed = domain.after_act(S.ANSWERED, Act.DISPUTE)
    amended = domain.after_report(disputed, S.ANSWERED)
    assert domain.after_report(amended, S.DISPUTED) is S.DISPUTED


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (Draft(False, False, ()), (Missing.IDENTIFIER, Missing.VIN_PLACE_PHOTO)),
        (Draft(True, False, [Shot.VIN_PLATE]), (Missing.IDENTIFIER_WITHOUT_ERRORS,)),
        (Draft(True, True, [Shot.ODOMETER, Shot.FRONT]), (Missing.VIN_PLACE_PHOTO,)),
        (Draft(True, True, [Shot.DOOR_STICKER, Shot.FRONT]), ()),
    ],
)
def test_a_draft_names_what_it_lacks(draft: Draft, expected: tuple[Missing, ...]) -> None:
    assert domain.missing(draft) == expected


@pytest.mark.parametrize(
    ("shot", "photos", "answer", "done"),
    [
        (Shot.VIN_STAMPED, 1, None, True),
        (Shot.VIN_STAMPED, 0, "it is rusty", False),
        (None, 0, "since 2019", True),
        (None, 1, None, True),
        (None, 0, None, False),
    ],
)
def test_a_task_is_done_by_what_it_asks_for(
    shot: Shot | None, photos: int, answer: str | None, done: bool
) -> None:
    assert domain.is_done(shot=shot, photos=photos, answer=answer) is done


def test_what_nobody_did_is_told_as_the_systems() -> None:
    assert (domain.SYSTEM.role, domain.SYSTEM.id, domain.SYSTEM.name) == ("system", None, None)
