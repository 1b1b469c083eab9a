"""What a file is, by its content, and the streams within it: bounded, whatever an archive says of itself."""

import gzip
import io
import lzma
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Final

from bpa_service.vehicles.reading import limits
from bpa_service.vehicles.records.rejects import FileReason, FileRefused

_HEAD: Final = 4096
_HTML: Final = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script")
# What an error page looks like from a program that was asked for data.
_XML: Final = b"<?xml"
_BINARY: Final = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"\xd0\xcf\x11\xe0",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x7fELF",
)
_DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, gzip.BadGzipFile, struct.error, ValueError, RuntimeError,
)  # fmt: skip


class Format(StrEnum):
    """What a file is. Whether text is a table or lines is the mapping's to say."""

    TEXT = "text"
    JSON = "json"
    SPREADSHEET = "spreadsheet"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class Part:
    """A file, or one within an archive: its name (`bulk.zip/tests.csv`), what it is, and its bytes.

    The stream of a spreadsheet or a Parquet file can be sought in.
    """

    name: str
    format: Format
    stream: IO[bytes]


def parts_of(
    path: Path, name: str | None = None, *, opened: Callable[[IO[bytes]], None] | None = None
) -> Iterator[Part]:
    """The parts of the file at `path`, each to be read before the next is asked for.

    `opened` is given the file itself: where it stands in it says how far its reading is.

    Raises `FileRefused` where there is nothing that can be read, here or later from a part's stream.
    """
    name = name or path.name
    with path.open("rb") as stream:
        if opened:
            opened(stream)
        head = stream.read(_HEAD)
        stream.seek(0)
        if head.startswith(b"\x1f\x8b"):
            packed = path.stat().st_size
            with gzip.GzipFile(fileobj=stream) as unpacked:
                yield from _plain(name.removesuffix(".gz"), _bounded(unpacked, packed))
        elif head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            yield from _zipped(name, stream)
        else:
            yield Part(name, _format(head), stream)


def _zipped(name: str, stream: IO[bytes]) -> Iterator[Part]:
    with _damage_told(), zipfile.ZipFile(stream) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if not members:
            raise FileRefused(FileReason.EMPTY)
        if len(members) > limits.MOST_MEMBERS and not _is_spreadsheet(archive):
            raise FileRefused(FileReason.TOO_MANY_FILES, details=(str(len(members)),))
        if any(member.flag_bits & 1 for member in members):
            raise FileRefused(FileReason.ENCRYPTED)
        if _is_spreadsheet(archive):
            _check_spreadsheet(members)
            stream.seek(0)
            yield Part(name, Format.SPREADSHEET, stream)
            return
        for member in members:
            with archive.open(member) as unpacked:
                yield from _plain(f"{name}/{member.filename}", _bounded(unpacked, member.compress_size))


def _plain(name: str, stream: io.BufferedReader) -> Iterator[Part]:
    """A part out of an archive; it may be no other archive, except that spreadsheets are zipped by nature."""
    head = stream.peek(_HEAD)[:_HEAD]
    if head.startswith((b"PK\x03\x04", b"PAR1")):
        with tempfile.TemporaryFile() as copy:
            while piece := stream.read(limits.MIB):
                if copy.tell() + len(piece) > limits.MOST_SPREADSHEET_BYTES:
                    raise FileRefused(FileReason.TOO_LARGE)
                copy.write(piece)
            copy.seek(0)
            if head.startswith(b"PAR1"):
                yield Part(name, Format.PARQUET, copy)
            else:
                yield from _spreadsheet_within(name, copy)
    elif head.startswith(b"\x1f\x8b"):
        raise FileRefused(FileReason.NESTED)
    else:
        yield Part(name, _format(head), stream)


def _spreadsheet_within(name: str, stream: IO[bytes]) -> Iterator[Part]:
    with _damage_told(), zipfile.ZipFile(stream) as archive:
        if not _is_spreadsheet(archive):
            raise FileRefused(FileReason.NESTED)
        _check_spreadsheet(archive.infolist())
    stream.seek(0)
    yield Part(name, Format.SPREADSHEET, stream)


def _is_spreadsheet(archive: zipfile.ZipFile) -> bool:
    names = archive.NameToInfo
    return "[Content_Types].xml" in names and "xl/workbook.xml" in names


def _check_spreadsheet(members: list[zipfile.ZipInfo]) -> None:
    """Refuse one that says it is huge; one that lies about it ends where it said that it would."""
    if sum(member.file_size for member in members) > limits.MOST_SPREADSHEET_BYTES:
        raise FileRefused(FileReason.TOO_LARGE)
    for member in members:
        if member.filename == "xl/sharedStrings.xml" and member.file_size > limits.MOST_SHARED_STRINGS_BYTES:
            raise FileRefused(FileReason.TOO_LARGE)
        too_dense = member.file_size > limits.MOST_RATIO * max(member.compress_size, 1)
        if too_dense and member.file_size > limits.RATIO_COUNTS_FROM:
            raise FileRefused(FileReason.TOO_COMPRESSED)


def _format(head: bytes) -> Format:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        if len(head) == _HEAD:  # blanks so far
            return Format.TEXT
        raise FileRefused(FileReason.EMPTY)
    if text[:20].lower().startswith(_HTML) or b"<html" in text[:1000].lower():
        raise FileRefused(FileReason.HTML)
    if text.startswith(b"PAR1"):
        return Format.PARQUET
    if text.startswith((*_BINARY, _XML)):
        raise FileRefused(FileReason.BINARY)
    return Format.JSON if text.startswith((b"{", b"[")) else Format.TEXT


@contextmanager
def _damage_told() -> Generator[None]:
    try:
        yield
    except EOFError as error:
        raise FileRefused(FileReason.CUT_OFF) from error
    except _DAMAGED as error:
        raise FileRefused(FileReason.DAMAGED, details=(str(error)[:200],)) from error


def _bounded(stream: IO[bytes] | gzip.GzipFile, packed: int) -> io.BufferedReader:
    return io.BufferedReader(_Bounded(stream, packed), limits.READ_BYTES)


class _Bounded(io.RawIOBase):
    """What comes out of an archive, counted as it comes: what the archive says of its size proves nothing."""

    def __init__(self, stream: IO[bytes] | gzip.GzipFile, packed: int) -> None:
        self._stream = stream
        self._packed = max(packed, 1)
        self._unpacked = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]  # typeshed's Buffer has no length
        with _damage_told():
            piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        self._unpacked += len(piece)
        if self._unpacked > limits.MOST_UNPACKED_BYTES:
            raise FileRefused(FileReason.TOO_LARGE)
        if self._unpacked > limits.RATIO_COUNTS_FROM and self._unpacked > limits.MOST_RATIO * self._packed:
            raise FileRefused(FileReason.TOO_COMPRESSED)
        return len(piece)
