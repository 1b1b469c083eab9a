"""The one form of a vehicle record."""

from dataclasses import fields
from datetime import UTC, date, datetime

from bpa_service.vehicles.records.columns import COLUMNS, NAMES, Batch, ColumnType
from bpa_service.vehicles.records.record import Identifier, Record
from shared_schemas.records import Kind, Precision


def a_record(**changes: object) -> Record:
    stated: dict[str, object] = {
        "source": "s",
        "kind": Kind.ADVERT,
        "key": "7",
        "row_hash": bytes(16),
        "file": "f.csv",
        "row": 1,
        "as_of": datetime(2026, 1, 2, tzinfo=UTC),
    }
    return Record(**(stated | changes))  # pyright: ignore[reportArgumentType]  # by name, as a mapping does


def test_each_field_has_its_column() -> None:
    assert set(NAMES) == {field.name for field in fields(Record)}
    assert len(NAMES) == len(set(NAMES))


def test_a_column_is_nullable_where_the_field_may_be_none() -> None:
    may_be_none = {field.name for field in fields(Record) if "None" in str(field.type)}

    assert {column.name for column in COLUMNS if column.nullable} == may_be_none


def test_every_text_is_limited() -> None:
    texts = [column for column in COLUMNS if column.type in {ColumnType.TEXT, ColumnType.WORD}]

    assert texts
    assert all(column.most for column in texts)


def test_records_come_back_out_of_a_batch() -> None:
    records = [
        a_record(),
        a_record(
            row=2, began=date(2014, 12, 18), precision=Precision.DAY, codes=("a:1",), marks=("vin_masked",)
        ),
    ]

    assert list(Batch.of(records)) == records
    assert len(Batch.of(records)) == 2


def test_a_batch_of_nothing_has_all_columns() -> None:
    assert set(Batch.of([]).columns) == set(NAMES)
    assert len(Batch.of([])) == 0


def test_a_record_is_found_by_each_of_its_numbers_without_hyphens() -> None:
    record = a_record(
        frame="SV30-0169266", plate="A332AB177", plate_country="RU", vin_pattern="1C4RJFAG*KC******"
    )

    assert list(record.identifiers()) == [
        Identifier("frame", "SV300169266", ""),
        Identifier("plate", "A332AB177", "RU"),
    ]
