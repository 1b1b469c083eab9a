"""What a converter is: a cell in, the values of one or more fields out, and how they were read."""

import re
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from typing import Any, ClassVar, Final, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bpa_service.vehicles.records.kinds import Mark
from bpa_service.vehicles.records.record import Record

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_REPLACEMENT: Final = "\ufffd"
# Words for "no value" that are values of no field in any source.
NOTHING: Final = frozenset({"", "-", "—", "–", "null", "none", "n/a"})
_NO_TEXT: Final = ""
# What stands in a field of which nothing is known; in an attribute it is no text.
BLANKS: Final[dict[str, Any]] = {
    field.name: field.default if field.default_factory is MISSING else field.default_factory()
    for field in fields(Record)
    if field.default is not MISSING or field.default_factory is not MISSING
}


class Note(NamedTuple):
    """What to know of a cell: marks, and its own text where the fields say it otherwise."""

    marks: tuple[Mark, ...]
    written: str


class Read(NamedTuple):
    """The values of the fields that a converter fills, in their order."""

    values: tuple[Any, ...]
    note: Note | None = None


class Converted(NamedTuple):
    """What a cell says: `written` is its own text, where that has to be kept."""

    values: tuple[Any, ...]
    written: str = ""
    marks: tuple[Mark, ...] = ()


class Unreadable(Exception):
    """The cell is none of what it should be: its fields stay blank, and its text is kept."""

    def __init__(self, mark: Mark) -> None:
        super().__init__(mark)
        self.mark = mark


@dataclass(frozen=True, slots=True)
class Context:
    """What converters know beyond their cell: of the source, and of the file."""

    zone: ZoneInfo | None
    country: str
    language: str
    as_of: date
    nothing: frozenset[str]


class Spec(BaseModel):
    """A field in a mapping: from which column or columns, and what all converters can be told.

    `patterns` are regular expressions, of which the first that finds something gives the text: its group 1. Cells
    with one of the texts in `nothing` have no value; those in `counts` have one, though they stand among the
    source's own. With `first` the first column that has one is taken.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    # For a target the fields that are filled; the first of them says whether there is a value.
    fills: ClassVar[dict[str, tuple[str, ...]]] = {}

    source: str | tuple[str, ...] = Field(alias="from")
    nothing: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    required: bool = False
    first: bool = False

    def filled(self, target: str) -> tuple[str, ...]:
        """The fields that are filled when this is the mapping of `target`."""
        return self.fills.get(target, (target,))

    @abstractmethod
    def convert(self, texts: tuple[str, ...], target: str, context: Context) -> Converted:
        """What the texts say. The first is not empty, or another of several is. Raises `Unreadable`."""

    def blank(self, target: str) -> tuple[Any, ...]:
        """The values of nothing."""
        return tuple(BLANKS.get(name, _NO_TEXT) for name in self.filled(target))

    def converter(self, target: str, context: Context) -> Callable[[Any], Read]:
        """From a cell, or a tuple of them where `source` is one, to what was read; never raises."""
        own = {text.casefold() for text in self.nothing}
        nothing = context.nothing - {text.casefold() for text in self.counts} | own
        patterns = [re.compile(pattern, re.IGNORECASE) for pattern in self.patterns]
        blank = Read(self.blank(target))
        several = not isinstance(self.source, str)

        def cleaned(cell: Any) -> tuple[str, tuple[Mark, ...]]:
            text, marks = text_of(cell)
            if text in nothing or text.casefold() in nothing:
                return _NO_TEXT, marks
            return (_found(patterns, text) if patterns else text), marks

        def read(cell: Any) -> Read:
            if several:
                both = [cleaned(one) for one in cell]
                texts = tuple(text for text, _ in both)
                marks = tuple(mark for _, found in both for mark in found)
            else:
                text, marks = cleaned(cell)
                texts = (text,)
            if not any(texts):
                return blank
            if self.first:
                texts = (next(filter(None, texts)),)
            try:
                values, written, more = self.convert(texts, target, context)
            except Unreadable as unreadable:
                values, written, more = blank.values, " | ".join(filter(None, texts)), (unreadable.mark,)
            marks = (*marks, *more)
            return Read(values, Note(marks, written)) if marks or written else Read(values)

        return read


def text_of(cell: Any) -> tuple[str, tuple[Mark, ...]]:
    """A cell as text, without controls, each run of white space as one space; and what was amiss with it."""
    if not isinstance(cell, str):
        return _NO_TEXT if cell is None else _text_of_value(cell), ()
    if cell.isascii() and cell.isprintable():  # most are
        return " ".join(cell.split()), ()
    without = _CONTROLS.sub("", cell)
    marks = () if without == cell else (Mark.TEXT_CONTROLS_REMOVED,)
    if _REPLACEMENT in without:
        marks = (*marks, Mark.TEXT_UNREADABLE)
    return " ".join(without.split()), marks


def _text_of_value(cell: Any) -> str:
    match cell:
        case bool():
            return "true" if cell else "false"
        case float() | Decimal():  # a table program's 5.0 is the 5 of a text
            return str(int(cell)) if isfinite(cell) and cell == int(cell) else str(cell)
        case datetime() if cell.time() == time():  # how a table program keeps a day
            return str(cell.date())
        case list() | tuple():
            return ", ".join(text for text, _ in map(text_of, cell) if text)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]  # whatever is in it
        case bytes():
            return text_of(cell.decode("utf-8", "replace"))[0]
        case _:
            return str(cell)


def _found(patterns: list[re.Pattern[str]], text: str) -> str:
    for pattern in patterns:
        if (found := pattern.search(text)) is not None:
            return found[1].strip()
    return _NO_TEXT
