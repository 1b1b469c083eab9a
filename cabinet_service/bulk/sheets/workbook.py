"""XLSX, row by row, as far as it is needed. Formulas are never worked out: their last results are shown."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from typing import IO, Any, Final
from xml.parsers import expat

import openpyxl
from openpyxl.utils.cell import coordinate_to_tuple

from cabinet_service.bulk.sheets import table
from cabinet_service.bulk.sheets.table import Table, filled
from service_kit.decoding import FileRefused

_MERGED: Final = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, EOFError)
_PROLOG: Final = 1024
_OVERLAP: Final = 200
_CHUNK: Final = 2**20
_MOST_MERGED: Final = 10_000
_MOST_WHOLE: Final = 10**15  # Excel keeps fifteen digits of a number, and makes zeros of the others


def is_workbook(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04")


def read_workbook(data: bytes, wanted: str | None) -> Table:
    """The sheet called `wanted`, or the first visible one that holds something. Raises FileRefused."""
    _check(data)
    try:
        return _read(data, wanted)
    except (FileRefused, MemoryError):
        raise
    except Exception as error:  # whatever a damaged or hostile workbook makes of its reader
        raise FileRefused(table.UNREADABLE) from error


def _read(data: bytes, wanted: str | None) -> Table:
    shown, written = (
        openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=results, keep_links=False)
        for results in (True, False)
    )
    sheets = [one for one in shown.worksheets if one.sheet_state == "visible"]
    names = [str(one.title) for one in sheets]
    if wanted is not None and wanted not in names:
        raise FileRefused(table.NO_SUCH_SHEET)
    for sheet in sheets:
        if wanted is not None and sheet.title != wanted:
            continue
        found = Table(sheet=str(sheet.title), sheets=names)
        try:
            return filled(_rows(data, sheet, written[sheet.title], found), found)
        except FileRefused as refusal:
            if refusal.code != table.EMPTY:
                raise
    raise FileRefused(table.EMPTY)


def _check(data: bytes) -> None:
    """Refuse what says of itself that it is huge, and entities; what lies ends where it said that it would."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_sizes(archive)
            for member in archive.infolist():
                with archive.open(member) as part:
                    _check_prolog(part, is_xml=member.filename.endswith((".xml", ".rels")))
    except _DAMAGED as error:
        raise FileRefused(table.UNREADABLE) from error


def _check_sizes(archive: zipfile.ZipFile) -> None:
    members, names = archive.infolist(), archive.NameToInfo
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise FileRefused(table.NO_TABLE)
    strings = names.get("xl/sharedStrings.xml")
    if (
        len(members) > table.MOST_MEMBERS
        or sum(member.file_size for member in members) > table.MOST_UNPACKED_BYTES
        or (strings is not None and strings.file_size > table.MOST_STRINGS_BYTES)
    ):
        raise FileRefused(table.TOO_LARGE)
    for member in members:
        too_dense = member.file_size > table.MOST_RATIO * max(member.compress_size, 1)
        if too_dense and member.file_size > table.RATIO_COUNTS_FROM:
            raise FileRefused(table.HOSTILE)


class _Begun(Exception):
    """The root element has begun: no DOCTYPE, and so no entity, can follow."""


def _check_prolog(part: IO[bytes], *, is_xml: bool) -> None:
    """Refuse a part that declares anything before it begins: entities grow, or name other files.

    openpyxl reads parts by several parsers, not all of which would refuse it.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_declarations
    parser.StartElementHandler = _begin
    try:
        while piece := part.read(_PROLOG):
            parser.Parse(piece, False)
    except _Begun:
        return
    except expat.ExpatError as error:
        if is_xml:
            raise FileRefused(table.UNREADABLE) from error


def _refuse_declarations(*_: object) -> None:
    raise FileRefused(table.HOSTILE)


def _begin(*_: object) -> None:
    raise _Begun


def _rows(data: bytes, shown: Any, written: Any, found: Table) -> Iterator[Sequence[str]]:
    """The texts of each row, merged cells saying what the first of them says."""
    for sheet in (shown, written):
        sheet.reset_dimensions()  # what a workbook says of its size may be wrong
    most = table.MOST_COLUMNS + 1
    merged = _merged(data, shown)
    says: dict[tuple[int, int], str] = {}
    rows = zip(
        shown.iter_rows(values_only=True, max_col=most),
        written.iter_rows(values_only=True, max_col=most),
        strict=True,
    )
    for number, (results, formulas) in enumerate(rows, 1):
        texts = [_text(*one, found) for one in zip(results, formulas, strict=False)]
        for column, of in merged.get(number, ()):
            texts += [""] * (column - len(texts))
            if of == (number, column):
                says[of] = texts[column - 1]
            elif not texts[column - 1] and says.get(of):
                texts[column - 1] = says[of]
                found.notes["merged_cells"] += 1
        yield texts


def _text(result: Any, formula: Any, found: Table) -> str:
    is_formula = formula is not None and formula != result
    if is_formula:
        found.notes["formulas"] += 1
        if result is None:  # nobody has worked it out: the formula itself is what there is
            return str(getattr(formula, "text", formula))
    if isinstance(result, int | float) and not isinstance(result, bool):
        return _number(result)
    if isinstance(result, datetime):
        return result.date().isoformat() if result.time() == time() else result.isoformat(" ", "seconds")
    return "" if result is None else str(result)


def _number(value: float) -> str:
    if abs(value) >= _MOST_WHOLE:
        return f"{value:.5E}"  # as Excel shows it: its last digits are lost
    return str(int(value)) if value == int(value) else repr(value)


def _merged(data: bytes, sheet: Any) -> dict[int, list[tuple[int, tuple[int, int]]]]:
    """Row by row the columns of cells that are merged, each with the row and column of the first of them.

    openpyxl leaves them out where it reads row by row, and they stand behind the rows.
    """
    by_row: dict[int, list[tuple[int, tuple[int, int]]]] = {}
    count = 0
    for text in _merged_ranges(data, sheet):
        first, last = (coordinate_to_tuple(end) for end in text.split(":"))
        for row in range(first[0], last[0] + 1):
            for column in range(first[1], min(last[1], table.MOST_COLUMNS) + 1):
                if (count := count + 1) > _MOST_MERGED:
                    return by_row
                by_row.setdefault(row, []).append((column, first))
    return by_row


def _merged_ranges(data: bytes, sheet: Any) -> Iterator[str]:
    path: str = sheet._worksheet_path  # noqa: SLF001 - openpyxl tells it by no other name
    rest = b""
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(path) as part:
        while piece := part.read(_CHUNK):
            text = rest + piece
            last = 0
            for one in _MERGED.finditer(text):
                last = one.end()
                yield one[1].decode()
            rest = text[max(last, len(text) - _OVERLAP) :]
