"""The forecast of breaches: cases whose answer is plain, and what must hold for any board."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpa_service.shifts.domain import HORIZON, MODEL, Forecast, Load, forecast

QUICK = replace(MODEL, draws=32)
"""What holds for any board holds with a few plays too, and is found out sooner."""
EQUAL = replace(QUICK, pace=0.0)
"""Experts who are equally fast: then it does not matter which of them takes a case, and no chance blurs it."""
STAFF = [UUID(int=1000 + number) for number in range(8)]
ONE_ERROR = 0.5 / QUICK.draws**0.5


def case(number: int = 1, *, left: float = 600.0, **other: object) -> Load:
    return replace(Load(case_id=UUID(int=number), left_seconds=left, running=True, photos=10), **other)


def only(told: Forecast) -> float:
    (probability,) = told.probabilities.values()
    return probability


def cases_of(holders: Sequence[UUID | None], *, paused: bool) -> st.SearchStrategy[list[Load]]:
    one = st.builds(
        Load,
        case_id=st.uuids(),
        left_seconds=st.floats(-600, 2400),
        running=st.booleans() if paused else st.just(True),
        holder_id=st.sampled_from(holders),
        worked_seconds=st.none() | st.floats(0, 1e6),
        photos=st.integers(0, 60),
        disputed=st.booleans(),
    )
    return st.lists(one, max_size=25, unique_by=lambda load: load.case_id)


boards = cases_of([None, *STAFF[:4]], paused=True)
queues = cases_of([None], paused=False)
staffs = st.sets(st.sampled_from(STAFF))


def test_more_photos_and_a_dispute_take_longer() -> None:
    assert MODEL.effort.of(0) == MODEL.effort.base
    assert MODEL.effort.of(11) - MODEL.effort.of(10) == MODEL.effort.per_photo
    assert MODEL.effort.of(10, disputed=True) == MODEL.effort.of(10) * MODEL.effort.disputed


def test_no_case_no_breach() -> None:
    assert forecast([], STAFF) == Forecast(probabilities={}, expected=0.0, breached=0)


def test_with_nobody_there_every_clock_runs_out_that_can() -> None:
    soon, later = case(1, left=HORIZON), case(2, left=HORIZON + 1)
    told = forecast([soon, later], [])
    assert told.probabilities == {soon.case_id: 1.0, later.case_id: 0.0}
    assert told.expected == 1.0


def test_the_holder_works_though_they_are_not_of_the_staff_but_takes_nothing_else() -> None:
    held = case(1, left=1200, holder_id=STAFF[0], worked_seconds=60)
    waiting = case(2, left=1500)
    told = forecast([held, waiting], [])
    assert told.probabilities[held.case_id] < 0.1
    assert told.probabilities[waiting.case_id] == 1.0


def test_a_case_that_is_as_long_as_what_is_left_breaches_about_as_often_as_not() -> None:
    middle = MODEL.effort.of(10)  # the median is a little less than the mean
    assert 0.3 < only(forecast([case(left=middle)], STAFF)) < 0.5


def test_of_a_case_in_hand_what_was_worked_counts() -> None:
    fresh = case(left=300, holder_id=STAFF[0], worked_seconds=0)
    begun = replace(fresh, worked_seconds=300)
    assert only(forecast([begun], STAFF)) < only(forecast([fresh], STAFF)) - 0.2


def test_a_case_that_has_taken_for_ever_is_not_expected_to_be_done_at_once() -> None:
    stuck = case(left=60, holder_id=STAFF[0], worked_seconds=6 * 3600)
    assert only(forecast([stuck], STAFF)) > 0.8


def test_a_breached_case_is_counted_apart_and_still_takes_its_expert() -> None:
    breached, waiting = case(1, left=0), case(2, left=700)
    told = forecast([breached, waiting], STAFF[:1])
    assert told.breached == 1
    assert set(told.probabilities) == {waiting.case_id}
    assert told.expected > only(forecast([waiting], STAFF[:1])) + 0.2


def test_a_paused_case_with_little_left_is_less_pressing_than_a_running_one() -> None:
    running = case(left=200, holder_id=STAFF[0], worked_seconds=100)
    paused = replace(running, running=False)
    assert 0 < only(forecast([paused], STAFF)) < only(forecast([running], STAFF))


def test_a_paused_case_goes_back_to_its_holder_alone() -> None:
    paused = case(1, left=400, running=False, holder_id=STAFF[0], worked_seconds=300)
    long = case(2, left=1100, holder_id=STAFF[0], worked_seconds=0, photos=40)
    alone = forecast([paused], STAFF).probabilities[paused.case_id]
    behind = forecast([paused, long], STAFF).probabilities[paused.case_id]
    assert behind > alone + 0.2


def test_the_case_with_the_least_time_left_goes_first() -> None:
    first, second = case(1, left=700), case(2, left=710)
    told = forecast([second, first], STAFF[:1])
    assert told.probabilities[first.case_id] + 0.2 < told.probabilities[second.case_id]


def test_a_case_that_leaves_the_board_does_not_change_the_luck_of_one_in_hand() -> None:
    held = case(1, left=300, holder_id=STAFF[0], worked_seconds=60)
    others = [case(number) for number in range(2, 9)]
    assert only(forecast([held], STAFF)) == forecast([held, *others], STAFF).probabilities[held.case_id]


@given(boards, staffs, st.randoms(use_true_random=False))
def test_the_same_board_in_any_order_gives_the_same_forecast(
    board: list[Load], staff: set[UUID], luck: Random
) -> None:
    shuffled = board.copy()
    luck.shuffle(shuffled)
    assert forecast(board, staff, model=QUICK) == forecast(shuffled, sorted(staff), model=QUICK)


@given(boards, staffs)
def test_every_clock_that_still_runs_gets_a_probability(board: list[Load], staff: set[UUID]) -> None:
    told = forecast(board, staff, model=QUICK)
    assert set(told.probabilities) == {load.case_id for load in board if load.left_seconds > 0}
    assert all(0 <= one <= 1 for one in told.probabilities.values())
    assert told.expected == pytest.approx(sum(told.probabilities.values()))
    assert told.breached + len(told.probabilities) == len(board)
    assert not any(told.probabilities[load.case_id] for load in board if load.left_seconds > HORIZON)


@given(queues, staffs)
def test_one_expert_more_makes_no_case_later(board: list[Load], staff: set[UUID]) -> None:
    fewer = forecast(board, staff, model=EQUAL).probabilities
    more = forecast(board, {*staff, UUID(int=1)}, model=EQUAL).probabilities
    assert all(more[number] <= fewer[number] for number in fewer)


@given(boards, staffs)
def test_one_expert_more_is_not_expected_to_do_harm(board: list[Load], staff: set[UUID]) -> None:
    """A slow one may take the case that another would have answered in time, hence the tolerance."""
    fewer, more = (forecast(board, some, model=QUICK) for some in (staff, {*staff, UUID(int=1)}))
    assert more.expected <= fewer.expected + 4 * ONE_ERROR * max(len(board), 1) ** 0.5


@given(st.floats(1, 2000), st.floats(0, 2000), st.none() | st.floats(0, 3000), st.booleans())
def test_less_time_left_is_never_safer(left: float, less: float, worked: float | None, running: bool) -> None:
    one = case(left=left, worked_seconds=worked, holder_id=STAFF[0], running=running)
    pressed = replace(one, left_seconds=max(left - less, 1.0))
    assert only(forecast([pressed], STAFF)) >= only(forecast([one], STAFF))


@given(boards, staffs, st.floats(0, HORIZON), st.floats(0, HORIZON))
def test_looking_farther_ahead_finds_no_fewer(
    board: list[Load], staff: set[UUID], near: float, far: float
) -> None:
    near, far = sorted((near, far))
    soon, later = (forecast(board, staff, horizon=end, model=QUICK) for end in (near, far))
    assert all(soon.probabilities[number] <= later.probabilities[number] for number in soon.probabilities)
