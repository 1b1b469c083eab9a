import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cabinet_service.inspections import domain
from cabinet_service.inspections.domain import Act, ActRefused, Draft, ImpossibleReport, Missing
from shared_schemas.words import InspectionState, Shot

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
    def what_is_over_stays_over(self) -> None:
        ends = [state for state in self.past if state in domain.OVER]
        assert all(state is ends[0] for state in ends)
        assert not ends or self.past[-1] is ends[0]

    @invariant()
    def nothing_returns_to_draft(self) -> None:
        first_other = next((i for i, state in enumerate(self.past) if state is not S.DRAFT), len(self.past))
        assert S.DRAFT not in self.past[first_other:]

    @invariant()
    def experts_only_have_what_was_submitted(self) -> None:
        if domain.WITH_EXPERTS & {*self.past}:
            assert S.SUBMITTED in self.past

    @invariant()
    def only_an_answer_is_disputed_or_closed(self) -> None:
        if {S.DISPUTED, S.CLOSED} & {*self.past}:
            first = min(self.past.index(state) for state in (S.DISPUTED, S.CLOSED) if state in self.past)
            reported_after_pause = self.past[first - 1] in {S.WAITING_CLIENT, S.SECOND_OPINION}
            assert S.ANSWERED in self.past[:first] or reported_after_pause


TestInspection = Inspection.TestCase


@given(state=states, act=acts)
def test_an_act_is_refused_exactly_where_the_table_has_no_place_for_it(state: S, act: Act) -> None:
    if state in domain.ACTS[act]:
        assert domain.after_act(state, act) is domain.ACTS[act][state]
    else:
        with pytest.raises(ActRefused):
            domain.after_act(state, act)


@pytest.mark.parametrize("state", sorted(domain.OVER))
@pytest.mark.parametrize("act", Act)
def test_a_client_can_do_nothing_with_what_is_over(state: InspectionState, act: Act) -> None:
    with pytest.raises(ActRefused):
        domain.after_act(state, act)


@pytest.mark.parametrize("state", sorted(domain.OVER))
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
