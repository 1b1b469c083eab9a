"""Signs that two cars go by one number: what one car cannot be at one time, and nothing that honest cars are."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpa_service.cases.known.signs import (
    MOST_SIGNS,
    REPAINTED_WITHIN,
    OfCase,
    OfRecord,
    SignKind,
    Statement,
    signs_of,
)
from bpa_service.cases.naming.domain import AT_ONE_TIME

DAY: Final = date(2026, 3, 2)
CASES: Final = [OfCase(UUID(int=n), f"A-{n}") for n in range(3)]
RECORDS: Final = [OfRecord(source, "file.csv", 7, DAY) for source in ("rdw", "avtocod")]


def said(
    kind: SignKind, text: str, day: int = 0, *, by: OfCase | OfRecord = CASES[0], until: int | None = None
) -> Statement:
    since = DAY + timedelta(days=day)
    return Statement(
        ground=by,
        kind=kind,
        text=text,
        since=since,
        until=since if until is None else DAY + timedelta(days=until),
        km=int(text) if kind is SignKind.MILEAGE else 0,
    )


def told(*statements: Statement) -> list[tuple[SignKind, bool, str, str]]:
    return [(one.kind, one.changed, one.earlier.text, one.later.text) for one in signs_of(statements)]


def test_a_plate_differs_at_one_time_and_has_changed_later() -> None:
    month = AT_ONE_TIME.days
    for days, changed in ((0, False), (month, False), (month + 1, True), (3000, True)):
        pair = said(SignKind.PLATE, "A123BC77"), said(SignKind.PLATE, "B123BC77", days, by=CASES[1])
        assert told(*pair) == [(SignKind.PLATE, changed, "A123BC77", "B123BC77")]
    same = said(SignKind.PLATE, "A 123 BC 77"), said(SignKind.PLATE, "A123BC77", by=CASES[1])
    assert told(*same) == []


def test_of_a_year_nobody_knows_the_day() -> None:
    """So it is not at one time, though it may have been."""
    year = said(SignKind.PLATE, "A123BC77", by=RECORDS[0], until=364)
    assert told(year, said(SignKind.PLATE, "B123BC77", 10)) == [
        (SignKind.PLATE, True, "A123BC77", "B123BC77")
    ]


def test_plates_and_mileages_of_records_are_for_their_history_to_judge() -> None:
    records = [
        said(SignKind.PLATE, "A123BC77", by=RECORDS[0]),
        said(SignKind.PLATE, "B123BC77", by=RECORDS[1]),
        said(SignKind.MILEAGE, "90000", by=RECORDS[0]),
        said(SignKind.MILEAGE, "10000", 9, by=RECORDS[1]),
    ]
    assert told(*records) == []
    assert {one[0] for one in told(*records, said(SignKind.MILEAGE, "50000", 5))} == {SignKind.MILEAGE}


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        ("чёрный", "BLACK", False),
        ("silver", "серый металлик", False),  # one coat, two words
        ("белый", "чёрный", True),
        ("white", "rouge", True),
        ("red", "№ 4711", False),  # nobody knows what that is
    ],
)
def test_a_colour_in_other_words_is_no_other_colour(one: str, other: str, differs: bool) -> None:
    pair = said(SignKind.COLOUR, one, by=RECORDS[0]), said(SignKind.COLOUR, other, 1, by=RECORDS[1])
    assert bool(told(*pair)) == differs


def test_a_car_may_be_painted() -> None:
    for days, changed in ((REPAINTED_WITHIN.days, False), (REPAINTED_WITHIN.days + 1, True)):
        pair = (
            said(SignKind.COLOUR, "white", by=RECORDS[0]),
            said(SignKind.COLOUR, "black", days, by=RECORDS[0]),
        )
        assert told(*pair) == [(SignKind.COLOUR, changed, "white", "black")]


def test_a_car_is_in_two_places_only_on_one_day_and_by_one_source() -> None:
    tver = said(SignKind.PLACE, "Tver", by=RECORDS[0])
    assert told(tver, replace(tver, text="Sochi")) == [(SignKind.PLACE, False, "Sochi", "Tver")]
    assert told(tver, said(SignKind.PLACE, "Sochi", 1, by=RECORDS[0])) == []
    assert told(tver, said(SignKind.PLACE, "Sochi", by=RECORDS[1])) == []  # each names places in its own way
    assert told(tver, replace(tver, text="Tver, Lenin street")) == []
    assert told(tver, said(SignKind.PLACE, "Sochi", by=RECORDS[0], until=30)) == []  # some day of that month


@pytest.mark.parametrize(
    ("before", "after", "differs"),
    [
        ("120000", "119500", False),
        ("120000", "118000", False),
        ("120000", "90000", True),
        ("500", "0", False),
    ],
)
def test_a_mileage_that_fell_is_a_sign_and_one_that_was_rounded_is_none(
    before: str, after: str, differs: bool
) -> None:
    pair = said(SignKind.MILEAGE, before), said(SignKind.MILEAGE, after, 300, by=CASES[1])
    assert bool(told(*pair)) == differs
    assert told(*(replace(one, since=DAY, until=DAY) for one in pair)) == []  # nobody knows which was first


def test_of_a_mileage_that_fell_the_nearest_before_it_is_shown() -> None:
    many = [said(SignKind.MILEAGE, str(100_000 + day), day, by=RECORDS[0]) for day in range(0, 100, 10)]
    assert told(*many, said(SignKind.MILEAGE, "20000", 200)) == [(SignKind.MILEAGE, False, "100090", "20000")]


def test_of_many_plates_each_stands_beside_one_and_not_beside_all() -> None:
    plates = [f"{letter}123BC77" for letter in "ABCKM"]
    found = told(*(said(SignKind.PLATE, plate, day) for day, plate in enumerate(plates)))

    assert found == [(SignKind.PLATE, False, one, other) for one, other in pairwise(plates)]


texts = {
    SignKind.PLATE: ["A123BC77", "B123BC77", "C123BC77"],
    SignKind.COLOUR: ["white", "чёрный", "silver", "?"],
    SignKind.PLACE: ["Tver", "Sochi", "Tver region"],
    SignKind.MILEAGE: ["1000", "90000", "200000"],
}


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    kind = draw(st.sampled_from(SignKind))
    day = draw(st.integers(0, 400))
    return said(
        kind,
        draw(st.sampled_from(texts[kind])),
        day,
        by=draw(st.sampled_from([*CASES, *RECORDS])),
        until=day + draw(st.sampled_from([0, 0, 30])),
    )


@given(st.lists(statements(), max_size=12), st.randoms())
def test_whatever_is_said_each_sign_has_its_grounds_and_the_order_means_nothing(
    all_said: list[Statement], chance: Random
) -> None:
    found = signs_of(all_said)
    assert len(found) <= MOST_SIGNS
    assert [one.changed for one in found] == sorted(one.changed for one in found)
    for sign in found:
        assert {sign.earlier, sign.later} <= set(all_said)
        assert sign.earlier.kind is sign.later.kind is sign.kind
        assert sign.earlier.text != sign.later.text
        assert (sign.earlier.since, sign.earlier.until) <= (sign.later.since, sign.later.until)
    shuffled = [*all_said]
    chance.shuffle(shuffled)
    assert signs_of(shuffled) == signs_of([*all_said, *all_said]) == found


@given(st.lists(statements(), max_size=12))
def test_one_word_of_each_thing_is_no_sign(all_said: list[Statement]) -> None:
    assert signs_of(replace(one, text=texts[one.kind][0], km=1000) for one in all_said) == ()
