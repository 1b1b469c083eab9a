"""The process that reads spreadsheets of strangers."""

import json
from pathlib import Path
from typing import Any, Final

from cabinet_service.bulk.sheets import table
from cabinet_service.bulk.sheets.delimited import read_delimited
from cabinet_service.bulk.sheets.table import Table
from cabinet_service.bulk.sheets.workbook import is_workbook, read_workbook
from service_kit.decoding import FileRefused, decode_questions

MEMORY_LIMIT: Final = 512 * 1024**2
IDLE_SECONDS: Final = 60.0
NICENESS: Final = 2
# Excel's format until 2003, and any workbook that asks for a password.
_OLD: Final = b"\xd0\xcf\x11\xe0"
_NO_TABLES: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"<")


def read(data: bytes, sheet: str | None) -> Table:
    """The table in a file, by what it is and not by what it is called. Raises FileRefused."""
    if is_workbook(data):
        return read_workbook(data, sheet)
    if data.startswith(_OLD):
        raise FileRefused(table.OLD_FORMAT)
    if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_NO_TABLES):
        raise FileRefused(table.NO_TABLE)
    return read_delimited(data)


def _work(question: dict[str, Any]) -> None:
    """Reads `file` and writes what it is into another: a line of the conversation has less room."""
    found = read(Path(question["file"]).read_bytes(), question["sheet"])
    Path(question["into"]).write_text(json.dumps(found.as_json()), encoding="utf-8")


if __name__ == "__main__":
    decode_questions(
        _work,
        undecodable=table.UNREADABLE,
        memory=MEMORY_LIMIT,
        idle_seconds=IDLE_SECONDS,
        niceness=NICENESS,
    )
