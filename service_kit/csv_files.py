"""CSV that is opened in spreadsheets: cells stay texts, whatever they begin with."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

# A spreadsheet takes a cell that begins so for a formula, and does what it says.
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_TEXT: Final = "'"
BOM: Final = "\ufeff"
"""By which Excel knows UTF-8."""


def as_text(cell: str) -> str:
    """The cell as a spreadsheet takes it for nothing but a text: a mark before it that is not shown."""
    return f"{_TEXT}{cell}" if cell.startswith((*_FORMULAS, _TEXT)) else cell


def csv_of(rows: Iterable[Sequence[str | int | None]], *, delimiter: str = ",") -> str:
    """A file for spreadsheets, which call for `;` where a comma divides decimals. Numbers stay numbers."""
    file = io.StringIO(newline="")
    file.write(BOM)
    writer = csv.writer(file, delimiter=delimiter)
    for row in rows:
        writer.writerow([as_text(cell) if isinstance(cell, str) else cell for cell in row])
    return file.getvalue()
