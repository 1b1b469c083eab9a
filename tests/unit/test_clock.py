"""The arithmetic of the clock, against a count of single seconds."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared_schemas import clock as arithmetic
from shared_schemas.clock import Clock, Pause, PauseCause, Reckoning, Span

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HORIZON = 120  # seconds


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


def ref(index: int) -> UUID:
    return uuid5(UUID(int=0), str(index))


def length(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def clock_of(*pauses: tuple[int, int | None], stopped: int | None = None, budget: int = 60) -> Clock:
    return Clock(
        started_at=START,
        budget_seconds=budget,
        stopped_at=None if stopped is None else at(stopped),
        pauses=tuple(
            Pause(
                ref=ref(index),
                cause=PauseCause.CLIENT_INFO,
                started_at=at(start),
                ended_at=None if end is None else at(end),
            )
            for index, (start, end) in enumerate(pauses)
        ),
    )


seconds = st.integers(0, HORIZON)


@st.composite
def clocks_with_pauses(draw: st.DrawFn) -> Clock:
    """Pauses of whole seconds, so that a count of seconds can follow."""
    pauses = draw(st.lists(st.tuples(seconds, st.none() | seconds), max_size=5))
    return clock_of(*pauses, stopped=draw(st.none() | seconds), budget=draw(st.integers(1, HORIZON)))


clocks = clocks_with_pauses()
readings = st.integers(-10, HORIZON + 10)


def counted(clock: Clock, now: int) -> tuple[int, int]:
    """Seconds run and seconds stood still, counted one by one."""
    until = now if clock.stopped_at is None else min(now, int((clock.stopped_at - START).total_seconds()))
    stood_still = sum(
        any(
            pause.started_at <= at(second) and (pause.ended_at is None or at(second) < pause.ended_at)
            for pause in clock.pauses
        )
        for second in range(until)
    )
    return max(until, 0) - stood_still, stood_still


@given(clocks, readings)
def test_used_and_paused_are_what_counting_second_by_second_finds(clock: Clock, now: int) -> None:
    used, paused = counted(clock, now)

    assert arithmetic.used(clock, at(now)) == length(used)
    assert arithmetic.paused(clock, at(now)) == length(paused)


@given(clocks, st.floats(-10, HORIZON + 10))
def test_the_ledger_adds_up(clock: Clock, now: float) -> None:
    wall = arithmetic.reading_time(clock, at(now)) - clock.started_at
    used, paused = arithmetic.used(clock, at(now)), arithmetic.paused(clock, at(now))

    assert used + paused == wall
    assert used + arithmetic.remaining(clock, at(now)) == clock.budget
    assert timedelta() <= paused <= wall


@given(clocks, readings, readings)
def test_used_grows_with_time_and_never_faster_than_it(clock: Clock, one: int, other: int) -> None:
    earlier, later = at(min(one, other)), at(max(one, other))

    growth = arithmetic.used(clock, later) - arithmetic.used(clock, earlier)

    assert timedelta() <= growth <= later - earlier


@given(clocks, readings, readings)
def test_the_deadline_never_moves_back(clock: Clock, one: int, other: int) -> None:
    assert arithmetic.deadline(clock, at(min(one, other))) <= arithmetic.deadline(clock, at(max(one, other)))


@given(clocks, readings)
def test_what_a_screen_shows_is_the_arithmetic(clock: Clock, now: int) -> None:
    used, paused = counted(clock, now)

    shown = arithmetic.reckon(clock, at(now))

    assert (shown.used_seconds, shown.paused_seconds) == (used, paused)
    assert shown.wall_seconds == used + paused
    assert shown.remaining_seconds == clock.budget_seconds - used
    assert shown.breached == (used >= clock.budget_seconds)
    assert Reckoning.model_validate_json(shown.model_dump_json()) == shown


@given(clocks)
def test_a_clock_survives_the_wire(clock: Clock) -> None:
    assert Clock.model_validate_json(clock.model_dump_json()) == clock


@given(st.permutations([(5, 30), (20, 40), (50, None)]), readings)
def test_pauses_count_the_same_in_whatever_order_they_were_written(
    stretches: list[tuple[int, int | None]], now: int
) -> None:
    in_order = clock_of((5, 30), (20, 40), (50, None))

    assert arithmetic.used(clock_of(*stretches), at(now)) == arithmetic.used(in_order, at(now))


def test_twenty_minutes_are_promised_and_a_first_clock_is_number_one() -> None:
    clock = Clock(started_at=START)

    assert (clock.budget, clock.number) == (timedelta(minutes=20), 1)


@pytest.mark.parametrize("facts", [{"number": 0}, {"budget_seconds": 0}])
def test_no_clock_comes_before_the_first_or_has_nothing_to_spend(facts: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        Clock.model_validate({"started_at": START} | facts)
    least = dict.fromkeys(facts, 1)
    assert Clock.model_validate({"started_at": START} | least)


def test_overlapping_pauses_count_once() -> None:
    clock = clock_of((10, 30), (20, 40), (25, 27))

    assert arithmetic.paused(clock, at(100)) == length(30)


def test_a_running_clock_is_due_when_its_budget_ends() -> None:
    assert arithmetic.reckon(clock_of((10, 20)), at(30)).due_at == at(70)


def test_a_paused_clock_is_due_nobody_knows_when() -> None:
    assert arithmetic.reckon(clock_of((10, None)), at(30)).due_at is None


def test_a_clock_that_stopped_in_a_pause_was_due_at_a_known_instant() -> None:
    assert arithmetic.reckon(clock_of((10, None), stopped=20), at(30)).due_at == at(70)


def test_the_budget_is_breached_at_its_last_microsecond_and_not_before() -> None:
    clock = clock_of((10, 20))

    assert not arithmetic.reckon(clock, at(70) - timedelta(microseconds=1)).breached
    assert arithmetic.reckon(clock, at(70)).breached


def test_a_stopped_clock_stands_still_for_good() -> None:
    clock = clock_of((10, 20), stopped=40)

    assert arithmetic.reckon(clock, at(1000)).used_seconds == 30


def test_time_before_the_start_and_reversed_pauses_count_for_nothing() -> None:
    assert arithmetic.used(clock_of((0, 5)), at(-5)) == timedelta()
    assert arithmetic.paused(clock_of((20, 10)), at(30)) == timedelta()


def test_a_pause_from_before_the_start_counts_since_the_start() -> None:
    assert arithmetic.paused(clock_of((-20, 10)), at(30)) == length(10)


def test_spans_that_touch_become_one() -> None:
    assert arithmetic.merged([Span(at(5), at(9)), Span(at(1), at(5))]) == [Span(at(1), at(9))]


def test_empty_and_reversed_spans_vanish() -> None:
    assert arithmetic.merged([Span(at(5), at(5)), Span(at(9), at(7))]) == []
