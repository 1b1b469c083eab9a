"""Mileages as sources write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpa_service.vehicles.mappings.converters.base import NOTHING, Context, Read
from bpa_service.vehicles.mappings.converters.mileages import Mileage, read_mileage


def read(cell: object, **told: object) -> Read:
    context = Context(None, "", "", date(2026, 11, 29), NOTHING)
    return Mileage.model_validate({"from": "km", "as": "mileage", **told}).converter("mileage", context)(cell)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("36788", 36788, ""),
        ("50000.0", 50000, ""),
        ("222 тыс. км", 222_000, "km"),
        ("335 тыс. км.", 335_000, "km"),
        ("10,5 тыс км", 10_500, "km"),
        ("180000 км", 180_000, "km"),
        ("179 919", 179_919, ""),
        ("179,919", 179_919, ""),
        ("1.234.567", 1_234_567, ""),
        ("62k miles", 62_000, "mi"),
        ("47125 mi", 47_125, "mi"),
        ("-5", -5, ""),
    ],
)
def test_what_is_written(text: str, value: float, unit: str) -> None:
    assert read_mileage(text) == (value, unit)


@pytest.mark.parametrize("text", ["без пробега", "TMU", "1 2 x 3", "км", "12 литров", "1..2.3,4"])
def test_what_is_no_mileage(text: str) -> None:
    assert read(text).values == (None, None, "", "unreadable")
    assert (note := read(text).note) is not None
    assert (note.marks, note.written) == (("mileage_unreadable",), text)


def test_miles_are_kept_and_compared_in_kilometres() -> None:
    assert read("36788", unit="mi").values == (59205, 36788, "mi", "unstated")
    assert read(("47125", "mi"), **{"from": ["v", "u"]}).values == (75840, 47125, "mi", "unstated")
    assert read(("100", "kilometres"), **{"from": ["v", "u"], "unit": "mi"}).values == (
        100,
        100,
        "km",
        "unstated",
    )


def test_the_source_says_how_good_it_is() -> None:
    brands = {
        "from": ["v", "brand"],
        "second": "quality",
        "qualities": {"A": "actual", "E": "exempt", "N": "not_actual"},
    }

    assert read(("50000", "A"), **brands).values == (50000, 50000, "km", "actual")
    assert read(("50000", "N"), **brands).values == (None, 50000, "km", "not_actual")
    assert read(("0.0", "E"), **brands).values == (None, 0, "km", "exempt")


@pytest.mark.parametrize(("text", "sentinel"), [("0", 0), ("1", 1), ("999999", 999999)])
def test_what_stands_for_nothing(text: str, sentinel: int) -> None:
    read_ = read(text, sentinels=[1, 999999])

    assert read_.values == (None, sentinel, "km", "sentinel")
    assert (note := read_.note) is not None
    assert note.marks == ("mileage_sentinel",)


def test_zero_may_mean_that_nobody_read_it() -> None:
    assert read("0", zero_is="not_read").values[3] == "not_read"


def test_an_odometer_that_is_not_there() -> None:
    told = {"from": ["v", "u", "q"], "qualities": {"NO_ODOMETER": "not_read"}}

    assert read((None, "mi", "NO_ODOMETER"), **told).values == (None, None, "", "not_read")


@pytest.mark.parametrize("text", ["-100", "9999999999", "6000000 км"])
def test_what_no_car_has_driven(text: str) -> None:
    assert read(text).values == (None, None, "", "unreadable")
    assert (note := read(text).note) is not None
    assert note.marks == ("mileage_implausible",)


def test_nothing_is_nothing() -> None:
    assert read(None).values == read("").values == (None, None, "", "")


WRITTEN = st.sampled_from(["{}", "{} км", "{} km", "{}.0", "{:,}", " {} "])


@given(value=st.integers(2, 999_998), how=WRITTEN)
def test_a_mileage_comes_back(value: int, how: str) -> None:
    assert read(how.format(value)).values == (value, value, "km", "unstated")


@given(thousands=st.integers(1, 900))
def test_thousands_come_back(thousands: int) -> None:
    assert read(f"{thousands} тыс. км").values[0] == thousands * 1000


@given(text=st.text(max_size=40), other=st.text(max_size=10))
def test_any_text_is_read_or_marked(text: str, other: str) -> None:
    read(text)
    read((text, other, other), **{"from": ["v", "u", "q"]})
