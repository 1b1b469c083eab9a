"""Writes whose answers nobody waits for, sent together: every statement is a round trip.

Those that do not depend on one another become one statement, in which each is a part of its WITH clause.
PostgreSQL runs the parts in the order in which they are named, because each is counted in that order; all of them
see the rows as they were before the first, so what needs another's rows comes in the next statement.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

_NONE: Final[frozenset[str]] = frozenset()
_SHAPES_KEPT: Final = 1000
# The driver takes 32,767 values in a statement. What writes many rows has nothing to gain by company.
_MOST_VALUES: Final = 1000


@dataclass(frozen=True, slots=True)
class Write:
    """An INSERT, UPDATE or DELETE that ends in RETURNING, of rows of `tables`.

    `$1`, `$2` … stand for `values`. `@0`, `@1` … stand for what the statements of `before` return, which belong
    to it and share its values; `@written` for a table with a row for each row that was written in the same
    statement before it.

    A row comes back for each of `objects`, and gives it the attributes `gives`. `refers_to` are tables whose
    rows have to be there already.
    """

    sql: str
    values: Sequence[Any]
    tables: frozenset[str]
    before: tuple[str, ...] = ()
    objects: Sequence[Any] = ()
    gives: Sequence[str] = ()
    refers_to: frozenset[str] = _NONE


@dataclass(slots=True)
class Batch:
    """Writes that one statement does."""

    writes: list[Write] = field(default_factory=list[Write])
    _tables: set[str] = field(default_factory=set[str])
    _new: set[str] = field(default_factory=set[str])
    _values: int = 0

    def takes(self, write: Write) -> bool:
        """Whether the write can go with these.

        One that gives goes alone: its rows come back. Of one table there is one, because which of two rows is
        written first may matter to its indexes. And no policy sees a row that is new in the same statement.
        """
        if not self.writes:
            return True
        is_free = self._tables.isdisjoint(write.tables) and self._new.isdisjoint(write.refers_to)
        fits = self._values + len(write.values) <= _MOST_VALUES
        return is_free and fits and not (write.gives or self.writes[0].gives)

    def add(self, write: Write) -> None:
        self.writes.append(write)
        self._tables |= write.tables
        self._values += len(write.values)
        if write.sql.lstrip().startswith("INSERT"):
            self._new |= write.tables

    def statement(self) -> tuple[str, list[Any]]:
        """Its SQL, and the values. A single write's own rows come back; of several, one row of their counts."""
        first = self.writes[0]
        if len(self.writes) == 1 and not first.before and "@" not in first.sql:
            return first.sql, list(first.values)
        shape = tuple((one.before, one.sql, len(one.values)) for one in self.writes)
        return _joined(shape), [value for one in self.writes for value in one.values]


def batches(writes: Iterable[Write]) -> Iterable[Batch]:
    """The writes, in their order, in as few statements as they can be."""
    batch = Batch()
    for write in writes:
        if not batch.takes(write):
            yield batch
            batch = Batch()
        batch.add(write)
    if batch.writes:
        yield batch


@lru_cache(_SHAPES_KEPT)
def _joined(shape: tuple[tuple[tuple[str, ...], str, int], ...]) -> str:
    parts: list[tuple[str, str]] = []
    written: list[str] = []
    first = 0
    for place, (before, sql, count) in enumerate(shape):
        names = [f"write_{place}_{number}" for number in range(len(before))]
        texts = [_named(text, names, written, first) for text in (*before, sql)]
        parts += zip((*names, f"write_{place}"), texts, strict=True)
        written.append(f"write_{place}")
        first += count
    *rest, (_, last) = parts
    if len(shape) == 1:
        return f"{_with(rest)}{last}"
    counts = ", ".join(f"(SELECT count(*) FROM {name})" for name in written)  # noqa: S608 - our own names
    return f"{_with(parts)}SELECT {counts}"


def _with(parts: Sequence[tuple[str, str]]) -> str:
    return f"WITH {', '.join(f'{name} AS ({text})' for name, text in parts)} " if parts else ""


def _named(text: str, names: Sequence[str], written: Sequence[str], first: int) -> str:
    rows = " UNION ALL ".join(f"SELECT 1 FROM {name}" for name in written) or "SELECT 1"  # noqa: S608 - our own names
    text = text.replace("@written", f"({rows})")
    text = re.sub(r"@(\d+)", lambda found: names[int(found[1])], text)
    return re.sub(r"\$(\d+)", lambda found: f"${int(found[1]) + first}", text)
