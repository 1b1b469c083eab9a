"""What reading gives: blocks of rows as they stand in the file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from bpa_service.vehicles.records.kinds import Mark
from bpa_service.vehicles.records.rejects import Reject

Cells = Sequence[Any]
Row = TypeVar("Row")


@dataclass(slots=True)
class Block(Generic[Row]):
    """Some rows with where each begins, and what was no row among them.

    `marks` are of the rows that had to be repaired to be read, by their place in `rows`. `ends_within_row` says
    that the file stops in the middle of one.
    """

    rows: list[Row] = field(default_factory=list[Any])
    numbers: list[int] = field(default_factory=list[int])
    rejects: list[Reject] = field(default_factory=list[Reject])
    marks: dict[int, tuple[Mark, ...]] = field(default_factory=dict[int, tuple[Mark, ...]])
    blank_lines: int = 0
    ends_within_row: bool = False

    @property
    def count(self) -> int:
        """How many rows of the file it accounts for."""
        return len(self.rows) + len(self.rejects)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a header. A cell is a text, or what the format knows beyond texts; None is no cell."""

    file: str
    header: tuple[str, ...]
    blocks: Iterator[Block[Cells]]
    delimiter: str = ""  # where the file is delimited text
    is_text: bool = False  # every cell is a str


@dataclass(frozen=True, slots=True)
class Documents:
    """Objects with objects in them."""

    file: str
    blocks: Iterator[Block[dict[str, Any]]]
