"""Files of every kind, whole, damaged or made to hurt: read or refused, and never an error."""

import gzip
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpa_service.vehicles.reading import limits
from bpa_service.vehicles.records.rejects import FileReason
from tests.support.vehicle_files import (
    HEADER,
    ROW,
    cars,
    csv_of,
    outcome_of,
    parquet_of,
    read,
    rows,
    spreadsheet_of,
    written,
    zipped,
)


def test_the_same_rows_in_every_kind_of_file_are_the_same_records(tmp_path: Path) -> None:
    some = rows(3)
    expected = [record.row_hash for record in read(tmp_path, csv_of(some)).records]
    others: dict[str, Callable[[], bytes]] = {
        "rows.ndjson": lambda: "\n".join(map(json.dumps, some)).encode(),
        "rows.json": lambda: json.dumps(some, indent=1).encode(),
        "rows.csv.gz": lambda: gzip.compress(csv_of(some).encode()),
        "rows.zip": lambda: zipped({"rows.csv": csv_of(some).encode()}),
        "rows.xlsx": lambda: spreadsheet_of(some),
        "within.zip": lambda: zipped({"rows.xlsx": spreadsheet_of(some)}),
        "rows.parquet": lambda: parquet_of(some),
    }

    found = {
        name: [one.row_hash for one in read(tmp_path, make(), name).records] for name, make in others.items()
    }

    assert len(expected) == 3
    assert found == dict.fromkeys(others, expected)


def test_an_array_of_json_that_is_cut_gives_what_came_before(tmp_path: Path) -> None:
    rows = [{"id": str(n), "vin": "XTA21144094700001", "km": 5} for n in range(3)]

    outcome = read(tmp_path, json.dumps(rows)[:-20], "rows.json")

    assert [record.key for record in outcome.records] == ["advert:0", "advert:1"]
    assert outcome.reasons == ["row_cut_off"]
    assert outcome.refused is not None
    assert outcome.refused.reason is FileReason.CUT_OFF


def test_lines_of_json_that_are_none(tmp_path: Path) -> None:
    good = json.dumps({"id": "1", "vin": "XTA21144094700001"})
    deep = "[" * 100_000
    lines = [
        good,
        '{"id": }',
        "[1]",
        '"text"',
        '{"id": NaN}',
        '{"id": ' + "1" * 5_000 + "}",
        deep,
        '{"a":' * 70 + "1" + "}" * 70,
    ]

    outcome = read(tmp_path, "\n".join(lines) + "\n", "rows.ndjson")

    assert len(outcome.records) == 1
    assert outcome.reasons == [
        "json_malformed", "not_an_object", "not_an_object", "json_malformed", "json_malformed", "json_too_deep",
        "json_too_deep",
    ]  # fmt: skip


def test_an_item_of_json_may_be_only_so_large(tmp_path: Path) -> None:
    content = (
        '[{"id": "1", "vin": "XTA21144094700001"}, {"id": "'
        + "x" * (limits.MOST_DOCUMENT_BYTES + limits.MIB)
        + '"}]'
    )

    outcome = read(tmp_path, content, "rows.json")

    assert outcome.refused is not None
    assert outcome.refused.reason is FileReason.MALFORMED
    assert len(outcome.records) == 1


@pytest.mark.parametrize("name", ["bomb.gz", "bomb.zip"])
def test_a_bomb_goes_off_nowhere(tmp_path: Path, name: str) -> None:
    blank = HEADER.encode() + b" " * (2 * limits.RATIO_COUNTS_FROM)
    packed = gzip.compress(blank) if name.endswith("gz") else zipped({"a.csv": blank})
    path = written(tmp_path, packed, name)
    del blank

    tracemalloc.start()
    outcome = outcome_of(path, cars())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert outcome.refused is not None
    assert outcome.refused.reason is FileReason.TOO_COMPRESSED
    assert most < limits.RATIO_COUNTS_FROM


def test_archives_that_are_refused(tmp_path: Path) -> None:
    packed = zipped({"a.csv": (HEADER + ROW).encode()})
    encrypted = bytearray(packed)
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    cases = {
        FileReason.NESTED: zipped({"b.zip": packed}),
        FileReason.TOO_MANY_FILES: zipped({f"{n}.csv": b"x" for n in range(limits.MOST_MEMBERS + 1)}),
        FileReason.ENCRYPTED: bytes(encrypted),
        FileReason.DAMAGED: packed[: len(packed) // 2],
        FileReason.CUT_OFF: gzip.compress((HEADER + ROW).encode() * 2)[:-12],
        FileReason.EMPTY: zipped({}),
    }

    found = {reason: read(tmp_path, content, f"{reason}.bin").refused for reason, content in cases.items()}

    assert {reason: refused and refused.reason for reason, refused in found.items()} == {
        one: one for one in cases
    }


@pytest.mark.parametrize(
    "content", [b"PAR1" + b"x" * 100 + b"PAR1", b"%PDF-1.7 x", b"\x89PNG\r\n", b"\xd0\xcf\x11\xe0\xa1"]
)
def test_what_is_no_data_is_refused(tmp_path: Path, content: bytes) -> None:
    assert read(tmp_path, content).refused is not None


def test_a_damaged_spreadsheet_is_refused(tmp_path: Path) -> None:
    book = zipped({"[Content_Types].xml": b"<x", "xl/workbook.xml": b"<x"})

    outcome = read(tmp_path, book, "rows.xlsx")

    assert outcome.refused is not None
    assert outcome.refused.reason is FileReason.DAMAGED


def test_a_spreadsheet_that_grows_out_of_entities_is_refused(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "x" * 100}">' for n in range(10))
    good = zipfile.ZipFile(io.BytesIO(good_file("xlsx")))
    members = {name: good.read(name) for name in good.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"].decode()
    assert "Our cars" in sheet
    members["xl/worksheets/sheet1.xml"] = (
        f"<!DOCTYPE worksheet [{entities}]>{sheet.replace('Our cars', '&a9;')}".encode()
    )

    outcome = read(tmp_path, zipped(members), "rows.xlsx")

    assert outcome.refused is not None
    assert outcome.refused.reason is FileReason.DAMAGED


@cache
def good_file(kind: str) -> bytes:
    some = rows(1)
    text = csv_of(some).encode()
    makers: dict[str, Callable[[], bytes]] = {
        "csv": lambda: text,
        "json": lambda: json.dumps(some).encode(),
        "zip": lambda: zipped({"a.csv": text}),
        "xlsx": lambda: spreadsheet_of(some),
        "parquet": lambda: parquet_of(some),
        "gz": lambda: gzip.compress(text),
    }
    return makers[kind]()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data(), kind=st.sampled_from(["csv", "json", "zip", "xlsx", "parquet", "gz"]))
def test_any_change_of_a_good_file_is_read_or_refused(tmp_path: Path, data: st.DataObject, kind: str) -> None:
    good = bytearray(good_file(kind))
    for _ in range(data.draw(st.integers(1, 4))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))

    read(tmp_path, bytes(good[: data.draw(st.integers(1, len(good)))]), f"file.{kind}")


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.one_of(st.binary(max_size=200), st.binary(max_size=200).map(lambda b: HEADER.encode() + b)))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    read(tmp_path, content)
