"""What was read of a spreadsheet, its limits, and why one is refused."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from cabinet_service.bulk.limits import MOST_ROWS
from service_kit.decoding import FileRefused

MIB: Final = 2**20
MOST_FILE_BYTES: Final = 8 * MIB
MOST_COLUMNS: Final = 100
MOST_HEADINGS: Final = 10
"""Rows above the cars: titles, and the one that names the columns."""
MOST_CHARACTERS: Final = 2_000_000
"""Of all cells together: of a workbook a few bytes may stand for as many as they like."""
MOST_UNPACKED_BYTES: Final = 128 * MIB
MOST_STRINGS_BYTES: Final = 32 * MIB
MOST_MEMBERS: Final = 1_000
# What people send shrinks 5 to 40 times. A bomb shrinks a thousand times and more.
MOST_RATIO: Final = 250
RATIO_COUNTS_FROM: Final = 4 * MIB

UNREADABLE: Final = "sheet_unreadable"
EMPTY: Final = "sheet_empty"
TOO_MANY_ROWS: Final = "sheet_too_many_rows"
TOO_MANY_COLUMNS: Final = "sheet_too_many_columns"
TOO_LARGE: Final = "sheet_too_large"
HOSTILE: Final = "sheet_hostile"
OLD_FORMAT: Final = "sheet_old_format"
NO_TABLE: Final = "sheet_no_table"
NO_SUCH_SHEET: Final = "sheet_unknown"

# A workbook may hold what no text of ours may.
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
Cells = tuple[str, ...]


@dataclass(slots=True)
class Table:
    """Rows that hold something, each with its number in the file (from 1), and the texts of its cells.

    `sheet` and `sheets` are names, of a workbook. `notes` count what a person should know: `blank_rows`,
    `formulas` (their last results are shown), `merged_cells` (each says what the merged one says).
    """

    rows: list[tuple[int, Cells]] = field(default_factory=list[tuple[int, Cells]])
    sheet: str | None = None
    sheets: list[str] = field(default_factory=list[str])
    notes: Counter[str] = field(default_factory=Counter[str])

    def as_json(self) -> dict[str, Any]:
        return {"rows": self.rows, "sheet": self.sheet, "sheets": self.sheets, "notes": dict(self.notes)}


def filled(rows: Iterable[Sequence[str]], table: Table) -> Table:
    """The table with these rows, blank ones left out; no more are taken than one too many. Raises FileRefused."""
    characters = 0
    for number, cells in enumerate(_trimmed(rows), 1):
        if not cells:
            table.notes["blank_rows"] += 1
            continue
        if len(table.rows) == MOST_ROWS + MOST_HEADINGS:
            raise FileRefused(TOO_MANY_ROWS, most=MOST_ROWS)
        if len(cells) > MOST_COLUMNS:
            raise FileRefused(TOO_MANY_COLUMNS, most=MOST_COLUMNS)
        characters += sum(map(len, cells))
        if characters > MOST_CHARACTERS:
            raise FileRefused(TOO_LARGE)
        table.rows.append((number, cells))
    if not table.rows:
        raise FileRefused(EMPTY)
    _drop_blanks_at_the_end(table)
    return table


def _trimmed(rows: Iterable[Sequence[str]]) -> Iterator[Cells]:
    for row in rows:
        cells = [_CONTROLS.sub("", cell).strip() for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        yield tuple(cells)


def _drop_blanks_at_the_end(table: Table) -> None:
    """Blank rows behind the last one say nothing: programs count them as they like."""
    gaps = table.rows[-1][0] - len(table.rows)
    if gaps:
        table.notes["blank_rows"] = gaps
    else:
        del table.notes["blank_rows"]
