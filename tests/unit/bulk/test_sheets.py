"""Spreadsheets of any encoding and making are read as people see them, or refused by a name."""

import csv
import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cabinet_service.bulk.errors import problem_of
from cabinet_service.bulk.sheets import table as limits
from cabinet_service.bulk.sheets.columns import SheetField, recognise
from cabinet_service.bulk.sheets.sheet_process import read
from cabinet_service.bulk.sheets.table import Table
from service_kit.csv_files import as_text, csv_of
from service_kit.decoding import FileRefused
from tests.factories.sheets import (
    SHEET,
    STRINGS,
    archive_of,
    as_excel_saves,
    members,
    rewritten,
    with_results,
    workbook,
)

VIN = "XTA210990Y2766389"
OTHER = "WVWZZZ1JZ3W386752"
HEADER = ("VIN", "Госномер", "Марка", "Год выпуска")


def cells(data: bytes, sheet: str | None = None) -> list[list[str]]:
    return [list(row) for _, row in read(data, sheet).rows]


def refusal(data: bytes, sheet: str | None = None) -> str:
    with pytest.raises(FileRefused) as refused:
        read(data, sheet)
    return refused.value.code


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251", "koi8-r", "cp866"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_russian_list_is_read_in_every_encoding_that_people_have(encoding: str, delimiter: str) -> None:
    rows = [HEADER, (VIN, "А123ВС77", "Лада, седан; 2-й ряд", "2012"), (OTHER, "", "Фольксваген", "2003")]
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)
    data = file.getvalue().encode(encoding)
    assert cells(data) == [[str(cell) for cell in row] for row in rows]


def test_a_list_of_western_europe_is_none_of_russia() -> None:
    assert cells("vin;modèle\r\nVF1BMSE0629187543;Mégane\r\n".encode("cp1252"))[1][1] == "Mégane"


PRINTED = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).map(str.strip)


@given(st.lists(st.lists(PRINTED, min_size=2, max_size=4), min_size=1, max_size=8))
@example([["=cmd|' /C calc'!A0", "+1"], ["'=1", "-"], ["@SUM(1)", "'"]])
def test_what_is_written_for_spreadsheets_is_read_back_and_no_formula(rows: list[list[str]]) -> None:
    """Whatever stands in a cell, what is given out of it begins like no formula."""
    text = csv_of(rows, delimiter=";")
    written = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert [[cell.removeprefix("'") if as_text(raw) != raw else cell for cell, raw in zip(out, into, strict=True)]
            for out, into in zip(written, rows, strict=True)] == rows  # fmt: skip
    assert not [cell for row in written for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_refused_by_a_name(data: bytes) -> None:
    try:
        found = read(data, None)
    except FileRefused as refused:
        problem_of(refused)  # has words for it
    else:
        assert found.rows
        assert all(cells and cells[-1] for _, cells in found.rows)


def test_dates_numbers_and_texts_of_a_workbook_are_what_a_person_sees() -> None:
    at = datetime(2012, 3, 15, 10, 30)  # noqa: DTZ001 - a spreadsheet knows no zones
    data = workbook([
        (VIN, 2012, 120_000.0, 0.5, date(2012, 3, 15), at, True, None, "конец"),
    ])  # fmt: skip
    assert cells(data) == [
        [VIN, "2012", "120000", "0.5", "2012-03-15", "2012-03-15 10:30:00", "True", "", "конец"]
    ]


def test_texts_that_stand_once_for_many_cells_are_read() -> None:
    rows = [["VIN", "Марка"], [VIN, "Лада"], [OTHER, "Лада"]]
    assert cells(as_excel_saves(workbook(rows))) == rows


def test_a_formula_is_shown_by_its_last_result_and_never_worked_out() -> None:
    data = workbook([("VIN", "Год"), ('=CONCATENATE("XTA","1")', "=1+1"), ("=A1", "=2+2")])
    found = read(with_results(data, {"B2": "2012"}), None)
    assert [list(row) for _, row in found.rows[1:]] == [['=CONCATENATE("XTA","1")', "2012"], ["=A1", "=2+2"]]
    assert found.notes["formulas"] == 4


def test_a_number_that_has_lost_its_digits_is_shown_so() -> None:
    assert cells(workbook([("VIN",), (12345678901234567,)]))[1] == ["1.23457E+16"]


def test_merged_cells_say_what_the_first_of_them_says() -> None:
    data = workbook(
        [("Марка", "VIN"), ("Лада", VIN), (None, OTHER), ("Kia", "Z")],
        then=lambda sheet: sheet.merge_cells("A2:A3"),
    )
    found = read(data, None)
    assert [list(row) for _, row in found.rows[1:]] == [["Лада", VIN], ["Лада", OTHER], ["Kia", "Z"]]
    assert found.notes["merged_cells"] == 1


def test_blank_rows_are_left_out_and_the_others_keep_their_numbers() -> None:
    data = workbook([("VIN",), (), (VIN,), ("  ",), (OTHER,), (), ()])
    found = read(data, None)
    assert [number for number, _ in found.rows] == [1, 3, 5]
    assert found.notes["blank_rows"] == 2


def test_the_first_sheet_that_holds_something_or_the_one_that_is_named() -> None:
    import openpyxl

    book = openpyxl.Workbook()
    assert book.active is not None
    book.create_sheet("Скрытый").append(["secret"])
    book["Скрытый"].sheet_state = "hidden"
    book.create_sheet("Май").append([VIN])
    book.create_sheet("Июнь").append([OTHER])
    file = io.BytesIO()
    book.save(file)
    found = read(file.getvalue(), None)
    assert (found.sheet, found.sheets) == ("Май", ["Sheet", "Май", "Июнь"])
    assert cells(file.getvalue(), "Июнь") == [[OTHER]]
    assert refusal(file.getvalue(), "Скрытый") == limits.NO_SUCH_SHEET


def test_fifty_thousand_rows_are_refused_without_being_read() -> None:
    assert refusal("\n".join([VIN] * 50_000).encode()) == limits.TOO_MANY_ROWS
    one = b'<row><c t="inlineStr"><is><t>%s</t></is></c></row>' % VIN.encode()
    many = rewritten(
        workbook([(VIN,)]), SHEET, lambda xml: xml.replace(b"</sheetData>", one * 50_000 + b"</sheetData>")
    )
    assert refusal(many) == limits.TOO_MANY_ROWS


def test_so_many_rows_are_taken_below_a_title_and_names() -> None:
    found = read("\n".join(["Наши машины", "vin;год", *(f"{VIN};2012" for _ in range(1000))]).encode(), None)
    assert len(recognise(found).rows) == 1000


_ENTITIES = b"".join(
    b'<!ENTITY lol%d "%s">' % (n, (b"&lol%d;" % (n - 1) if n else b"lol") * 10) for n in range(10)
)
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [' + _ENTITIES + b"]>"


@pytest.mark.parametrize("member", [STRINGS, "xl/workbook.xml", "xl/styles.xml", SHEET])
@pytest.mark.parametrize("declares", [LAUGHS, b'<!DOCTYPE x [<!ENTITY lol9 SYSTEM "file:///etc/passwd">]>'])
def test_entities_are_refused_wherever_they_stand(member: str, declares: bytes) -> None:
    def laughing(xml: bytes) -> bytes:
        body = xml.partition(b"?>")[2] if xml.startswith(b"<?xml") else xml
        return declares + body.replace(b"VIN", b"&lol9;")

    assert (
        refusal(rewritten(as_excel_saves(workbook([("VIN",), (VIN,)])), member, laughing)) == limits.HOSTILE
    )


def test_a_bomb_of_an_archive_is_refused_by_what_it_says_of_itself() -> None:
    plain = workbook([("VIN",), (VIN,)])
    assert refusal(rewritten(plain, SHEET, lambda xml: xml + b" " * 30_000_000)) == limits.HOSTILE
    many = {f"x/{n}": b"" for n in range(limits.MOST_MEMBERS)}
    assert refusal(archive_of(members(plain) | many)) == limits.TOO_LARGE


def test_a_workbook_that_lies_about_its_size_is_damaged() -> None:
    plain = workbook([("VIN",), *((f"{n:05}",) for n in range(900))])
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        size = archive.getinfo(SHEET).file_size
    told = size.to_bytes(4, "little")
    assert refusal(plain.replace(told, (200).to_bytes(4, "little"))) == limits.UNREADABLE


def test_one_string_that_is_meant_a_thousand_times_is_too_much_text() -> None:
    assert refusal(workbook([("x" * 30_000,)] * 100)) == limits.TOO_LARGE


def test_too_many_columns_are_refused() -> None:
    assert refusal(workbook([tuple(range(150))])) == limits.TOO_MANY_COLUMNS


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", limits.EMPTY),
        (b" \r\n ; ; \r\n", limits.EMPTY),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, limits.OLD_FORMAT),
        (b"%PDF-1.7 ...", limits.NO_TABLE),
        (b"<html><table><tr><td>VIN</td></tr></table></html>", limits.NO_TABLE),
        (b"PK\x03\x04broken", limits.UNREADABLE),
        (b"\x00\x01\x02\x03\x04\x05\x06\x07" * 40, limits.NO_TABLE),
    ],
)
def test_what_is_no_table_is_named(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_an_archive_that_is_no_workbook() -> None:
    data = archive_of({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"})
    assert refusal(data) == limits.NO_TABLE


def recognised(*rows: tuple[Any, ...]) -> dict[str | None, SheetField | None]:
    found = recognise(Table([(n, tuple(map(str, row))) for n, row in enumerate(rows, 1)]))
    return {column.name: column.field for column in found.columns}


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("VIN", SheetField.IDENTIFIER),
        ("VIN-код", SheetField.IDENTIFIER),
        ("Номер кузова (VIN)", SheetField.IDENTIFIER),
        ("Гос. номер", SheetField.PLATE),
        ("Марка", SheetField.MAKE),
        ("Марка, модель", SheetField.MODEL),
        ("Год вып.", SheetField.YEAR),
        ("Пробег, км", SheetField.MILEAGE),
        ("Odometer (mi)", SheetField.MILEAGE),
        ("Ссылка на объявление", SheetField.ADVERT_URL),
        ("№ заявки", SheetField.REFERENCE),
        ("Цвет", None),
        ("Цена", None),
    ],
)
def test_columns_are_known_by_their_names(name: str, field: SheetField | None) -> None:
    assert recognised((name, "Комментарий"), ("-", "-"))[name] is field


def test_columns_without_names_are_known_by_what_is_in_them() -> None:
    found = recognise(Table([(1, ("1", VIN, "А123ВС77", "2012")), (2, ("2", OTHER, "В777ОР99", "2003"))]))
    assert [column.field for column in found.columns] == [None, SheetField.IDENTIFIER, SheetField.PLATE, None]
    assert len(found.rows) == 2


def test_titles_above_the_names_are_left_out() -> None:
    rows = (("Парк на май",), ("", "составил Иванов"), ("Лот", "VIN"), ("7", VIN))
    found = recognise(Table([(n, row) for n, row in enumerate(rows, 1)]))
    assert [number for number, _ in found.rows] == [4]
    assert [column.field for column in found.columns] == [SheetField.REFERENCE, SheetField.IDENTIFIER]
