"""Mapped cells out of a table's rows, in whatever order its columns stand; a row may be of several cars."""

import re
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from bpa_service.vehicles.mappings.paths import plain
from bpa_service.vehicles.mappings.shapes import Cells
from bpa_service.vehicles.mappings.spec import Shape
from bpa_service.vehicles.reading.blocks import Block


class Splitter:
    """What takes the cells of a shape out of rows: one set a row, or one for each thing found in its column."""

    def __init__(self, shape: Shape, places: dict[str, int], *, is_text: bool) -> None:
        columns = shape.columns()
        self._split = shape.split
        self._pattern = re.compile(shape.split.pattern) if shape.split else None
        self._of_split = {name: columns.index(name) for name in ("match", "alone") if name in columns}
        self._split_place = places.get(shape.split.column, -1) if shape.split else -1
        self._taken = _taker([places.get(column) for column in columns], is_text=is_text)

    def cells(self, block: Block[Sequence[Any]]) -> Cells:
        """The cells of a block's rows, in the order of the shape's columns."""
        if self._pattern is None:
            rows = list(map(self._taken, block.rows))
            return Cells(rows, block.numbers, [0] * len(rows), block.marks)
        cells = Cells()
        for place, row in enumerate(block.rows):
            found = list(
                dict.fromkeys(match[0] for match in self._pattern.finditer(str(row[self._split_place])))
            )
            for item, match in enumerate(found or [None]):
                if place in block.marks:
                    cells.marks[len(cells.rows)] = block.marks[place]
                cells.rows.append(self._with_match(row, match, alone=len(found) <= 1))
                cells.numbers.append(block.numbers[place])
                cells.items.append(item + 1 if len(found) > 1 else 0)
        return cells

    def _with_match(self, row: Sequence[Any], match: str | None, *, alone: bool) -> tuple[Any, ...]:
        cells = list(self._taken(row))
        if (at := self._of_split.get("match")) is not None:
            cells[at] = match
        if (at := self._of_split.get("alone")) is not None and alone:
            cells[at] = row[self._split_place]
        return tuple(cells)


def _taker(places: list[int | None], *, is_text: bool) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    if not is_text:
        return lambda row: tuple(None if place is None else plain(row[place]) for place in places)
    there = [place for place in places if place is not None]
    if len(there) == len(places) > 1:
        return itemgetter(*there)
    return lambda row: tuple(None if place is None else row[place] for place in places)
