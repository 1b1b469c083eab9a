"""What the cells of a row say: read where it is certain, told where it is not, and never guessed."""

import csv
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cabinet_service.bulk import rows
from cabinet_service.bulk.cells import Mileage, Unreadable, Year, mileage_of, text_of, year_of
from cabinet_service.bulk.judging import judge
from cabinet_service.bulk.limits import MOST_CELL
from cabinet_service.bulk.rows import RowRead, read_row
from cabinet_service.bulk.schemas import BulkRowIn
from cabinet_service.bulk.states import BulkRowState
from service_kit.csv_files import as_text
from shared_schemas.identifiers import Reading, Severity, read_identifier
from tests.support.vehicle_files import REAL_FILES

VIN = "XTA210990Y2766389"
OTHER = "WVWZZZ1JZ3W386752"
THIS_YEAR = 2026


def row(**cells: Any) -> RowRead:
    return read_row(cells, this_year=THIS_YEAR)


def told(read: RowRead) -> list[tuple[str, str, str]]:
    return [(one.code, one.pointer, one.severity.value) for one in read.remarks]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2012", Year(2012)),
        ("2012.0", Year(2012)),
        ("2012 г.в.", Year(2012)),
        ("15.03.2012", Year(2012, from_date=True)),
        ("2012-03-15 00:00:00", Year(2012, from_date=True)),
        ("40983", Year(2012, from_days=True)),
    ],
)
def test_a_year_is_read_out_of_what_spreadsheets_make_of_it(text: str, year: Year) -> None:
    assert year_of(text, this_year=THIS_YEAR) == year


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12", "year_unreadable"),
        ("2012/2013", "year_unreadable"),
        ("2031", "year_out_of_range"),
        ("9", "year_unreadable"),
    ],
)
def test_a_year_is_not_guessed(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        year_of(text, this_year=THIS_YEAR)
    assert unreadable.value.code == code


@pytest.mark.parametrize(
    ("text", "kilometres"),
    [
        *(("120 000 км", 120_000), ("120.000", 120_000), ("120,000", 120_000), ("120000.0", 120_000)),
        *(
            ("120 тыс. км", 120_000),
            ("75тыс", 75_000),
            ("120,5 тыс. км", 120_500),
            ("75 k", 75_000),
            ("0", 0),
        ),
        *(("120\N{NO-BREAK SPACE}000", 120_000), ("1'234'567", 1_234_567), ("12000km", 12_000)),
    ],
)
def test_a_mileage_is_read_as_people_write_it(text: str, kilometres: int) -> None:
    assert mileage_of(text) == Mileage(kilometres)


def test_miles_become_kilometres_and_that_is_told() -> None:
    read = row(identifier=VIN, mileage="72,000 mi")
    assert read.claim.mileage_km == 115_873
    assert told(read) == [("mileage_from_miles", "/mileage", "info")]


@pytest.mark.parametrize("text", ["100-120", "~120000", "много", "12 345 678 км", "1.2.3"])
def test_a_mileage_is_not_guessed(text: str) -> None:
    with pytest.raises(Unreadable):
        mileage_of(text)


@given(st.text(max_size=40))
def test_no_text_brings_a_reader_down(text: str) -> None:
    read = row(
        **dict.fromkeys(("identifier", "plate", "make", "year", "mileage", "advert_url", "worry"), text)
    )
    assert read.ok == (read.key is not None)
    assert read.ok or any(one.severity is Severity.ERROR for one in read.remarks)


@given(st.one_of(st.none(), st.integers(), st.floats(allow_nan=False), st.text(max_size=30)))
def test_what_was_marked_as_a_text_is_that_text(cell: Any) -> None:
    """A file of results, sent again, says what it said."""
    text = text_of(cell)
    assert text_of(as_text(text)) == text


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (f"{VIN} / {OTHER}", "row_two_numbers"),
        (f"{VIN}\n{OTHER}", "row_two_numbers"),
        ("=A1&B1", "cell_formula"),
        ("#N/A", "cell_error"),
        ("#ССЫЛКА!", "cell_error"),
        ("1,23457E+16", "cell_rounded"),
        ("", "row_without_number"),
        (None, "row_without_number"),
        (VIN[:-1], "vin_too_short"),
        ("x" * 9_000, "identifier_too_long"),
    ],
)
def test_a_row_whose_number_cannot_be_taken_says_why(cell: str | None, code: str) -> None:
    read = row(identifier=cell, make="Lada")
    assert not read.ok
    assert read.key is None
    assert (code, "/identifier", "error") in told(read)


def test_two_numbers_in_a_cell_are_both_named() -> None:
    [remark] = row(identifier=f"{VIN}; {OTHER}").remarks
    assert remark.params == {"numbers": f"{VIN}, {OTHER}"}


@pytest.mark.parametrize(
    "cell", [f"{VIN} {VIN}", f"VIN: {VIN}", f"'{VIN}", VIN.lower(), VIN.replace("A", "А")]
)
def test_one_number_is_read_whatever_stands_around_it(cell: str) -> None:
    assert row(identifier=cell).key == VIN


def test_a_plate_names_the_car_where_there_is_no_other_number() -> None:
    for cells in (
        {"identifier": "б/н", "plate": "а123вс77"},
        {"plate": "А123ВС77"},
        {"identifier": "А123ВС77"},
    ):
        read = row(**cells)
        assert (read.key, read.ok) == ("A123BC77", True)
        assert read.claim.plate is not None
        assert read.claim.identifier is None


def test_what_cannot_be_read_beside_the_number_is_left_out_and_told() -> None:
    read = row(
        identifier=VIN,
        plate="?!?",
        make="Лада",
        model="x" * 300,
        year="давно",
        mileage="—",
        advert_url="http://",
    )
    assert read.ok
    assert (read.claim.make, read.claim.model, read.claim.year, read.claim.plate) == (
        "Лада",
        None,
        None,
        None,
    )
    assert {(code, pointer) for code, pointer, _ in told(read)} == {
        ("plate_unreadable", "/plate"),
        ("cell_too_long", "/model"),
        ("year_unreadable", "/year"),
        ("value_unreadable", "/advert_url"),
    }


def test_a_number_stands_so_on_the_car_if_a_person_says_so() -> None:
    assert not row(identifier="XTA21O990Y2766389").ok
    read = read_row({"identifier": "XTA21O990Y2766389"}, as_seen=True, this_year=THIS_YEAR)
    assert read.ok
    assert read.claim.as_seen is True


def test_a_long_text_is_not_read_for_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counting(typed: str, *more: Any, **named: Any) -> Reading:
        asked.append(typed)
        return read_identifier(typed, *more, **named)

    monkeypatch.setattr(rows, "read_identifier", counting)
    several = row(identifier=" ".join((VIN, OTHER, "слово " * 20_000, "XTA21099" * 3, "123456 " * 20_000)))
    assert told(several) == [("row_two_numbers", "/identifier", "error")]
    assert several.remarks[0].params == {"numbers": f"{VIN}, {OTHER}"}
    assert len(asked) < 50


@pytest.mark.parametrize("text", ["1" * 5_000, "1" * 5_000 + ",00"])
def test_digits_without_end_are_no_year_and_no_mileage(text: str) -> None:
    read = row(identifier=VIN, year=text, mileage=text)
    assert read.ok
    assert [code for code, *_ in told(read)] == ["year_unreadable", "mileage_out_of_range"]


@pytest.mark.parametrize("cell", [float("inf"), float("nan"), "x" * (MOST_CELL + 1)])
def test_what_no_sheet_holds_is_no_cell(cell: object) -> None:
    with pytest.raises(ValidationError) as refused:
        BulkRowIn(worry=cell)  # pyright: ignore[reportArgumentType]  # on purpose
    assert {one["loc"][0] for one in refused.value.errors()} == {"worry"}


def test_of_one_car_the_first_row_counts() -> None:
    given_rows = [
        BulkRowIn(row=5, identifier=VIN),
        BulkRowIn(row=6, identifier=OTHER),
        BulkRowIn(row=9, identifier=f"vin {VIN.lower()}"),
    ]
    first, second, third = judge(given_rows, this_year=THIS_YEAR)
    assert (first.ok, second.ok, third.ok) == (True, True, False)
    assert [(one.code, one.params) for one in third.read.remarks if one.code == "row_duplicate"] == [
        ("row_duplicate", {"row": 5})
    ]
    would = [one.would({VIN: object()}) for one in (first, second, third)]
    assert would == [
        BulkRowState.EXISTING,
        BulkRowState.MADE,
        BulkRowState.REFUSED,
    ]


@pytest.mark.skipif(not REAL_FILES.is_dir(), reason="real data is not here")
def test_what_people_really_typed_is_read_as_a_good_reader_does() -> None:
    with (REAL_FILES / "vin" / "odd_inputs.csv").open(encoding="utf-8") as file:
        typed = list(csv.DictReader(file))
    with (REAL_FILES / "vin" / "vin_truth.csv").open(encoding="utf-8") as file:
        true = list(csv.DictReader(file))
    plain = [
        one for one in typed if one["class"] in {"mixed case", "prefix", "Russian prefix", "Cyrillic Х Т М"}
    ]
    assert plain
    for one in plain:
        assert row(identifier=one["raw"]).key == one["expected_identifier"], one["raw"]
    read = sum(row(identifier=one["vin_or_frame"]).key is not None for one in true)
    assert read >= 0.98 * len(true)
