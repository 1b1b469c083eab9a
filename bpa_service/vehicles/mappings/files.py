"""A source's file, read through its mapping: portions of records, rejects, and an account that adds up."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from bpa_service.vehicles.mappings.columns import Fit, fitted
from bpa_service.vehicles.mappings.converters.base import NOTHING, Context
from bpa_service.vehicles.mappings.documents import DocumentShapes
from bpa_service.vehicles.mappings.shapes import ShapeAtWork, Taken, Whence, joined
from bpa_service.vehicles.mappings.spec import Mapping
from bpa_service.vehicles.mappings.splitting import Splitter
from bpa_service.vehicles.reading.blocks import Block, Documents, Table
from bpa_service.vehicles.reading.delimited import Delimited
from bpa_service.vehicles.reading.files import How, read
from bpa_service.vehicles.records.columns import Batch
from bpa_service.vehicles.records.rejects import Reject, Tally


@dataclass(frozen=True, slots=True)
class Portion:
    """Some rows of a file and what became of them. The same file has the same portions, counted from 1."""

    number: int
    batch: Batch
    rejects: list[Reject]
    duplicates: int
    rows: int


@dataclass(slots=True)
class FileReading:
    """The reading of one file. `tally` and `fits` (by table) grow as portions are taken.

    To resume, give the number of the portion that was dealt with last as `after`: what came before is passed over
    and not counted.
    """

    path: Path
    mapping: Mapping
    as_of: datetime
    name: str = ""
    asked_at: datetime | None = None
    after: int = 0
    tally: Tally = field(default_factory=Tally)
    fits: dict[str, Fit] = field(default_factory=dict[str, Fit])
    bytes_read: int = 0
    """Of the file as it lies on the disk, packed or not; it never falls, and is for showing only."""
    _file: IO[bytes] | None = None

    def portions(self) -> Iterator[Portion]:
        """What becomes of the file's rows, in memory that does not grow with it.

        Raises `FileRefused` where no more can be read; the portions before it stand.
        """
        number, cut = 0, False
        name = self.name or self.path.name
        for part in read(self.path, _how(self.mapping), name, opened=self._opened):
            for block, take in self._blocks(part):
                number += 1
                cut |= block.ends_within_row
                if self._file and not self._file.closed:
                    self.bytes_read = max(self.bytes_read, self._file.tell())
                if number > self.after:
                    yield self._portion(number, block, take())
        self.tally.complete = not cut

    def _opened(self, file: IO[bytes]) -> None:
        self._file = file

    def _blocks(self, part: Table | Documents) -> Iterator[tuple[Block[Any], Callable[[], list[Taken]]]]:
        """The blocks of a part, each with what makes records of it."""
        whence = Whence(part.file, self.as_of, self.asked_at)
        shapes = shapes_of(self.mapping, self.as_of)
        if isinstance(part, Documents):
            documents = DocumentShapes(self.mapping, shapes, whence)
            for block in part.blocks:
                yield block, partial(documents.take, block)
        else:
            fit = fitted(part.header, self.mapping, part.delimiter)
            self.fits[part.file] = fit
            tables = _Tables(shapes, fit, whence, is_text=part.is_text)
            for block in part.blocks:
                yield block, partial(tables.take, block)

    def _portion(self, number: int, block: Block[Any], taken: Sequence[Taken]) -> Portion:
        batch = joined([one.columns for one in taken])
        rejects = [*block.rejects, *(reject for one in taken for reject in one.rejects)]
        duplicates = sum(one.duplicates for one in taken)
        portion = Portion(number, batch, rejects, duplicates, len(batch) + len(rejects) + duplicates)
        tally = self.tally
        tally.rows += portion.rows
        tally.records += len(batch)
        tally.duplicates += duplicates
        tally.blank_lines += block.blank_lines
        for counts, found in (
            (tally.rejected, Counter(str(reject.reason) for reject in rejects)),
            (tally.marks, Counter(str(mark) for marks in batch.columns["marks"] for mark in marks)),
        ):
            for name, count in found.items():
                counts[name] = counts.get(name, 0) + count
        return portion


def shapes_of(mapping: Mapping, as_of: datetime) -> list[ShapeAtWork]:
    """The mapping's shapes, with what their converters have to know."""
    context = Context(
        zone=ZoneInfo(mapping.zone) if mapping.zone else None,
        country=mapping.country,
        language=mapping.language,
        as_of=as_of.date(),
        nothing=NOTHING | {text.casefold() for text in mapping.nothing},
    )
    return [ShapeAtWork(shape, mapping, context) for shape in mapping.shape]


def _how(mapping: Mapping) -> How:
    file = mapping.file
    other_names = {name for names in file.renamed.values() for name in names}
    delimited = Delimited(
        known=mapping.known_columns() | other_names,
        encodings=file.encodings,
        columns=() if file.has_header else file.header,
        delimiters=file.delimiters,
        backslash=file.backslash,
        whole_lines=file.lines,
    )
    return How(delimited, file.items, file.json_lines)


class _Tables:
    """The shapes of a table: each makes a record of every row."""

    def __init__(self, shapes: list[ShapeAtWork], fit: Fit, whence: Whence, *, is_text: bool) -> None:
        self._shapes = shapes
        self._whence = whence
        self._splitters = [Splitter(one.shape, fit.places, is_text=is_text) for one in shapes]

    def take(self, block: Block[Sequence[Any]]) -> list[Taken]:
        return [
            shape.take(splitter.cells(block), self._whence)
            for shape, splitter in zip(self._shapes, self._splitters, strict=True)
        ]
