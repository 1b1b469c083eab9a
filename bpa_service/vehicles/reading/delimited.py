"""Delimited text: any delimiter, quoted cells with line breaks, and quotes that nobody closed."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final, NamedTuple

from bpa_service.vehicles.reading.blocks import Block, Cells, Table
from bpa_service.vehicles.reading.headers import FIRST_ROWS, header_place, names_of
from bpa_service.vehicles.reading.limits import MOST_LINE_BYTES, MOST_LINES_OF_ROW
from bpa_service.vehicles.reading.texts import Lines, lines_of
from bpa_service.vehicles.records.kinds import Mark
from bpa_service.vehicles.records.rejects import MOST_TEXT_KEPT, FileReason, FileRefused, Reason, Reject

_DELIMITERS: Final = (",", ";", "\t", "|")
csv.field_size_limit(2 * MOST_LINE_BYTES)  # rows are bounded before csv sees them


@dataclass(frozen=True, slots=True)
class Delimited:
    """How a source writes its tables. A file without a header has these `columns`, and its rows begin at once.

    `known` are names that a header may have: the delimiter is the one that finds the most of them. Some sources
    set a backslash before a quote within quotes, where others double it: `backslash` reads both.
    """

    known: frozenset[str] = frozenset()
    encodings: tuple[str, ...] = ("utf-8", "cp1251", "cp1252")
    columns: tuple[str, ...] = ()
    delimiters: tuple[str, ...] = _DELIMITERS
    backslash: bool = False
    whole_lines: bool = False  # a line is one cell, whatever is in it


def read_delimited(stream: IO[bytes], file: str, how: Delimited) -> Table:
    """The table in `stream`. Raises `FileRefused` if there is nothing in it, or no header that can be one."""
    batches = lines_of(stream, how.encodings)
    first = next(batches, None)
    if first is None or not any(text.strip() for text in first.texts):
        raise FileRefused(FileReason.EMPTY)
    if how.whole_lines:
        return Table(file, how.columns, _whole_lines(first, batches, file), is_text=True)
    if how.columns:
        delimiter = how.delimiters[0]
        reader = _Reader(file, delimiter, len(how.columns), backslash=how.backslash)
        return Table(file, how.columns, reader.blocks(first, batches), delimiter, is_text=True)
    delimiter, place, header = _header(first.texts[:FIRST_ROWS], how)
    reader = _Reader(file, delimiter, len(header), backslash=how.backslash)
    return Table(file, header, reader.blocks(_from(first, place + 1), batches), delimiter, is_text=True)


def _header(lines: list[str], how: Delimited) -> tuple[str, int, tuple[str, ...]]:
    """The delimiter, the place of the header among the first lines, and its names."""
    found: list[tuple[int, str, int, tuple[str, ...]]] = []
    for delimiter in how.delimiters:
        rows = [next(csv.reader([line], delimiter=delimiter), list[str]()) for line in lines]
        place = header_place(rows, how.known)
        names = names_of(rows[place])
        hits = len(how.known.intersection(names)) if how.known else len(names)
        found.append((hits, delimiter, place, names))
    _, delimiter, place, names = max(found, key=lambda one: one[0])
    return delimiter, place, names


def _from(lines: Lines, place: int) -> Lines:
    return Lines(
        lines.first + place,
        lines.texts[place:],
        {at - place: marks for at, marks in lines.marks.items() if at >= place},
        {at - place for at in lines.too_long if at >= place},
        lines.is_end,
    )


def _whole_lines(first: Lines, batches: Iterator[Lines], file: str) -> Iterator[Block[Cells]]:
    for lines in (first, *()), batches:
        for batch in lines:
            block = Block[Cells]()
            for place, text in enumerate(batch.texts):
                _put_line(
                    block, _Line(batch.first + place, text, batch.marks.get(place, ())), file, batch, place
                )
            yield block


def _put_line(block: Block[Cells], line: "_Line", file: str, batch: Lines, place: int) -> None:
    if place in batch.too_long:
        block.rejects.append(_reject(file, line, Reason.LINE_TOO_LONG))
    elif line.text.strip():
        if line.marks:
            block.marks[len(block.rows)] = line.marks
        block.rows.append((line.text,))
        block.numbers.append(line.number)
    else:
        block.blank_lines += 1


class _Line(NamedTuple):
    number: int
    text: str
    marks: tuple[Mark, ...] = ()
    too_long: bool = False


def _reject(file: str, line: _Line, reason: Reason) -> Reject:
    return Reject(file, line.number, 0, reason, text=line.text[:MOST_TEXT_KEPT])


class _Reader:
    """Puts lines together to rows, and rows into blocks."""

    def __init__(self, file: str, delimiter: str, width: int, *, backslash: bool) -> None:
        self._file = file
        self._width = width
        self._delimiter = delimiter
        self._escape = "\\" if backslash else None
        closed, closes = _patterns(delimiter, backslash=backslash)
        self._closed, self._closes = closed.fullmatch, closes.fullmatch
        self._open: list[_Line] = []  # a row whose quote is still to be closed

    def blocks(self, first: Lines, batches: Iterator[Lines]) -> Iterator[Block[Cells]]:
        batch: Lines | None = first
        while batch is not None:
            following = next(batches, None)
            yield self._block(batch, is_last=following is None)
            batch = following

    def _block(self, batch: Lines, *, is_last: bool) -> Block[Cells]:
        block = Block[Cells]()
        if self._open or batch.too_long or batch.marks or any('"' in text for text in batch.texts):
            lines = self._put_together(batch, block, is_last=is_last)
        else:  # a row a line, and mostly whole ones
            lines = [_Line(batch.first + place, text) for place, text in enumerate(batch.texts)]
            rows = self._cells(lines)
            if all(len(cells) == self._width for cells in rows):
                block.rows += rows
                block.numbers += range(batch.first, batch.first + len(rows))
                return block
        self._fill(block, lines, cut=batch.is_end and is_last)
        return block

    def _put_together(self, batch: Lines, block: Block[Cells], *, is_last: bool) -> list[_Line]:
        todo = deque(
            _Line(batch.first + place, text, batch.marks.get(place, ()), place in batch.too_long)
            for place, text in enumerate(batch.texts)
        )
        rows: list[_Line] = []
        while todo or (self._open and is_last):
            if not todo:  # the file ends within quotes
                reason = (
                    Reason.ROW_CUT_OFF if len(self._open) == 1 and batch.is_end else Reason.QUOTE_UNCLOSED
                )
                block.ends_within_row |= reason is Reason.ROW_CUT_OFF
                self._give_up(block, todo, reason)
                continue
            line = todo.popleft()
            if line.too_long:
                if self._open:
                    todo.appendleft(line)
                    self._give_up(block, todo, Reason.QUOTE_UNCLOSED)
                else:
                    block.rejects.append(_reject(self._file, line, Reason.LINE_TOO_LONG))
            elif self._open:
                self._open.append(line)
                if '"' in line.text and self._closes(line.text):
                    rows.append(self._joined())
                elif self._is_too_much():
                    self._give_up(block, todo, Reason.QUOTE_UNCLOSED)
            elif '"' not in line.text or self._closed(line.text):
                rows.append(line)
            else:
                self._open.append(line)
        return rows

    def _joined(self) -> _Line:
        text = "\n".join(line.text for line in self._open)
        marks = dict.fromkeys(mark for line in self._open for mark in line.marks)
        joined = _Line(self._open[0].number, text, tuple(marks))
        self._open = []
        return joined

    def _is_too_much(self) -> bool:
        return (
            len(self._open) >= MOST_LINES_OF_ROW
            or sum(len(line.text) for line in self._open) > MOST_LINE_BYTES
        )

    def _give_up(self, block: Block[Cells], todo: deque[_Line], reason: Reason) -> None:
        """Reject the line that opened a quote, and read those that followed as what they are."""
        opened, *others = self._open
        block.rejects.append(_reject(self._file, opened, reason))
        todo.extendleft(reversed(others))
        self._open = []

    def _fill(self, block: Block[Cells], lines: list[_Line], *, cut: bool) -> None:
        width = self._width
        for place, (line, cells) in enumerate(zip(lines, self._cells(lines), strict=True)):
            count = len(cells)
            if count != width:
                if not count or (count == 1 and not cells[0].strip()):
                    block.blank_lines += 1
                    continue
                if count > width and not any(cells[width:]):
                    del cells[width:]
                else:
                    reason = Reason.TOO_FEW_CELLS if count < width else Reason.TOO_MANY_CELLS
                    if cut and place == len(lines) - 1 and count < width:
                        reason, block.ends_within_row = Reason.ROW_CUT_OFF, True
                    block.rejects.append(_reject(self._file, line, reason))
                    continue
            if line.marks:
                block.marks[len(block.rows)] = line.marks
            block.rows.append(cells)
            block.numbers.append(line.number)

    def _cells(self, lines: list[_Line]) -> list[list[str]]:
        try:
            rows = list(self._parsed(line.text for line in lines))
        except csv.Error:
            rows = []
        # An escape at the end of a line makes csv take the next one for its continuation.
        if len(rows) != len(lines):
            rows = [self._cells_of_one(line.text) for line in lines]
        return rows

    def _cells_of_one(self, text: str) -> list[str]:
        try:
            return next(self._parsed(iter((text,))), list[str]())
        except csv.Error:
            return text.split(self._delimiter)

    def _parsed(self, texts: Iterator[str]) -> Iterator[list[str]]:
        return csv.reader(texts, delimiter=self._delimiter, escapechar=self._escape)


def _patterns(delimiter: str, *, backslash: bool) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What a row matches whose quotes are all closed; what a line matches that closes the one open before it.

    A quote means something at the beginning of a cell only. Nothing here backtracks.
    """
    other = rf"[^{re.escape(delimiter)}]"
    within = r'[^"\\]*+(?:(?:""|\\.)[^"\\]*+)*+"' if backslash else r'[^"]*+(?:""[^"]*+)*+"'
    cell = rf'(?:"{within}{other}*+|(?!"){other}*+)'
    cells = rf"{cell}(?:{re.escape(delimiter)}{cell})*+"
    closes = rf"{within}{other}*+(?:{re.escape(delimiter)}{cell})*+"
    return re.compile(cells, re.DOTALL), re.compile(closes, re.DOTALL)
