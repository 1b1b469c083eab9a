"""A register as a workbook. Imported by whoever makes one: the library for it brings others along."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.worksheet._writer import WorksheetWriter

from cabinet_service.inspections.usage.register import Value, harmless


class _SheetWriter(WorksheetWriter):
    """Writes into a file that goes by itself; the library's own would lie by name where a request is cut off."""

    def cleanup(self) -> None:
        pass


class Xlsx:
    """A register as a workbook with one sheet; a row that is written is held no more."""

    def __init__(self, path: Path, sheet_path: Path) -> None:
        """`sheet_path` is of an empty file, for what is written before it is packed."""
        self._path = path
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet("Register")
        self._sheet.freeze_panes = "A2"
        writer = self._sheet._writer = _SheetWriter(self._sheet, out=str(sheet_path))  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - no other way to say where
        writer.write_top()

    def add(self, rows: Iterable[Sequence[Value]]) -> None:
        for row in rows:
            self._sheet.append([self._cell(value) for value in row])

    def finish(self) -> None:
        whole = io.BytesIO()
        self._book.save(whole)
        self._path.write_bytes(whole.getbuffer())

    def _cell(self, value: Value) -> Cell | None:
        if value is None:
            return None
        text = harmless(value) if isinstance(value, str) else value
        cell = WriteOnlyCell(self._sheet, value=text)
        if isinstance(value, str):
            cell.data_type = "s"
        elif isinstance(value, datetime):
            cell.number_format = "yyyy-mm-dd hh:mm"
        return cell
