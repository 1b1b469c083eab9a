"""The tables and documents in a file, whatever kind of file it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from bpa_service.vehicles.reading.blocks import Documents, Table
from bpa_service.vehicles.reading.delimited import Delimited, read_delimited
from bpa_service.vehicles.reading.documents import is_json_lines, read_json, read_json_lines
from bpa_service.vehicles.reading.limits import MOST_LINE_BYTES
from bpa_service.vehicles.reading.opening import Format, Part, parts_of
from bpa_service.vehicles.reading.parquet import read_parquet
from bpa_service.vehicles.reading.spreadsheets import read_spreadsheet


@dataclass(frozen=True, slots=True)
class How:
    """What a mapping says of its source's files.

    `items` is where in a JSON document the array of rows is, as ijson writes paths, if it is not the document
    itself. `json_lines` says that a file is one document a line even if its first line is broken.
    """

    delimited: Delimited = field(default_factory=Delimited)
    items: str = ""
    json_lines: bool = False


def read(
    path: Path, how: How, name: str | None = None, *, opened: Callable[[IO[bytes]], None] | None = None
) -> Iterator[Table | Documents]:
    """What is in the file at `path`, each to be read to its end before the next is asked for.

    `opened` is given the file itself. Raises `FileRefused`, here or from the blocks of what is given.
    """
    for part in parts_of(path, name, opened=opened):
        yield from _read(part, how)


def _read(part: Part, how: How) -> Iterator[Table | Documents]:
    match part.format:
        case Format.SPREADSHEET:
            yield from read_spreadsheet(part.stream, part.name, how.delimited.known)
        case Format.PARQUET:
            yield read_parquet(part.stream, part.name)
        case Format.TEXT:
            yield read_delimited(part.stream, part.name, how.delimited)
        case Format.JSON:
            stream = _Resumed(part.stream)
            if how.json_lines or is_json_lines(stream.head):
                yield read_json_lines(stream, part.name, how.delimited.encodings)  # pyright: ignore[reportArgumentType]  # reads as a stream does
            else:
                yield read_json(stream, part.name, items=how.items)  # pyright: ignore[reportArgumentType]  # the same


class _Resumed:
    """A stream whose beginning was looked at, and is read all the same."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.head: Final = stream.read(MOST_LINE_BYTES)
        self._held = self.head
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        if self._held:
            piece, self._held = (self._held, b"") if size < 0 else (self._held[:size], self._held[size:])
            return piece
        return self._stream.read(size)
