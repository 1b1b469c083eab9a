"""Spreadsheets over HTTP: read in a process that a hostile one may take with it, and nothing else."""

import httpx
import pytest

from cabinet_service.bulk.sheets.reader import SheetReader
from cabinet_service.bulk.sheets.table import HOSTILE
from service_kit.decoding import FileRefused
from service_kit.http.problems import TemporarilyUnavailable
from service_kit.scratch import nameless_file
from tests.factories.sheets import as_excel_saves, workbook
from tests.service.bulk.conftest import VINS, Person

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def sent(
    person: Person, data: bytes, *, kind: str = XLSX, path: str = "/bulk-sheets"
) -> httpx.Response:
    return await person.send("POST", path, content=data, headers={"Content-Type": kind})


async def test_a_workbook_is_shown_as_it_was_read(client: Person) -> None:
    rows = [["Лот", "VIN", "Год", "Цена"], ["7", VINS[0], 2012, 1.5], ["8", VINS[1], None, None]]
    answer = await sent(client, as_excel_saves(workbook(rows)))
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["sheet"], told["sheets"], told["notes"]) == ("Cars", ["Cars"], {})
    fields = [column["field"] for column in told["columns"]]
    assert fields == ["reference", "identifier", "year", None]
    assert told["rows"] == [
        {"row": 2, "cells": ["7", VINS[0], "2012", "1.5"]},
        {"row": 3, "cells": ["8", VINS[1]]},
    ]


@pytest.mark.parametrize("kind", ["text/plain", "text/csv; charset=windows-1251", "application/vnd.ms-excel"])
async def test_cells_that_were_pasted_or_saved_are_a_table_too(client: Person, kind: str) -> None:
    answer = await sent(client, f"Марка;VIN\r\nЛада;{VINS[0]}\r\n".encode("cp1251"), kind=kind)
    assert [column["name"] for column in answer.json()["columns"]] == ["Марка", "VIN"]


async def test_what_is_no_table_is_refused_by_a_name_and_in_words(client: Person, stranger: Person) -> None:
    answer = await sent(client, b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    assert (answer.status_code, answer.json()["code"]) == (422, "sheet_old_format")
    answer = await sent(client, "\n".join(["x"] * 3_000).encode(), kind="text/csv")
    assert (answer.status_code, answer.json()["code"]) == (422, "sheet_too_many_rows")
    assert answer.json()["params"] == {"most": 1000}
    assert (await sent(client, b"x", kind="image/png")).status_code == 415
    assert (await sent(client, b"x" * (8 * 1024 * 1024 + 1))).status_code == 413
    stranger.forget()
    assert (await sent(stranger, b"x")).status_code == 401


async def read_by(reader: SheetReader, data: bytes) -> int:
    with nameless_file() as path:
        path.write_bytes(data)
        return len((await reader.read(path)).rows)


async def test_a_reader_that_takes_too_long_is_ended_and_the_next_file_is_read() -> None:
    reader = SheetReader(seconds=0.01)  # less than it takes to start
    try:
        with pytest.raises(TemporarilyUnavailable):
            await read_by(reader, workbook([[VINS[0]]]))
    finally:
        await reader.close()
    patient = SheetReader()
    try:
        with pytest.raises(FileRefused) as refused:
            await read_by(patient, workbook([["x" * 30_000]] * 900))
        assert refused.value.code == HOSTILE
        assert await read_by(patient, workbook([[VINS[0]]])) == 1
    finally:
        await patient.close()
