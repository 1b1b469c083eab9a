"""XLSX, row by row. openpyxl holds a sheet's shared strings, and of the rest one row."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import IO, Any

import openpyxl

from bpa_service.vehicles.reading.blocks import Block, Cells, Table
from bpa_service.vehicles.reading.headers import FIRST_ROWS, header_place, names_of
from bpa_service.vehicles.reading.limits import ROWS_OF_BLOCK
from bpa_service.vehicles.records.rejects import FileReason, FileRefused, Reason, Reject


def read_spreadsheet(stream: IO[bytes], file: str, known: frozenset[str]) -> Iterator[Table]:
    """The sheets of a workbook that have a known column, or the first if none has. Formulas are their results."""
    try:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")]
        found = [sheet for sheet in sheets if known & set(_opened(sheet, known)[1])]
    except FileRefused:
        raise
    except Exception as error:  # whatever a damaged workbook makes openpyxl raise
        raise FileRefused(FileReason.DAMAGED, details=(str(error)[:200],)) from error
    if not sheets:
        raise FileRefused(FileReason.EMPTY)
    for sheet in found or sheets[:1]:
        place, header, rows = _opened(sheet, known)
        yield Table(
            f"{file}/{sheet.title}", header, _blocks(rows, f"{file}/{sheet.title}", place, len(header))
        )


def _opened(sheet: Any, known: frozenset[str]) -> tuple[int, tuple[str, ...], Iterator[Sequence[Any]]]:
    """The number of the header's row, its names, and the rows below."""
    sheet.reset_dimensions()  # what a workbook says of its size may be wrong
    rows: Iterator[Sequence[Any]] = sheet.iter_rows(values_only=True)
    first = list(islice(rows, FIRST_ROWS))
    if not first:
        return 1, (), iter(())
    place = header_place(first, known)
    return place + 1, names_of(first[place]), chain(first[place + 1 :], rows)


def _blocks(rows: Iterator[Sequence[Any]], file: str, header_row: int, width: int) -> Iterator[Block[Cells]]:
    number = header_row
    while True:
        block = Block[Cells]()
        try:
            for cells in islice(rows, ROWS_OF_BLOCK):
                number += 1
                if not any(cell is not None and cell != "" for cell in cells):
                    block.blank_lines += 1
                elif any(cell is not None for cell in cells[width:]):
                    text = " | ".join(str(cell) for cell in cells[:width])[:500]
                    block.rejects.append(Reject(file, number, 0, Reason.TOO_MANY_CELLS, text=text))
                else:
                    block.rows.append((*cells[:width], *(None,) * (width - len(cells))))
                    block.numbers.append(number)
        except Exception as error:
            yield block
            raise FileRefused(FileReason.DAMAGED, row=number, details=(str(error)[:200],)) from error
        if not (block.count or block.blank_lines):
            return
        yield block
