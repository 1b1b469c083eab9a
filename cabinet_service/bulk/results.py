"""What became of a job, as a file for spreadsheets."""

from collections.abc import Iterable, Iterator
from typing import Final

from cabinet_service.bulk.schemas import BulkRowOut
from service_kit.csv_files import csv_of
from service_kit.http.problems import Language

# Where a comma divides decimals, spreadsheets want another character between cells.
_DELIMITER: Final[dict[Language, str]] = {"ru": ";", "en": ","}
_HEADER: Final = (
    "row",
    "reference",
    "number",
    "state",
    "remarks",
    "inspection_number",
    "inspection_state",
    "inspection_url",
)


def as_csv(rows: Iterable[BulkRowOut], *, public_url: str, language: Language) -> str:
    """A row a line, in their order; remarks by their codes."""
    return csv_of(_lines(rows, public_url), delimiter=_DELIMITER[language])


def _lines(rows: Iterable[BulkRowOut], public_url: str) -> Iterator[tuple[str | int | None, ...]]:
    yield _HEADER
    for one in rows:
        given = one.given
        yield (
            one.row or one.place,
            _text(given.reference),
            _text(given.identifier) or _text(given.plate),
            one.state,
            " ".join(remark.code for remark in one.remarks),
            one.inspection_number,
            one.inspection_state,
            f"{public_url}/inspections/{one.inspection_id}" if one.inspection_id else None,
        )


def _text(cell: str | float | None) -> str:
    return "" if cell is None else str(cell)
