"""Files of strangers, through the route that takes them to the end: nothing is lost, and nothing breaks."""

import gzip
import io
import zipfile
from typing import Final

import pytest

from bpa_service.vehicles.importing.working import Worker
from tests.service.vehicles.conftest import STOCK_HEADER, Colleague, car, stock
from tests.support.vehicle_files import zipped

GOOD: Final = stock(3).encode()


def bomb() -> bytes:
    """An archive of some hundred kilobytes that would be a hundred megabytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("stock.csv", STOCK_HEADER + " " * 100_000_000)
    return file.getvalue()


REFUSED: Final = {
    "blank": (b"  \r\n\t\n", "file_empty"),
    "html": (b"<!DOCTYPE html><html><body>Too many requests</body></html>", "html_instead_of_data"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "not_a_known_format"),
    "other columns": (b"a,b,c\n1,2,3\n", "columns_missing"),
    "an archive that is cut": (zipped({"stock.csv": GOOD * 50})[:-40], "archive_damaged"),
    "gzip that is cut": (gzip.compress(GOOD * 50)[:-20], "file_cut_off"),
    "an archive in an archive": (zipped({"a.zip": zipped({"stock.csv": GOOD})}), "archive_within_archive"),
    "a bomb": (bomb(), "archive_too_compressed"),
    "an archive without files": (zipped({}), "file_empty"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_file_that_is_none_ends_with_its_reason(admin: Colleague, worker: Worker, name: str) -> None:
    content, reason = REFUSED[name]
    sent = await admin.sent(content, name="stock.csv")
    await worker.work()
    seen = await admin.seen(sent["id"])
    assert (seen["state"], seen["reason"], seen["stored"]) == ("failed", reason, None)
    assert (await admin.source())["last"] is None


TAKEN: Final[dict[str, tuple[bytes, int, dict[str, int]]]] = {
    "a mark of the byte order": (b"\xef\xbb\xbf" + GOOD, 3, {}),
    "semicolons": (GOOD.replace(b",", b";"), 3, {}),
    "line ends of Windows": (GOOD.replace(b"\n", b"\r\n"), 3, {}),
    "columns in another order": (b"chassis,kms,year,model,make\nNZE141-0000001,1,2010,COROLLA,TOYOTA\n", 1, {}),
    "encodings mixed": (GOOD + "ТОЙОТА".encode("cp1251") + b",X,NZE141-0000009,2010,1\n", 4, {}),
    "NULs": (GOOD.replace(b"COROLLA", b"CORO\0LLA"), 3, {}),
    "SQL in a field": (GOOD + b"'; DROP TABLE vehicle_records; --,X,NZE141-0000009,2010,1\n", 4, {}),
    "formulas in a field": (GOOD + b'"=cmd|\'/c calc\'!A1",X,NZE141-0000009,2010,1\n', 4, {}),
    "an open quote": (GOOD.replace(b"\nTOYOTA", b'\n"TOYOTA,X\nTOYOTA', 1), 3, {"quote_unclosed": 1}),
    "a row that is cut": (GOOD + b"TOYOTA,COR", 3, {"row_cut_off": 1}),
    "ten megabytes in a line": (GOOD + b"x" * 10_000_000 + b"\n" + car(9).encode(), 4, {"line_too_long": 1}),
    "rows twice": (GOOD + GOOD.partition(b"\n")[2], 3, {}),
    "zipped": (zipped({"lists/stock.csv": GOOD}), 3, {}),
    "gzipped": (gzip.compress(GOOD), 3, {}),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
async def test_whatever_is_odd_about_a_file_its_rows_are_accounted_for(
    admin: Colleague, worker: Worker, name: str
) -> None:
    content, records, rejected = TAKEN[name]
    sent = await admin.sent(content, name="=cmd|' /C calc'!A0.csv")
    await worker.work()
    seen = await admin.seen(sent["id"])
    assert (seen["state"], seen["reason"]) == ("published", None)
    tally = seen["tally"]
    assert tally["rows"] == tally["records"] + tally["duplicates"] + sum(tally["rejected"].values())
    assert (tally["records"], tally["rejected"]) == (records, rejected)
    table = await admin.get(f"imports/{sent['id']}/rejects.csv")
    assert table.status_code == 200
    assert len(table.text.splitlines()) == 1 + sum(rejected.values())
