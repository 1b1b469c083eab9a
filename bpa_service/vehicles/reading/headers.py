"""The row that names the columns: some tables have a title or two above it."""

from collections.abc import Sequence
from typing import Any, Final

from bpa_service.vehicles.reading.limits import MOST_COLUMNS
from bpa_service.vehicles.records.rejects import FileReason, FileRefused

FIRST_ROWS: Final = 10


def header_place(rows: Sequence[Sequence[Any]], known: frozenset[str]) -> int:
    """Where among the first rows of a file the header is: the one with the most known names, else the first."""
    hits = [len(known.intersection(names_of(row))) for row in rows[:FIRST_ROWS]]
    return hits.index(max(hits)) if any(hits) else 0


def names_of(row: Sequence[Any]) -> tuple[str, ...]:
    """The names in a header. What has no name is called by its place: `column 3`.

    Raises `FileRefused` where there are more than a table can have.
    """
    if len(row) > MOST_COLUMNS:
        raise FileRefused(FileReason.MALFORMED, details=(f"{len(row)} columns",))
    texts = ["" if cell is None else " ".join(str(cell).split()) for cell in row]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(text or f"column {place}" for place, text in enumerate(texts, 1))
