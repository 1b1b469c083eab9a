"""Rejected rows as a table that people open in a spreadsheet, which must run nothing that a source wrote."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any, Final

from bpa_service.vehicles.store.records import RejectedRow

HEADER: Final = ("file", "row", "item", "reason", "column", "text")
_MARK: Final = "\ufeff"  # without it Excel takes UTF-8 for something else
# What a spreadsheet takes for a formula at the beginning of a cell, or for what hides one.
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


async def table(batches: AsyncIterator[list[RejectedRow]]) -> AsyncIterator[bytes]:
    """The table, piece by piece."""
    yield (_MARK + _lines([HEADER])).encode()
    async for batch in batches:
        yield _lines([tuple(map(harmless, row)) for row in batch]).encode()


def harmless(cell: Any) -> Any:
    """The cell as text that no program takes for a formula: such a text has an apostrophe before it."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_DANGEROUS):
        return f"'{cell}"
    return cell


def _lines(rows: list[tuple[Any, ...]]) -> str:
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_MINIMAL).writerows(rows)
    return file.getvalue()
