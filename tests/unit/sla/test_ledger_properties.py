"""No sequence of legal acts brings the ledger out of balance."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bpa_service.opening_hours import OpenHours
from bpa_service.sla import domain
from bpa_service.sla.domain import BREACH, THRESHOLDS, Entry, EntryKind, Ledger
from shared_schemas import clock as arithmetic
from shared_schemas.clock import Clock, PauseCause

BUDGET = timedelta(minutes=20)
TICK = timedelta(microseconds=1)
REFS = [uuid5(UUID(int=0), str(index)) for index in range(6)]

refs = st.sampled_from(REFS)
causes = st.sampled_from([PauseCause.CLIENT_INFO, PauseCause.PLATFORM_INCIDENT])
# Round lengths make instants fall together, which is where mistakes hide.
lengths = st.one_of(
    st.sampled_from([timedelta(), TICK, timedelta(minutes=5), BUDGET / 2, BUDGET]),
    st.timedeltas(timedelta(), timedelta(minutes=7)),
    st.timedeltas(timedelta(), timedelta(hours=30)),
)
delays = st.sampled_from([timedelta(), timedelta(seconds=1)]) | st.timedeltas(
    -timedelta(minutes=10), timedelta(minutes=30)
)
all_hours = st.sampled_from(
    [None, None, *map(OpenHours.parse, ("08:00-22:00 Europe/Moscow", "22:00-08:00 Europe/Moscow"))]
)


class ClockMachine(RuleBasedStateMachine):
    """One clock. Messages come late, ahead of their time (another host's clock), twice, and about nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)  # half an hour before Moscow closes
        self.hours: OpenHours | None = None
        self.ledger: Ledger
        self.promised: datetime | None = None

    @initialize(hours=all_hours, delay=delays)
    def start(self, hours: OpenHours | None, delay: timedelta) -> None:
        self.hours = hours
        self.ledger = Ledger.of(1, [domain.start(BUDGET, at=self.now - delay, now=self.now)])
        self.settle()

    @rule(length=lengths)
    def time_passes(self, length: timedelta) -> None:
        self.now += length

    @rule()
    def tick_falls_due(self) -> None:
        self.settle()
        due = domain.next_tick_at(self.ledger, self.hours, self.now)
        if due is not None and due < self.now + timedelta(days=30):
            self.now = max(self.now, due)
            self.advance()

    @rule()
    def advance(self) -> None:
        self.settle()
        self.write(domain.due_thresholds(self.ledger, self.now))

    @rule(ref=refs, cause=causes, delay=delays)
    def pause(self, ref: UUID, cause: PauseCause, delay: timedelta) -> None:
        self.settle()
        self.write(domain.pause(self.ledger, cause=cause, ref=ref, at=self.now - delay, now=self.now))

    @rule(ref=refs, delay=delays)
    def resume(self, ref: UUID, delay: timedelta) -> None:
        self.settle()
        self.write(domain.resume(self.ledger, ref=ref, at=self.now - delay, now=self.now))

    @rule(delay=delays)
    @precondition(lambda self: self.now > datetime(2026, 3, 3, tzinfo=UTC))  # let there be something to stop
    def stop(self, delay: timedelta) -> None:
        self.settle()
        self.write(domain.stop(self.ledger, at=self.now - delay, now=self.now))

    def settle(self) -> None:
        self.write(domain.due_hours(self.ledger, self.hours, self.now))

    def write(self, entries: Sequence[Entry]) -> None:
        before, self.ledger = self.ledger, self.ledger.plus(*entries)
        for entry in entries:
            assert entry.at <= self.now, "nothing is written about the future"
        if before.clock.stopped_at is not None:
            assert entries == [], "a stopped clock is left alone"
        for instant in instants_of(before):
            assert arithmetic.used(self.ledger.clock, instant) >= arithmetic.used(before.clock, instant), (
                "no entry gives back time that was used"
            )

    @invariant()
    def it_adds_up(self) -> None:
        clock = self.ledger.clock
        for now in (self.now, *instants_of(self.ledger)):
            wall = arithmetic.reading_time(clock, now) - clock.started_at
            assert arithmetic.used(clock, now) + arithmetic.paused(clock, now) == wall
            assert arithmetic.used(clock, now) + arithmetic.remaining(clock, now) == BUDGET
            assert timedelta() <= arithmetic.paused(clock, now) <= wall

    @invariant()
    def used_grows_with_time(self) -> None:
        instants = sorted({*instants_of(self.ledger), self.now, self.now + BUDGET})
        used = [arithmetic.used(self.ledger.clock, instant) for instant in instants]
        assert used == sorted(used)

    @invariant()
    def what_was_reached_stays_reached(self) -> None:
        for percent, at in self.ledger.reached.items():
            assert arithmetic.used(self.ledger.clock, at) >= domain.share(self.ledger.clock, percent)
        if BREACH in self.ledger.reached:
            assert arithmetic.reckon(self.ledger.clock, self.now).breached

    @invariant()
    def the_promise_never_moves_back(self) -> None:
        self.settle()
        due_at = domain.due_at(self.ledger.clock, self.hours, self.now)
        if due_at is not None:
            assert self.promised is None or due_at >= self.promised
            self.promised = due_at

    @invariant()
    def only_a_stop_and_a_wait_leave_open_when_it_is_due(self) -> None:
        self.settle()
        clock = self.ledger.clock
        waits = any(pause.cause is not PauseCause.CLOSED_HOURS for pause in clock.open_pauses)
        unknown = clock.stopped_at is not None or waits
        due_at = domain.due_at(clock, self.hours, self.now)
        assert (due_at is None) == unknown
        for percent in THRESHOLDS:
            amount = domain.share(clock, percent)
            at = domain.forecast(clock, amount, self.hours, self.now)
            assert (at is None) == (unknown and arithmetic.used(clock, self.now) < amount)
        if due_at is not None and arithmetic.remaining(clock, self.now) > timedelta():
            assert due_at == domain.forecast(clock, BUDGET, self.hours, self.now)

    @invariant()
    def forecasts_are_exact(self) -> None:
        self.settle()
        for percent in THRESHOLDS:
            amount = domain.share(self.ledger.clock, percent)
            at = domain.forecast(self.ledger.clock, amount, self.hours, self.now)
            if at is not None:
                assert arithmetic.used(self.as_of(at), at) == amount
                assert arithmetic.used(self.as_of(at - TICK), at - TICK) == amount - TICK

    @invariant()
    def ticks_are_exact(self) -> None:
        self.settle()
        at = domain.next_tick_at(self.ledger, self.hours, self.now)
        if at is None:
            later = self.now + timedelta(days=365)
            assert self.written_by(later) == [], "time has something to write, and no tick was announced"
            return
        assert self.written_by(max(at, self.now)) != [], "a tick came for nothing"
        if at > self.now:
            assert self.written_by(at - TICK) == [], "a tick came late"

    @invariant()
    def pauses_end_after_they_began(self) -> None:
        for known in self.ledger.clock.pauses:
            assert known.ended_at is None or known.ended_at >= known.started_at

    @invariant()
    def every_line_is_written_once(self) -> None:
        lines = [(entry.kind, entry.ref, entry.percent) for entry in self.ledger.entries]
        assert len(lines) == len(set(lines))

    @invariant()
    def it_can_be_read_from_its_entries(self) -> None:
        assert Ledger.of(1, self.ledger.entries) == self.ledger

    @invariant()
    def a_stopped_clock_has_no_open_pause(self) -> None:
        assert self.ledger.clock.stopped_at is None or not self.ledger.clock.open_pauses

    def as_of(self, instant: datetime) -> Clock:
        """The clock if nothing happens until then but closing and opening."""
        return self.ledger.plus(*domain.due_hours(self.ledger, self.hours, instant)).clock

    def written_by(self, instant: datetime) -> list[EntryKind]:
        """What time alone writes until then."""
        hours = domain.due_hours(self.ledger, self.hours, instant)
        reached = domain.due_thresholds(self.ledger.plus(*hours), instant)
        return [entry.kind for entry in (*hours, *reached)]


def instants_of(ledger: Ledger) -> list[datetime]:
    """Every instant up to the last one that the ledger speaks of."""
    return [entry.at for entry in ledger.entries]


TestClock = ClockMachine.TestCase
TestClock.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
