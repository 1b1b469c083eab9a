"""A shape at work: cells in, columns of records out. Cells are converted column by column, and a cell that was
seen before is looked up: most cells of a table were.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from itertools import compress
from typing import Any, Final

from bpa_service.vehicles.mappings.converters import AnySpec
from bpa_service.vehicles.mappings.converters.base import BLANKS, Context, Note, Read, text_of
from bpa_service.vehicles.mappings.spec import Mapping, Shape
from bpa_service.vehicles.records.columns import MOST_CHARACTERS_OF_ONE, NAMES, Batch
from bpa_service.vehicles.records.kinds import Action, Mark
from bpa_service.vehicles.records.rejects import MOST_TEXT_KEPT, Reason, Reject

_MOST_REMEMBERED: Final = 20_000  # of the cells of a column
_MOST_KEY: Final = 120
_IDENTIFY: Final = (
    "vin", "vin_pattern", "vin_from", "frame", "body", "chassis", "engine", "plate", "source_vehicle",
)  # fmt: skip
_NONE: Final[dict[str, str]] = {}  # one for all records that have none


@dataclass(frozen=True, slots=True)
class Whence:
    """Where rows come from: the same for all of a file."""

    file: str
    as_of: datetime
    asked_at: datetime | None = None


@dataclass(slots=True)
class Cells:
    """Rows of mapped cells, each with where it stands and what was repaired to read it."""

    rows: list[tuple[Any, ...]] = field(default_factory=list[Any])
    numbers: list[int] = field(default_factory=list[int])
    items: list[int] = field(default_factory=list[int])
    marks: dict[int, tuple[Mark, ...]] = field(default_factory=dict[int, tuple[Mark, ...]])


@dataclass(slots=True)
class Taken:
    """What became of rows: each is a record, a duplicate of one among them, or a reject."""

    columns: dict[str, list[Any]]
    rejects: list[Reject]
    duplicates: int


class _Memory(dict[Any, Read]):
    def __init__(self, read: Callable[[Any], Read]) -> None:
        super().__init__()
        self._read = read
        self.has_notes = False

    def __missing__(self, cell: Any) -> Read:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        read = self[cell] = self._read(cell)
        if read.note is not None:
            self.has_notes = True
        return read


class _Field:
    """One entry of a mapping at work: where its cells are, and what it fills."""

    def __init__(self, target: str, spec: AnySpec, columns: dict[str, int], context: Context) -> None:
        self.target = target
        self.fills = spec.filled(target)
        self.required = spec.required
        self._places = [
            columns[one] for one in ((spec.source,) if isinstance(spec.source, str) else spec.source)
        ]
        self._is_one = isinstance(spec.source, str)
        self._memory = _Memory(spec.converter(target, context))

    @property
    def has_notes(self) -> bool:
        """Whether there is anything to know of any cell read so far: of most columns there is not."""
        return self._memory.has_notes

    def read(self, by_column: Sequence[Sequence[Any]]) -> list[Read]:
        cells = by_column[self._places[0]] if self._is_one else zip(*map(by_column.__getitem__, self._places))  # noqa: B905 — all of one length
        return list(map(self._memory.__getitem__, cells))


class ShapeAtWork:
    """What makes records of one shape out of rows of its `columns`."""

    def __init__(self, shape: Shape, mapping: Mapping, context: Context) -> None:
        self.shape = shape
        self.columns = shape.columns()
        places = {column: place for place, column in enumerate(self.columns)}
        self._fields = [_Field(target, spec, places, context) for target, spec in shape.fields.items()]
        self._attributes = [_Field(name, spec, places, context) for name, spec in shape.attributes.items()]
        self._codes = [_Field("codes", spec, places, context) for spec in shape.codes]
        self._key = [places[column] for column in shape.key]
        self._source = mapping.name
        kind = str(shape.kind)
        self._seed = blake2b(f"{mapping.name}\x1e{kind}\x1e".encode(), digest_size=16)
        self._constant = {
            "source": mapping.name,
            "kind": kind,
            "language": mapping.language,
            "country": mapping.country,
            "action": str(Action.STATE),
            **shape.constants,
        }

    def take(self, cells: Cells, whence: Whence) -> Taken:
        """Records, rejects and duplicates: as many as there are rows."""
        count = len(cells.rows)
        by_column = list(zip(*cells.rows, strict=True)) or [()] * len(self.columns)
        columns: dict[str, list[Any]] = {}
        notes: list[tuple[int, str, Note]] = []
        wrong: dict[int, tuple[Reason, str]] = {}
        for one in self._fields:
            reads = one.read(by_column)
            self._fill(columns, one, reads)
            notes += self._noted(one, reads)
            if one.required:
                self._require(one, reads, wrong)
        self._add_attributes(columns, by_column, notes)
        self._add_codes(columns, by_column, notes)
        self._add_notes(columns, notes, cells.marks, count)
        self._add_whence(columns, cells, whence)
        for name in NAMES:
            if name not in columns:
                columns[name] = [self._constant.get(name, BLANKS.get(name))] * count
        if self.shape.identified:
            self._require_identity(columns, wrong)
        rejects = [self._reject(cells, place, whence.file, *why) for place, why in sorted(wrong.items())]
        kept, duplicates = self._kept(columns["row_hash"], wrong)
        if rejects or duplicates:
            columns = {name: list(compress(values, kept)) for name, values in columns.items()}
        return Taken(columns, rejects, duplicates)

    def _fill(self, columns: dict[str, list[Any]], one: _Field, reads: list[Read]) -> None:
        if len(one.fills) == 1 and one.fills[0] not in self._constant:
            columns[one.fills[0]] = [values[0] for values, _ in reads]
            return
        for name, values in zip(one.fills, zip(*(read.values for read in reads), strict=True), strict=False):
            constant = self._constant.get(name)
            columns[name] = [value or constant for value in values] if constant else list(values)

    @staticmethod
    def _noted(one: _Field, reads: list[Read]) -> list[tuple[int, str, Note]]:
        if not one.has_notes:
            return []
        return [(place, one.target, note) for place, (_, note) in enumerate(reads) if note is not None]

    @staticmethod
    def _require(one: _Field, reads: list[Read], wrong: dict[int, tuple[Reason, str]]) -> None:
        for place, read in enumerate(reads):
            if read.values[0] in {None, ""}:
                unreadable = read.note is not None and read.note.marks
                reason = Reason.REQUIRED_UNREADABLE if unreadable else Reason.REQUIRED_MISSING
                wrong.setdefault(place, (reason, one.target))

    def _add_attributes(
        self, columns: dict[str, list[Any]], by_column: Sequence[Any], notes: list[tuple[int, str, Note]]
    ) -> None:
        if not self._attributes:
            return
        names = [one.target for one in self._attributes]
        by_attribute: list[list[str]] = []
        for one in self._attributes:
            reads = one.read(by_column)
            by_attribute.append([values[0] for values, _ in reads])
            notes += self._noted(one, reads)
        columns["attributes"] = [
            {name: value for name, value in zip(names, values, strict=True) if value} or _NONE
            for values in zip(*by_attribute, strict=True)
        ]

    def _add_codes(
        self, columns: dict[str, list[Any]], by_column: Sequence[Any], notes: list[tuple[int, str, Note]]
    ) -> None:
        if not self._codes:
            return
        by_field: list[list[Read]] = []
        for one in self._codes:
            by_field.append(one.read(by_column))
            notes += self._noted(one, by_field[-1])
        columns["codes"] = [
            tuple(code for read in reads for code in read.values[0]) for reads in zip(*by_field, strict=True)
        ]

    @staticmethod
    def _add_notes(
        columns: dict[str, list[Any]],
        notes: list[tuple[int, str, Note]],
        row_marks: dict[int, tuple[Mark, ...]],
        count: int,
    ) -> None:
        written: list[dict[str, str]] = [_NONE] * count
        marks: list[tuple[str, ...]] = [()] * count
        for place, of_row in row_marks.items():
            marks[place] = of_row
        for place, target, note in notes:
            if note.written:
                if written[place] is _NONE:
                    written[place] = {}
                written[place][target] = note.written[:MOST_CHARACTERS_OF_ONE]
            if note.marks:
                marks[place] = tuple(dict.fromkeys((*marks[place], *note.marks)))
        columns["as_written"] = written
        columns["marks"] = marks

    def _add_whence(self, columns: dict[str, list[Any]], cells: Cells, whence: Whence) -> None:
        count = len(cells.rows)
        hashes = [self._hash(row) for row in cells.rows]
        columns["row_hash"] = hashes
        columns["row"] = cells.numbers
        columns["item"] = cells.items
        columns["file"] = [whence.file] * count
        columns["as_of"] = [whence.as_of] * count
        columns["asked_at"] = [whence.asked_at] * count
        columns["key"] = [self._key_of(row, digest) for row, digest in zip(cells.rows, hashes, strict=True)]

    def _hash(self, row: Sequence[Any]) -> bytes:
        digest = self._seed.copy()
        try:
            text = "\x1f".join(map(str.strip, row))
        except TypeError:
            cells = (cell.strip() if isinstance(cell, str) else text_of(cell)[0] for cell in row)
            text = "\x1f".join(cells)
        digest.update(text.encode("utf-8", "replace"))
        return digest.digest()

    def _key_of(self, row: Sequence[Any], digest: bytes) -> str:
        if self._key:
            parts = [text_of(row[place])[0] for place in self._key]
            key = ":".join((str(self.shape.kind), *parts))
            if all(parts) and len(key) <= _MOST_KEY:
                return key
        return digest.hex()

    @staticmethod
    def _require_identity(columns: dict[str, list[Any]], wrong: dict[int, tuple[Reason, str]]) -> None:
        for place, names in enumerate(zip(*(columns[name] for name in _IDENTIFY), strict=True)):
            if not any(names):
                placeholder = Mark.VIN_PLACEHOLDER in columns["marks"][place]
                reason = Reason.IDENTIFIER_PLACEHOLDER if placeholder else Reason.IDENTIFIER_MISSING
                wrong.setdefault(place, (reason, "vin"))

    @staticmethod
    def _kept(hashes: Iterable[bytes], wrong: dict[int, tuple[Reason, str]]) -> tuple[list[bool], int]:
        seen: set[bytes] = set()
        kept: list[bool] = []
        duplicates = 0
        for place, digest in enumerate(hashes):
            if place in wrong:
                kept.append(False)
            elif digest in seen:
                kept.append(False)
                duplicates += 1
            else:
                seen.add(digest)
                kept.append(True)
        return kept, duplicates

    @staticmethod
    def _reject(cells: Cells, place: int, file: str, reason: Reason, column: str) -> Reject:
        text = " | ".join(dict.fromkeys(filter(None, (text_of(cell)[0] for cell in cells.rows[place]))))
        return Reject(file, cells.numbers[place], cells.items[place], reason, column, text[:MOST_TEXT_KEPT])


def joined(parts: Sequence[dict[str, list[Any]]]) -> Batch:
    """The columns of several shapes as one batch."""
    if len(parts) == 1:
        return Batch(parts[0])
    return Batch({name: [value for part in parts for value in part[name]] for name in NAMES})
