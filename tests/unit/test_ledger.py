from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from shared_schemas import clock as clocks
from shared_schemas import ledger
from shared_schemas.clock import Clock, Pause, PauseCause
from shared_schemas.ledger import ClockLine

START = datetime(2025, 3, 1, 10, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def pause(start: float, end: float | None, cause: PauseCause = PauseCause.CLIENT_INFO) -> Pause:
    return Pause(ref=uuid4(), cause=cause, started_at=at(start), ended_at=None if end is None else at(end))


def lines(clock: Clock, now: datetime) -> list[ClockLine]:
    return ledger.lines(clock, now, asked={})


def read(clock: Clock, now: datetime) -> list[tuple[str, int]]:
    return [(line.cause or "ran", line.seconds) for line in lines(clock, now)]


def test_a_running_clock_without_pauses_is_one_open_line() -> None:
    (line,) = lines(Clock(started_at=START), at(5))
    assert (line.cause, line.started_at, line.ended_at, line.seconds) == (None, START, None, 300)


def test_a_pause_divides_the_time_and_names_its_task() -> None:
    asked = pause(3, 7)
    account = lines(Clock(started_at=START, pauses=(asked,), stopped_at=at(12)), at(60))
    assert [(line.cause, line.ref, line.seconds) for line in account] == [
        (None, None, 180),
        (PauseCause.CLIENT_INFO, asked.ref, 240),
        (None, None, 300),
    ]
    assert all(line.ended_at for line in account)


def test_an_open_pause_is_the_line_that_lasts() -> None:
    account = lines(Clock(started_at=START, pauses=(pause(2, None),)), at(9))
    assert [(line.seconds, line.ended_at is None) for line in account] == [(120, False), (420, True)]


def test_overlapping_pauses_count_for_the_one_that_began_first() -> None:
    clock = Clock(
        started_at=START,
        pauses=(pause(4, 8, PauseCause.PLATFORM_INCIDENT), pause(2, 6), pause(3, 5)),
        stopped_at=at(10),
    )
    assert read(clock, at(10)) == [
        ("ran", 120),
        ("client_info", 240),
        ("platform_incident", 120),
        ("ran", 120),
    ]


moments = st.floats(min_value=-5, max_value=90, allow_nan=False).map(lambda m: round(m, 4))


@st.composite
def random_clocks(draw: st.DrawFn) -> Clock:
    pauses: list[Pause] = []
    for number in range(draw(st.integers(0, 6))):
        start, end = draw(moments), draw(moments | st.none())
        pauses.append(
            Pause(
                ref=UUID(int=number),
                cause=draw(st.sampled_from(PauseCause)),
                started_at=at(start),
                ended_at=None if end is None else at(max(start, end)),
            )
        )
    stopped = draw(moments | st.none())
    return Clock(
        started_at=START, pauses=tuple(pauses), stopped_at=None if stopped is None else at(max(0, stopped))
    )


@given(clock=random_clocks(), now=moments.map(at))
def test_the_account_holds_every_second_exactly_once(clock: Clock, now: datetime) -> None:
    account = lines(clock, now)
    until = clocks.reading_time(clock, now)
    edges = [clock.started_at, *(line.ended_at or until for line in account)]
    assert [line.started_at for line in account] == edges[: len(account)]
    assert edges[-1] == until
    reckoning = clocks.reckon(clock, now)
    used, paused = ledger.total(account, "ran"), ledger.total(account, "paused")
    assert used + paused == int(reckoning.wall_seconds)
    # Whole seconds cannot tell fractions: each stretch may round by less than one.
    assert abs(used - reckoning.used_seconds) <= len(account)
    assert abs(paused - reckoning.paused_seconds) <= len(account)


def test_a_pause_says_what_the_client_was_asked_for() -> None:
    asked, other = pause(1, 2), pause(3, 4, PauseCause.PLATFORM_INCIDENT)
    clock = Clock(started_at=START, pauses=(asked, other), stopped_at=at(5))
    account = ledger.lines(clock, at(5), asked={asked.ref: "The door sticker, please."})
    assert [line.asked for line in account] == [None, "The door sticker, please.", None, None, None]
