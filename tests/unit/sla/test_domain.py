"""The rules of the clock, one by one."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpa_service.opening_hours import OpenHours
from bpa_service.sla import domain
from bpa_service.sla.domain import Entry, EntryKind, Ledger
from shared_schemas.clock import PauseCause

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BUDGET = timedelta(minutes=20)
TICK = timedelta(microseconds=1)
CLIENT = PauseCause.CLIENT_INFO


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def ref(index: int) -> UUID:
    return uuid5(UUID(int=0), str(index))


def started(minute: float = 0) -> Ledger:
    return Ledger.of(1, [domain.start(BUDGET, at=at(minute), now=at(minute))])


def paused(
    ledger: Ledger, minute: float, *, task: int = 1, now: float | None = None, cause: PauseCause = CLIENT
) -> Ledger:
    known_at = at(minute if now is None else now)
    return ledger.plus(*domain.pause(ledger, cause=cause, ref=ref(task), at=at(minute), now=known_at))


def resumed(ledger: Ledger, minute: float, *, task: int = 1, now: float | None = None) -> Ledger:
    known_at = at(minute if now is None else now)
    return ledger.plus(*domain.resume(ledger, ref=ref(task), at=at(minute), now=known_at))


def stopped(ledger: Ledger, minute: float) -> Ledger:
    return ledger.plus(*domain.stop(ledger, at=at(minute), now=at(minute)))


def ticked(ledger: Ledger, minute: float) -> Ledger:
    return ledger.plus(*domain.due_thresholds(ledger, at(minute)))


def test_a_clock_starts_when_it_was_submitted_even_if_that_was_a_while_ago() -> None:
    assert domain.start(BUDGET, at=at(-3), now=at(0)).at == at(-3)


def test_a_clock_never_starts_in_the_future() -> None:
    assert domain.start(BUDGET, at=at(3), now=at(0)).at == at(0)


def test_a_ledger_begins_with_a_start_and_has_no_second() -> None:
    start = domain.start(BUDGET, at=START, now=START)
    with pytest.raises(ValueError, match="begins"):
        Ledger.of(1, [Entry(EntryKind.STOPPED, START)])
    with pytest.raises(ValueError, match="begins"):
        Ledger.of(1, [Entry(EntryKind.STOPPED, START, budget_seconds=60)])
    with pytest.raises(ValueError, match="begins"):
        Ledger.of(1, [Entry(EntryKind.STARTED, START)])
    with pytest.raises(ValueError, match="once"):
        Ledger.of(1, [start, start])


def test_a_clock_has_the_number_and_the_budget_that_it_was_given() -> None:
    clock = Ledger.of(2, [domain.start(timedelta(minutes=3), at=START, now=START)]).clock

    assert (clock.number, clock.started_at, clock.budget) == (2, START, timedelta(minutes=3))


def test_a_pause_and_its_end_name_their_cause_and_what_was_waited_for() -> None:
    ledger = resumed(paused(started(), 2, task=7, cause=PauseCause.PLATFORM_INCIDENT), 4, task=7)

    assert [(entry.cause, entry.ref) for entry in ledger.entries[1:]] == 2 * [
        (PauseCause.PLATFORM_INCIDENT, ref(7))
    ]
    assert [(pause.cause, pause.ref) for pause in ledger.clock.pauses] == [
        (PauseCause.PLATFORM_INCIDENT, ref(7))
    ]


def test_the_breach_is_written_when_the_budget_is_gone() -> None:
    assert domain.BREACH not in ticked(started(), 19.9).reached
    assert ticked(started(), 20).reached[domain.BREACH] == at(20)


def test_a_pause_counts_since_the_client_was_told_and_not_since_we_heard_of_it() -> None:
    assert paused(started(), 2, now=5).clock.pauses[0].started_at == at(2)


def test_a_pause_never_reaches_back_beyond_what_was_written_last() -> None:
    ledger = resumed(paused(started(), 2), 6)

    assert paused(ledger, 4, task=2, now=7).clock.pauses[1].started_at == at(6)


def test_what_was_written_last_need_not_be_what_happened_last() -> None:
    ledger = paused(paused(started(), 2), 6, task=2, cause=PauseCause.PLATFORM_INCIDENT)
    ledger = resumed(ledger, 4, now=8)

    assert ledger.entries[-1].at == at(4)
    assert ledger.last_at == at(6)
    assert paused(ledger, 5, task=3, now=8).clock.pauses[-1].started_at == at(6)
    assert domain.stop(ledger, at=at(5), now=at(8))[-1].at == at(6)


def test_a_pause_never_reaches_into_the_future() -> None:
    assert paused(started(), 9, now=5).clock.pauses[0].started_at == at(5)


def test_a_pause_does_not_undo_a_breach() -> None:
    ledger = paused(ticked(started(), 20), 19, now=21)

    assert ledger.clock.pauses[0].started_at == at(20)
    assert ticked(ledger, 60).reached == {50: at(10), 75: at(15), 90: at(18), 100: at(20)}


def test_a_breach_that_nobody_wrote_is_undone_by_a_pause_that_came_before_it() -> None:
    ledger = paused(started(), 19, now=21)

    assert 100 not in ticked(ledger, 60).reached


def test_one_task_pauses_a_clock_once() -> None:
    ledger = resumed(paused(started(), 2), 4)

    assert domain.pause(ledger, cause=CLIENT, ref=ref(1), at=at(6), now=at(6)) == []


def test_a_pause_that_has_ended_keeps_its_end() -> None:
    ledger = resumed(paused(started(), 2), 4)

    assert resumed(ledger, 3, now=9) == ledger


def test_ending_a_pause_that_never_began_does_nothing() -> None:
    assert domain.resume(started(), ref=ref(7), at=at(1), now=at(1)) == []


def test_a_reply_from_before_the_pause_ends_it_where_it_began() -> None:
    pause = resumed(paused(started(), 5), 2, now=6).clock.pauses[0]

    assert pause.ended_at == pause.started_at == at(5)


def test_the_order_in_which_overlapping_pauses_end_does_not_matter() -> None:
    ledger = paused(paused(paused(started(), 1, task=1), 2, task=2), 3, task=3)
    ends = {1: 9, 2: 6, 3: 12}

    clocks: list[object] = []
    for order in permutations(ends):
        ended = ledger
        for task in order:
            ended = resumed(ended, ends[task], task=task, now=15)
        clocks.append(ended.clock)

    assert all(clock == clocks[0] for clock in clocks)


def test_a_stopped_clock_stays_as_it_is() -> None:
    ledger = stopped(started(), 5)

    assert paused(ledger, 6) == resumed(ledger, 6) == stopped(ledger, 6) == ticked(ledger, 60) == ledger


def test_a_stop_ends_open_pauses() -> None:
    ledger = stopped(paused(started(), 2), 5)

    assert ledger.clock.pauses[0].ended_at == ledger.clock.stopped_at == at(5)


def test_a_threshold_is_due_at_its_instant_and_not_a_microsecond_before() -> None:
    ledger = resumed(paused(started(), 2), 5)

    assert domain.due_thresholds(ledger, at(13) - TICK) == []
    assert domain.due_thresholds(ledger, at(13)) == [Entry(EntryKind.THRESHOLD, at(13), percent=50)]


def test_a_threshold_reached_as_a_pause_begins_is_reached_then() -> None:
    ledger = paused(started(), 10)

    assert ticked(ledger, 90).reached == {50: at(10)}
    assert ticked(resumed(ledger, 30), 90).reached[75] == at(35)


def test_an_overdrawn_clock_is_ordered_by_how_much_it_is_overdrawn() -> None:
    ledger = resumed(paused(ticked(started(), 20), 25), 35)

    assert domain.due_at(ledger.clock, None, at(40)) == at(30)
    assert domain.forecast(ledger.clock, BUDGET, None, at(40)) == at(20)


@given(st.integers(1, 10**6), st.sampled_from(domain.THRESHOLDS))
def test_a_share_of_whole_seconds_is_exact(seconds: int, percent: int) -> None:
    clock = Ledger.of(1, [domain.start(timedelta(seconds=seconds), at=START, now=START)]).clock

    assert domain.share(clock, percent) * 100 == clock.budget * percent


class TestHours:
    hours = OpenHours.parse("08:00-22:00 Europe/Moscow")
    closes = datetime(2026, 3, 2, 19, tzinfo=UTC)
    opens = datetime(2026, 3, 3, 5, tzinfo=UTC)

    def started(self, at: datetime) -> Ledger:
        ledger = Ledger.of(1, [domain.start(BUDGET, at=at, now=at)])
        return self.settled(ledger, at)

    def settled(self, ledger: Ledger, now: datetime) -> Ledger:
        return ledger.plus(*domain.due_hours(ledger, self.hours, now))

    def test_a_clock_started_at_night_waits_for_the_morning(self) -> None:
        night = self.closes + timedelta(hours=3)
        ledger = self.started(night)

        assert [pause.started_at for pause in ledger.clock.open_pauses] == [night]
        assert domain.next_tick_at(ledger, self.hours, night) == self.opens
        assert domain.due_at(ledger.clock, self.hours, night) == self.opens + BUDGET

    def test_a_night_is_written_once_however_often_somebody_looks(self) -> None:
        ledger = self.started(self.closes - BUDGET / 2)
        for hour in range(15):
            ledger = self.settled(ledger, self.closes + timedelta(hours=hour))

        assert [(pause.started_at, pause.ended_at) for pause in ledger.clock.pauses] == [
            (self.closes, self.opens)
        ]

    def test_a_threshold_reached_as_the_day_ends_is_reached_then(self) -> None:
        evening = self.closes - BUDGET / 2
        ledger = self.started(evening)

        assert domain.forecast(ledger.clock, BUDGET / 2, self.hours, evening) == self.closes
        assert domain.due_at(ledger.clock, self.hours, evening) == self.opens + BUDGET / 2

    def test_at_the_very_opening_the_clock_runs(self) -> None:
        ledger = self.started(self.closes - BUDGET / 2)

        assert self.settled(ledger, self.opens - TICK).clock.open_pauses
        assert not self.settled(ledger, self.opens).clock.open_pauses

    def test_a_client_who_replies_at_night_starts_the_clock_in_the_morning(self) -> None:
        evening = self.closes - timedelta(minutes=5)
        ledger = self.started(evening)
        asked = domain.pause(ledger, cause=CLIENT, ref=ref(1), at=evening, now=evening)
        ledger = self.settled(ledger.plus(*asked), self.closes + timedelta(hours=1))
        night = self.closes + timedelta(hours=2)
        ledger = ledger.plus(*domain.resume(ledger, ref=ref(1), at=night, now=night))

        assert domain.due_at(ledger.clock, self.hours, night) == self.opens + BUDGET

    def test_hours_that_are_switched_off_at_night_open_at_once(self) -> None:
        night = self.closes + timedelta(hours=3)
        ledger = self.started(night)
        later = night + timedelta(minutes=1)

        assert domain.due_hours(ledger, None, later)[0].at == later

    def test_hours_that_are_switched_on_do_not_rewrite_what_was_written(self) -> None:
        evening = self.closes - timedelta(hours=1)
        ledger = Ledger.of(1, [domain.start(BUDGET, at=evening, now=evening)])
        ledger = ledger.plus(*domain.due_thresholds(ledger, self.closes))
        noon = self.opens + timedelta(hours=4)

        assert self.settled(ledger, noon).reached == ledger.reached
        assert domain.forecast(self.settled(ledger, noon).clock, BUDGET, self.hours, noon) == evening + BUDGET

    def test_at_the_very_closing_the_clock_stands_still(self) -> None:
        ledger = self.started(self.closes - BUDGET / 2)

        assert not self.settled(ledger, self.closes - TICK).clock.open_pauses
        assert self.settled(ledger, self.closes).clock.open_pauses

    def test_more_than_a_day_of_work_is_due_after_as_many_nights(self) -> None:
        morning = self.opens - timedelta(days=1)
        clock = Ledger.of(1, [domain.start(timedelta(hours=33), at=morning, now=morning)]).clock

        assert domain.due_at(clock, self.hours, morning) == morning + timedelta(days=2, hours=5)
        assert domain.forecast(clock, timedelta(hours=33), self.hours, morning) == morning + timedelta(
            days=2, hours=5
        )

    def test_at_night_an_overdrawn_clock_was_due_so_long_before_the_opening(self) -> None:
        ledger = self.started(self.closes - timedelta(minutes=30))
        night = self.closes + timedelta(hours=3)
        ledger = self.settled(ledger, night)

        assert domain.due_at(ledger.clock, self.hours, night) == self.opens - timedelta(minutes=10)

    def test_the_budget_that_ends_with_the_day_was_due_then(self) -> None:
        ledger = self.settled(self.started(self.closes - BUDGET), self.closes)

        assert domain.due_at(ledger.clock, self.hours, self.closes) == self.opens
        assert domain.forecast(ledger.clock, BUDGET, self.hours, self.closes) == self.closes

    def test_who_is_awaited_over_night_is_late_in_the_morning(self) -> None:
        evening = self.closes - timedelta(minutes=1)
        clock = self.started(evening).clock

        reaction = domain.reaction(
            clock, since=evening, until=None, allowed=timedelta(minutes=2), now=evening, hours=self.hours
        )

        assert reaction == domain.Reaction(timedelta(), late=False, late_at=self.opens + timedelta(minutes=1))

    def test_a_clock_ahead_of_its_start_is_due_as_if_it_had_begun(self) -> None:
        """Another process may read it by a clock that is behind."""
        clock = self.started(self.closes - timedelta(minutes=10)).clock
        before = self.closes - timedelta(hours=1)

        assert domain.due_at(clock, self.hours, before) == self.opens + timedelta(minutes=10)
        assert domain.due_at(clock, None, before) == self.closes + timedelta(minutes=10)


class TestReaction:
    def reaction(
        self, ledger: Ledger, *, since: float, until: float | None, now: float, allowed: float = 2
    ) -> domain.Reaction:
        return domain.reaction(
            ledger.clock,
            since=at(since),
            until=None if until is None else at(until),
            allowed=timedelta(minutes=allowed),
            now=at(now),
        )

    def test_in_time(self) -> None:
        reaction = self.reaction(started(), since=0, until=1, now=9)

        assert reaction == domain.Reaction(timedelta(minutes=1), late=False, late_at=None)

    def test_late(self) -> None:
        reaction = self.reaction(started(), since=0, until=3, now=9)

        assert reaction == domain.Reaction(timedelta(minutes=3), late=True, late_at=at(2))

    def test_awaited(self) -> None:
        reaction = self.reaction(started(), since=4, until=None, now=5)

        assert reaction == domain.Reaction(timedelta(minutes=1), late=False, late_at=at(6))

    @pytest.mark.parametrize(("until", "late"), [(1.999, False), (2, True)])
    def test_late_is_who_took_all_that_was_allowed(self, until: float, late: bool) -> None:
        reaction = self.reaction(started(), since=0, until=until, now=9)

        assert (reaction.late, reaction.late_at) == (late, at(2) if late else None)

    def test_awaited_for_too_long(self) -> None:
        assert self.reaction(started(), since=0, until=None, now=5).late

    def test_time_in_which_the_clock_stands_still_does_not_count(self) -> None:
        ledger = resumed(paused(started(), 1, cause=PauseCause.PLATFORM_INCIDENT), 10)

        assert self.reaction(ledger, since=0, until=10.5, now=11).taken == timedelta(minutes=1.5)

    def test_nobody_knows_when_it_is_late_while_the_clock_waits(self) -> None:
        assert self.reaction(paused(started(), 1), since=0, until=None, now=5).late_at is None
