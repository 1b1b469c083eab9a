"""Mappings are data: what is wrong with one is said when it is loaded, and so is what a file's columns are."""

import json
from datetime import date
from pathlib import Path

import pytest

from bpa_service.vehicles.mappings import catalogue
from bpa_service.vehicles.records.attributes import ATTRIBUTES, AttributeType
from bpa_service.vehicles.records.rejects import FileReason
from shared_schemas.records import Kind
from tests.support.vehicle_files import CARS, HEADER, ROW, outcome_of, read, row, written


@pytest.mark.parametrize("name", catalogue.names())
def test_every_mapping_loads_under_its_name(name: str) -> None:
    assert catalogue.mapping(name).name == name


def test_there_is_no_mapping_of_a_source_that_nobody_wrote() -> None:
    with pytest.raises(KeyError):
        catalogue.mapping("../catalogue")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (CARS.replace("make = {", "colour_of_eyes = {"), "colour_of_eyes"),
        (CARS.replace('as = "year"', 'as = "yaer"'), "yaer"),
        (CARS.replace('as = "mileage"', 'as = "mileage", sentinel = [1]'), "sentinel"),
        (CARS.replace('kind = "advert"', 'kind = "ad"'), "kind"),
        (CARS + '\n[shape.attributes]\nshoe_size = "id"\n', "shoe_size"),
        (CARS + '\n[shape.constants]\nrow_hash = "x"\n', "row_hash"),
        (
            CARS.replace('text = "note"', 'outcome = { from = "note", as = "words", words = { x = "won" } }'),
            "outcome",
        ),
        ('name = "empty"\ntitle = "Empty"\nshape = []\n', "shape"),
        (CARS.replace('"cars"', '"Cars!"'), "name"),
        ("name = ", "Invalid value"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_said(wrong: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        catalogue.parsed(wrong)


def test_columns_in_another_order_give_the_same_rows(tmp_path: Path) -> None:
    usual = read(tmp_path, HEADER + ROW)
    turned = "\n".join(",".join(reversed(line.split(","))) for line in (HEADER + ROW).splitlines())

    other = read(tmp_path, turned)

    assert [one.row_hash for one in other.records] == [one.row_hash for one in usual.records]
    assert [fit.reordered for fit in (*usual.fits.values(), *other.fits.values())] == [False, True]


def test_a_column_that_no_mapping_knows_is_named_and_not_kept(tmp_path: Path) -> None:
    outcome = read(tmp_path, HEADER.replace("\n", ",owner\n") + ROW.replace("\n", ",Ivan Ivanov\n"))

    assert outcome.fits["file.csv"].extra == ("owner",)
    assert "Ivanov" not in repr(outcome.records)


def test_a_renamed_column_is_read_and_named(tmp_path: Path) -> None:
    outcome = read(tmp_path, HEADER.replace("km", "Kilometres") + ROW)

    assert outcome.records[0].mileage_km == 100_000
    assert outcome.fits["file.csv"].renamed == (("km", "Kilometres"),)


def test_a_column_of_newer_versions_may_be_missing(tmp_path: Path) -> None:
    outcome = read(tmp_path, HEADER.replace(",note", "") + ROW.replace(",fine", ""))

    assert outcome.fits["file.csv"].missing == ("note",)
    assert outcome.fits["file.csv"].version == "without notes"
    assert read(tmp_path, HEADER + ROW).fits["file.csv"].version == "with notes"


def test_a_missing_column_refuses_the_file_and_names_what_is_like_it(tmp_path: Path) -> None:
    outcome = read(tmp_path, HEADER.replace("vin", "vinn").replace("year", "built") + ROW)

    assert outcome.refused is not None
    assert outcome.refused.reason is FileReason.COLUMNS_MISSING
    assert outcome.refused.details == ("vin (vinn?)", "year")
    assert outcome.tally.rows == 0


def test_a_row_twice_in_a_portion_is_known(tmp_path: Path) -> None:
    outcome = read(tmp_path, HEADER + ROW + row(2) + ROW)

    assert (outcome.tally.rows, outcome.tally.records, outcome.tally.duplicates) == (3, 2, 1)


def test_a_row_that_changed_has_the_same_key_and_another_hash(tmp_path: Path) -> None:
    first = read(tmp_path, HEADER + ROW).records[0]
    second = read(tmp_path, HEADER + ROW.replace("100000", "100500")).records[0]

    assert first.key == second.key == "advert:1"
    assert first.row_hash != second.row_hash


def test_outer_spaces_change_no_row(tmp_path: Path) -> None:
    first = read(tmp_path, HEADER + ROW).records[0]

    assert read(tmp_path, HEADER + ROW.replace("LADA", " LADA  ")).records[0].row_hash == first.row_hash


def test_spaces_within_a_cell_are_the_same_whatever_is_missing_beside(tmp_path: Path) -> None:
    whole = read(
        tmp_path, HEADER.replace(",note", "") + ROW.replace(",fine", "").replace("LADA", "LADA  NIVA")
    )
    blank = read(tmp_path, HEADER + ROW.replace("fine", "").replace("LADA", "LADA  NIVA"))

    assert [one.row_hash for one in whole.records] == [one.row_hash for one in blank.records]


def test_a_row_about_no_vehicle_is_rejected(tmp_path: Path) -> None:
    outcome = read(
        tmp_path,
        HEADER + row(1).replace("XTA21144094700001", "") + row(2).replace("XTA21144094700001", "0" * 17),
    )

    assert outcome.reasons == ["identifier_missing", "identifier_placeholder"]
    assert [reject.row for reject in outcome.rejects] == [2, 3]


def test_what_is_required_is(tmp_path: Path) -> None:
    mapping = catalogue.parsed(CARS.replace('as = "date"', 'as = "date", required = true'))
    rows = row(1).replace("2022-03-04", "") + row(2).replace("2022-03-04", "soon") + row(3)

    outcome = outcome_of(written(tmp_path, HEADER + rows), mapping)

    assert outcome.reasons == ["required_missing", "required_unreadable"]
    assert {reject.column for reject in outcome.rejects} == {"began"}
    assert len(outcome.records) == 1


def test_a_record_says_whence_it_is(tmp_path: Path) -> None:
    record = read(tmp_path, HEADER + row(1) + row(2)).records[1]

    assert (record.source, record.kind, record.file, record.row, record.item) == (
        "cars",
        Kind.ADVERT,
        "file.csv",
        3,
        0,
    )
    assert (record.language, record.country) == ("en", "GB")


def test_what_was_written_otherwise_is_kept(tmp_path: Path) -> None:
    record = read(
        tmp_path, HEADER + ROW.replace("100000", "222 тыс. км").replace("2022-03-04", "04.03.2022")
    ).records[0]

    assert (record.mileage_km, record.began) == (222_000, date(2022, 3, 4))
    assert record.as_written == {"mileage": "222 тыс. км", "began": "04.03.2022"}


NESTED = """
name = "nested"
title = "Nested"
errors = [{ at = "error", none_of = [""] }]

[common]
vin = { from = "/car.vin", as = "vin" }

[[shape]]
kind = "description"
each = "car"

[shape.fields]
make = "make"

[[shape]]
kind = "inspection"
each = "tests[]"
key = ["id"]

[shape.fields]
began = { from = "day", as = "date" }
text = "faults[].text"

[[shape]]
kind = "mileage"
each = "tests[].readings[]"

[shape.fields]
began = { from = "../day", as = "date" }
mileage = { from = "km", as = "mileage" }
"""


def test_one_document_gives_records_of_several_kinds(tmp_path: Path) -> None:
    document = {
        "car": {"vin": "XTA21144094700001", "make": "LADA"},
        "tests": [
            {
                "id": 1,
                "day": "2020-01-02",
                "faults": [{"text": "rust"}, {"text": "tyres"}],
                "readings": [{"km": 5000}],
            },
            {"id": 2, "day": "2021-01-02", "faults": None, "readings": None},
            {"id": None, "day": None, "faults": [], "readings": [{"km": None}]},
        ],
    }

    outcome = outcome_of(written(tmp_path, json.dumps(document)), catalogue.parsed(NESTED))

    told = [(record.kind, str(record.began), record.mileage_km, record.text) for record in outcome.records]
    assert told == [
        ("description", "None", None, ""),
        ("inspection", "2020-01-02", None, "rust, tyres"),
        ("inspection", "2021-01-02", None, ""),
        ("mileage", "2020-01-02", 5000, ""),
    ]
    assert {record.vin for record in outcome.records} == {"XTA21144094700001"}
    assert sorted(record.item for record in outcome.records) == [1, 2, 3, 4]


@pytest.mark.parametrize("document", [{}, {"car": None, "tests": None}, {"tests": "none"}, {"car": []}])
def test_a_document_with_nothing_in_it_is_told(tmp_path: Path, document: object) -> None:
    outcome = outcome_of(written(tmp_path, json.dumps(document)), catalogue.parsed(NESTED))

    assert outcome.reasons == ["nothing_in_it"]


def test_a_document_that_is_an_error_is_told(tmp_path: Path) -> None:
    document = {"error": "unavailable", "car": {"vin": "XTA21144094700001", "make": "LADA"}}

    outcome = outcome_of(written(tmp_path, json.dumps(document)), catalogue.parsed(NESTED))

    assert outcome.reasons == ["source_error"]
    assert outcome.rejects[0].text == "error: unavailable"


def test_attributes_have_one_spelling_for_each_type(tmp_path: Path) -> None:
    mapping = catalogue.parsed(
        CARS + '\n[shape.attributes]\nengine_cc = "km"\nbuilt_on = "day"\nkeys = "note"\n'
    )
    rows = ROW.replace("100000", '"1,596.0"').replace("2022-03-04", "04.03.2022").replace("fine", "YES")

    record = outcome_of(written(tmp_path, HEADER + rows), mapping).records[0]

    assert record.attributes == {"engine_cc": "1596", "built_on": "2022-03-04", "keys": "true"}
    assert {ATTRIBUTES[name].type for name in record.attributes} == set(AttributeType) - {AttributeType.TEXT}
