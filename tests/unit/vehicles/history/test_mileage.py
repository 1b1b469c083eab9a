"""Where the mileage falls: a rollback is found, and an honest car has none."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate, pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpa_service.vehicles.history.entries import entries_of
from bpa_service.vehicles.history.mileage import Mileages, mileages_of
from bpa_service.vehicles.mappings.converters.mileages import KM_OF_MILE
from bpa_service.vehicles.records.kinds import Mark
from bpa_service.vehicles.records.record import Record
from shared_schemas.records import FallKind, Kind, MileageQuality
from tests.factories.vehicle_records import record


def judged(*records: Record) -> Mileages:
    return mileages_of(entries_of(records))


def kinds(*records: Record) -> list[FallKind]:
    return [fall.kind for fall in judged(*records).falls]


def test_a_fall_between_two_tests_is_a_rollback_with_both_records_named() -> None:
    earlier, later = record(day="2021-01-15", km=201_532), record(day="2022-03-04", km=179_919)

    [fall] = judged(later, earlier).rollbacks

    assert (fall.higher, fall.lower, fall.km) == (earlier, later, 21_613)


def test_a_rollback_is_told_once_and_the_second_one_again() -> None:
    falls = judged(
        record(day="2018-01-01", km=180_111),
        record(day="2019-01-01", km=61_234),
        record(day="2020-01-01", km=70_345),
        record(day="2021-01-01", km=30_456),
    ).falls

    assert [(fall.kind, fall.lower.mileage_km) for fall in falls] == [
        (FallKind.ROLLBACK, 61_234),
        (FallKind.ROLLBACK, 30_456),
    ]


@pytest.mark.parametrize(
    "honest",
    [
        pytest.param(
            [("2020-05-01", 120_123), ("2020-05-01", 12_012), ("2021-05-01", 24_500)], id="corrected"
        ),
        pytest.param([("2020-05-01", 150_000), ("2020-09-01", 141_234)], id="rounded"),
        pytest.param([("2020", 90_123), ("2020-05-01", 85_456)], id="of some day of that year"),
        pytest.param([("2020-05", 90_123), ("2020-05-20", 85_456)], id="of some day of that month"),
        pytest.param([("2020-05-01", 90_123), ("2020-05-03", 90_001)], id="read by two people"),
    ],
)
def test_an_honest_fall_is_none(honest: Sequence[tuple[str, int]]) -> None:
    assert kinds(*(record(day=day, km=km) for day, km in honest)) == []


@pytest.mark.parametrize(
    "quality", [MileageQuality.NOT_ACTUAL, MileageQuality.EXEMPT, MileageQuality.SENTINEL]
)
def test_what_its_source_does_not_vouch_for_is_not_compared(quality: MileageQuality) -> None:
    doubted = record(day="2021-01-01", km=9_876, mileage_quality=quality)

    found = judged(record(day="2020-01-01", km=150_321), doubted)

    assert not found.falls
    assert found.not_compared == (doubted,)


@pytest.mark.parametrize(
    "undated",
    [
        pytest.param(record(Kind.ADVERT, km=9_876), id="no day"),
        pytest.param(record(day="2052-01-01", km=9_876, marks=(Mark.DATE_IN_FUTURE,)), id="in the future"),
    ],
)
def test_a_mileage_without_a_day_is_not_compared(undated: Record) -> None:
    found = judged(record(day="2020-01-01", km=150_321), undated)

    assert not found.falls
    assert found.not_compared == (undated,)


def test_a_figure_that_fits_in_miles_is_perhaps_in_miles() -> None:
    read = (
        record(Kind.AUCTION, "2019-01-01", mi=60_321, source="us_auctions"),
        record(day="2020-01-01", km=66_111),
        record(day="2021-01-01", km=71_222),  # higher than the one before, in either unit
    )

    assert kinds(*read) == [FallKind.PERHAPS_MILES]


def test_a_figure_that_was_called_miles_is_perhaps_in_kilometres() -> None:
    read = (
        record(day="2018-01-01", km=95_111),
        record(day="2019-01-01", mi=101_222),
        record(day="2020-01-01", km=109_333),
    )

    assert kinds(*read) == [FallKind.PERHAPS_KM]


def test_one_low_reading_between_two_that_fit_stands_alone() -> None:
    low = record(day="2020-01-01", km=14_312)

    [fall] = judged(record(day="2019-01-01", km=140_123), low, record(day="2021-01-01", km=152_456)).falls

    assert (fall.kind, fall.odd) == (FallKind.STANDS_ALONE, low)


def test_one_high_reading_that_nobody_could_have_driven_stands_alone() -> None:
    high = record(day="2020-01-01", km=910_123)

    [fall] = judged(record(day="2019-01-01", km=84_123), high, record(day="2021-01-01", km=95_456)).falls

    assert (fall.kind, fall.odd) == (FallKind.STANDS_ALONE, high)


def test_dates_that_disagree_leave_a_day_of_doubt() -> None:
    unsure = record(day="2020-05-02", km=90_123, marks=(Mark.DATES_DISAGREE,))

    assert kinds(unsure, record(day="2020-05-03", km=80_456)) == []


def test_what_a_source_itself_judges_is_told() -> None:
    judgement = record(Kind.DESCRIPTION, source="rdw", attributes={"mileage_judgement": "illogical"})

    assert judged(judgement).judged == (judgement,)


steps = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 60_000)), min_size=1, max_size=12)
roundings = st.sampled_from([1, 10, 100, 1000, 10_000])


@st.composite
def honest_cars(draw: st.DrawFn) -> list[Record]:
    """A car that only ever drives on, read in either unit, rounded, on a day, in a month or a year."""
    days, driven = zip(*draw(steps), strict=True)
    records: list[Record] = []
    for day, km in zip(accumulate(days), accumulate(driven), strict=True):
        unit = draw(st.sampled_from(["km", "mi"]))
        figure = km if unit == "km" else km / KM_OF_MILE
        step = draw(roundings)
        value = draw(st.sampled_from([int(figure // step) * step, round(figure / step) * step]))
        text = (date(2000, 1, 1) + timedelta(days=day)).isoformat()[: draw(st.sampled_from([4, 7, 10]))]
        if value:
            records.append(record(Kind.INSPECTION, text, **{unit: value}))
    return draw(st.permutations(records))


@given(honest_cars())
def test_a_car_that_only_drives_on_never_falls(records: list[Record]) -> None:
    assert not judged(*records).falls


figures = st.integers(1, 400_000).map(lambda km: km * 10 + 1)
dates = st.dates(date(2000, 1, 1), date(2026, 1, 1)).map(date.isoformat)


def read_on(day: str, km: int) -> Record:
    return record(day=day, km=km)


readings = st.lists(st.builds(read_on, dates, figures), max_size=12)


@given(readings)
def test_each_fall_is_one(records: list[Record]) -> None:
    for fall in judged(*records).falls:
        assert fall.km > 0
        assert str(fall.higher.began) < str(fall.lower.began)


@given(readings)
def test_without_a_fall_nothing_falls_by_more_than_the_slack_and_what_zeros_allow(
    records: list[Record],
) -> None:
    found = judged(*records)
    by_day: dict[str, list[int]] = {}
    for one in found.readings:
        by_day.setdefault(str(one.began), []).append(one.mileage_km or 0)
    highest = [min(of_day) for _, of_day in sorted(by_day.items())]
    lowest = [max(of_day) for _, of_day in sorted(by_day.items())]

    drops = [high - low for (high, _), (_, low) in pairwise(zip(highest, lowest, strict=True))]

    if not found.falls:
        assert all(drop <= 202 for drop in drops)


@given(readings, st.lists(st.sampled_from(range(5)), max_size=3), st.randoms())
def test_neither_order_nor_repetition_changes_what_is_told(
    records: list[Record], again: list[int], random: Random
) -> None:
    repeated = [*records, *(records[place] for place in again if place < len(records))]
    random.shuffle(repeated)

    assert judged(*repeated) == judged(*records)
