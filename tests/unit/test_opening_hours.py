from datetime import UTC, datetime, time, timedelta
from itertools import islice, pairwise
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpa_service.opening_hours import OpenHours
from shared_schemas.clock import Span

DAY = timedelta(days=1)
instants = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - `timezones` adds the zone
times = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))


def hours(text: str) -> OpenHours:
    parsed = OpenHours.parse(text)
    assert parsed is not None
    return parsed


# A zone without clock changes: there local time alone says whether it is open.
moscow = (
    st.lists(times, min_size=2, max_size=2, unique=True)
    .map("-".join)
    .map("{} Europe/Moscow".format)
    .map(hours)
)
berlin = st.just(hours("08:00-22:00 Europe/Berlin"))


def is_open(open_hours: OpenHours, instant: datetime) -> bool:
    local = instant.astimezone(open_hours.zone).time()
    if open_hours.opens < open_hours.closes:
        return open_hours.opens <= local < open_hours.closes
    return local >= open_hours.opens or local < open_hours.closes


@given(moscow, instants)
def test_closed_is_when_local_time_says_so(open_hours: OpenHours, instant: datetime) -> None:
    closing = next(open_hours.closings(instant))

    assert (closing.start <= instant) == (not is_open(open_hours, instant))


@given(moscow | berlin, instants)
def test_closings_come_in_order_and_apart(open_hours: OpenHours, instant: datetime) -> None:
    closings = list(islice(open_hours.closings(instant), 5))

    assert closings[0].end > instant
    assert all(closing.start < closing.end for closing in closings)
    assert all(one.end < other.start for one, other in pairwise(closings))


@given(moscow | berlin, instants)
def test_the_opening_is_now_or_the_end_of_the_closing(open_hours: OpenHours, instant: datetime) -> None:
    opening = open_hours.opening_after(instant)

    assert opening >= instant
    assert is_open(open_hours, opening)
    assert (opening == instant) == is_open(open_hours, instant)


@given(moscow | berlin, instants)
def test_between_changes_nothing_changes(open_hours: OpenHours, instant: datetime) -> None:
    change = open_hours.change_after(instant)

    assert change > instant
    assert is_open(open_hours, change - timedelta(microseconds=1)) == is_open(open_hours, instant)
    assert is_open(open_hours, change) != is_open(open_hours, instant)


def closing_around(text: str, instant: datetime) -> Span:
    return next(hours(text).closings(instant))


@pytest.mark.parametrize(
    ("midnight", "length"),
    [
        (datetime(2026, 3, 27, 23, tzinfo=UTC), 10),
        (datetime(2026, 3, 28, 23, tzinfo=UTC), 9),  # clocks go forward
        (datetime(2026, 10, 24, 22, tzinfo=UTC), 11),  # and back
    ],
)
def test_a_night_in_which_the_clocks_change_has_another_length(midnight: datetime, length: int) -> None:
    closing = closing_around("08:00-22:00 Europe/Berlin", midnight)

    assert closing.end - closing.start == timedelta(hours=length)


def test_hours_may_reach_past_midnight() -> None:
    closing = closing_around("22:00-06:00 Europe/Moscow", datetime(2026, 3, 2, 9, tzinfo=UTC))

    assert closing == Span(datetime(2026, 3, 2, 3, tzinfo=UTC), datetime(2026, 3, 2, 19, tzinfo=UTC))


@pytest.mark.parametrize("change", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
@pytest.mark.parametrize("text", ["02:15-02:45 Europe/Berlin", "03:10-02:50 Europe/Berlin"])
def test_hours_that_begin_or_end_within_the_change_stay_in_order(text: str, change: datetime) -> None:
    closings = list(islice(hours(text).closings(change - 2 * DAY), 5))

    assert all(closing.start < closing.end for closing in closings)
    assert all(one.end < other.start for one, other in pairwise(closings))


class CountedZone(ZoneInfo):
    """Counts how often it is asked for its distance from UTC."""

    asked: ClassVar[int] = 0

    def utcoffset(self, dt: datetime | None, /) -> timedelta | None:
        CountedZone.asked += 1
        return super().utcoffset(dt)


def test_the_hours_of_a_day_are_worked_out_once_whoever_asks() -> None:
    """Each row of a page of the queue does."""
    open_hours = OpenHours(time(8), time(22), CountedZone.no_cache("Europe/Moscow"))
    noon = datetime(2026, 3, 2, 9, tzinfo=UTC)

    assert open_hours.opening_after(noon) == noon
    asked = CountedZone.asked
    for minutes in range(50):
        open_hours.opening_after(noon + timedelta(minutes=minutes))

    assert CountedZone.asked == asked > 0


@pytest.mark.parametrize("text", ["", "  "])
def test_no_hours_means_always_open(text: str) -> None:
    assert OpenHours.parse(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "08:00-22:00",
        "8-22 Europe/Moscow",
        "08:00-24:00 Europe/Moscow",
        "08:00-08:00 Europe/Moscow",
        "08:00-22:00 Mars/Olympus",
        "08:00-22:00 ../../etc/passwd",
        "08:00-22:00 Europe",
    ],
)
def test_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        OpenHours.parse(text)
