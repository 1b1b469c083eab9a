"""Which channel is next, when, and for how long."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_kit.notifying.rules import (
    LONGEST_RETRY,
    TOLD_ALONE,
    Choice,
    DeliveryState,
    Urgency,
    channels_for,
    due_at,
    next_channel,
    retry_in,
    summary,
)

MOSCOW = ZoneInfo("Europe/Moscow")
NIGHT = Choice(quiet_from=time(22), quiet_until=time(8))
NAMES = ["telegram", "push", "email", "phone"]
times = st.times().filter(lambda one: one.microsecond == 0)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - it gets one


def moscow(hour: int, minute: int = 0, day: int = 10) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=MOSCOW)


@given(
    st.lists(st.sampled_from(NAMES), unique=True),
    st.lists(st.sampled_from(NAMES)),
    st.sets(st.tuples(st.just("late"), st.sampled_from(NAMES))),
)
def test_everything_that_reaches_a_person_has_its_turn_once_unless_it_is_muted(
    reachable: list[str], order: list[str], muted: set[tuple[str, str]]
) -> None:
    choice = Choice(order=tuple(dict.fromkeys(order)), muted=frozenset(muted))
    found = channels_for("late", reachable, choice)
    assert sorted(found) == sorted(one for one in reachable if ("late", one) not in muted)
    chosen = [one for one in choice.order if one in found]
    assert found[: len(chosen)] == chosen
    rest = found[len(chosen) :]
    assert rest == [one for one in reachable if one in rest]
    assert sorted(channels_for("decision", reachable, choice)) == sorted(reachable)


def test_the_next_channel_is_the_first_that_was_not_tried() -> None:
    assert next_channel(["telegram", "push", "email"], {"telegram"}) == "push"
    assert next_channel(["telegram"], {"telegram"}) is None


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (moscow(21, 59), moscow(21, 59)),
        (moscow(22), moscow(8, day=11)),
        (moscow(23, 30), moscow(8, day=11)),
        (moscow(3), moscow(8)),
        (moscow(7, 59), moscow(8)),
        (moscow(8), moscow(8)),
    ],
)
def test_quiet_hours_go_over_midnight(at: datetime, told: datetime) -> None:
    assert due_at(at, Urgency(), NIGHT) == told
    assert due_at(at, Urgency(breaks_quiet=True), NIGHT) == at


def test_where_the_clock_is_put_forward_quiet_hours_end_by_the_wall() -> None:
    choice = Choice(quiet_from=time(22), quiet_until=time(8), time_zone="Europe/Berlin")
    at = datetime(2026, 3, 28, 23, 0, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    assert due_at(at, Urgency(), choice) == datetime(2026, 3, 29, 6, 0, tzinfo=UTC)


@given(instants, times, times, st.sampled_from(["Europe/Moscow", "Asia/Vladivostok", "America/New_York"]))
def test_nothing_comes_in_quiet_hours_nor_later_than_a_day(
    at: datetime, begin: time, end: time, zone: str
) -> None:
    choice = Choice(quiet_from=begin, quiet_until=end, time_zone=zone)
    told = due_at(at, Urgency(), choice)
    assert timedelta(0) <= told - at <= timedelta(hours=25)
    clock = told.astimezone(ZoneInfo(zone)).time()
    is_quiet = begin <= clock < end if begin < end else begin != end and (clock >= begin or clock < end)
    # An hour that the clock leaves out has no wall time of its own: what ends in it ends right after.
    assert (
        not is_quiet
        or told.astimezone(ZoneInfo(zone)).utcoffset() != at.astimezone(ZoneInfo(zone)).utcoffset()
    )


def test_a_chatty_kind_keeps_its_distance() -> None:
    chatty = Urgency(at_most_every=timedelta(minutes=1))
    now = moscow(12)
    assert due_at(now, chatty, Choice(), last_at=now - timedelta(seconds=20)) == now + timedelta(seconds=40)
    assert due_at(now, chatty, Choice(), last_at=now - timedelta(hours=1)) == now
    assert due_at(now, Urgency(), Choice(), last_at=now) == now


@given(st.integers(1, 60), st.one_of(st.none(), st.floats(0, 10_000)))
def test_one_waits_longer_each_time_and_never_less_than_was_asked_for(
    tries: int, asked_for: float | None
) -> None:
    wait = retry_in(tries, asked_for=asked_for)
    assert wait >= timedelta(seconds=asked_for or 0)
    assert retry_in(tries) <= retry_in(tries + 1) <= LONGEST_RETRY
    assert retry_in(1) == timedelta(seconds=5)


@pytest.mark.parametrize(
    ("states", "is_planned", "is_withdrawn", "said"),
    [
        ([], True, False, "pending"),
        ([], False, False, "failed"),
        ([DeliveryState.QUEUED], False, False, "pending"),
        ([DeliveryState.FAILED], False, False, "failed"),
        ([DeliveryState.FAILED], True, False, "pending"),
        ([DeliveryState.FAILED, DeliveryState.SENT], False, False, "sent"),
        ([DeliveryState.WITHDRAWN], False, True, "withdrawn"),
        ([DeliveryState.SENT], False, True, "sent"),
    ],
)
def test_of_all_channels_the_best_says_what_became_of_it(
    states: list[DeliveryState], is_planned: bool, is_withdrawn: bool, said: str
) -> None:
    assert summary(states, is_planned=is_planned, is_withdrawn=is_withdrawn) == said


GATHERED = Urgency(gathered_within=timedelta(minutes=1))


@given(instants, st.lists(st.integers(-90, 90), max_size=8))
def test_a_flood_is_told_together_and_nobody_waits_longer_than_for_that(
    now: datetime, seconds: list[int]
) -> None:
    others_at = [now + timedelta(seconds=one) for one in seconds]
    at = due_at(now, GATHERED, Choice(), others_at=others_at)
    assert now <= at <= now + timedelta(minutes=1)
    waiting = [one for one in seconds if 0 < one <= 60]
    just_now = [one for one in seconds if -60 < one <= 0]
    if waiting:
        assert at == now + timedelta(seconds=min(waiting)), "with those that wait already"
    elif len(just_now) < TOLD_ALONE:
        assert at == now
    else:
        assert at == now + timedelta(seconds=60 + min(just_now)), "when the first of them is a minute old"
    assert due_at(now, Urgency(), Choice(), others_at=others_at) == now


def test_quiet_hours_hold_for_what_is_gathered() -> None:
    others_at = [moscow(21, 59)] * TOLD_ALONE
    assert due_at(moscow(21, 59), GATHERED, NIGHT, others_at=others_at) == moscow(8, day=11)
