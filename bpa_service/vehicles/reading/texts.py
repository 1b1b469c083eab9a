"""Lines out of bytes: bounded in length, in whatever encoding each of them is, and told where it was another."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Final

from bpa_service.vehicles.reading.limits import MOST_LINE_BYTES, READ_BYTES
from bpa_service.vehicles.records.kinds import Mark

_UTF8: Final = "utf-8"
_WIDE_BOMS: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
# Words of Cyrillic letters are runs of high bytes; words of the West have them one at a time.
_CYRILLIC_WORD: Final = re.compile(rb"[\xa8\xb8\xc0-\xff]{3}")
REPLACEMENT: Final = "\ufffd"


@dataclass(slots=True)
class Lines:
    """Some lines without their ends, the number of the first, and what to know of them by their place in `texts`.

    `too_long` are places of lines of which only the beginning is here. `is_end` says that the last of them is the
    last of the file and that no line break ends it.
    """

    first: int
    texts: list[str]
    marks: dict[int, tuple[Mark, ...]] = field(default_factory=dict[int, tuple[Mark, ...]])
    too_long: set[int] = field(default_factory=set[int])
    is_end: bool = False


def lines_of(stream: IO[bytes], encodings: tuple[str, ...]) -> Iterator[Lines]:
    """The lines of `stream`. Of `encodings` the first that is not UTF-8 is what a line is in that is not UTF-8.

    If there are two such, cp1251 is taken for lines with Cyrillic words. Lines end by LF, CRLF or a lone CR.
    """
    decoder = _Decoder(encodings)
    number = 1
    for raw, too_long, is_end in _raw_lines(utf8_chunks(stream)):
        lines = decoder.decode(raw, number)
        lines.too_long, lines.is_end = too_long, is_end
        number += len(raw)
        yield lines


def utf8_chunks(stream: IO[bytes], *, repair: bool = False) -> Iterator[bytes]:
    """The bytes of `stream` without a byte order mark, UTF-16 as UTF-8; with `repair` what is no UTF-8 is �."""
    chunk = stream.read(READ_BYTES)
    wide = _WIDE_BOMS.get(chunk[:2])
    chunk = chunk[2:] if wide else chunk.removeprefix(codecs.BOM_UTF8)
    decoder = codecs.getincrementaldecoder(wide or _UTF8)(errors="replace") if wide or repair else None
    while chunk or wide:
        piece = decoder.decode(chunk).encode(_UTF8, "replace") if decoder else chunk
        if piece:
            yield piece
        if not (chunk := stream.read(READ_BYTES)):
            break
    if decoder and (last := decoder.decode(b"", final=True)):
        yield last.encode(_UTF8, "replace")


def _raw_lines(chunks: Iterator[bytes]) -> Iterator[tuple[list[bytes], set[int], bool]]:
    """Lists of lines, the places of those that were too long, and whether the last is ended by nothing."""
    rest, dropping = b"", False
    for chunk in chunks:
        if dropping:  # the rest of a line whose beginning was given already
            end = _line_end(chunk)
            if end < 0:
                continue
            chunk, dropping = chunk[end + 1 :], False  # noqa: PLW2901 — only what follows is still to be read
        # A CR at the very end may be half of a CRLF.
        whole = rest + chunk
        held = whole[-1:] if whole.endswith(b"\r") else b""
        *lines, rest = whole.removesuffix(held).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        rest += held
        too_long = {place for place, line in enumerate(lines) if len(line) > MOST_LINE_BYTES}
        if len(rest) > MOST_LINE_BYTES:
            too_long.add(len(lines))
            lines.append(rest)
            rest, dropping = b"", True
        for place in too_long:
            lines[place] = lines[place][:MOST_LINE_BYTES]
        if lines:
            yield lines, too_long, False
    if rest:
        ended = rest.endswith(b"\r")
        yield [rest.removesuffix(b"\r")], set(), not ended


def _line_end(chunk: bytes) -> int:
    ends = [place for place in (chunk.find(b"\n"), chunk.find(b"\r")) if place >= 0]
    return min(ends, default=-1)


class _Decoder:
    def __init__(self, encodings: tuple[str, ...]) -> None:
        self._narrow = tuple(encoding for encoding in encodings if encoding != _UTF8)
        self._usual: str | None = None  # of the first line that is not plain ASCII

    def decode(self, raw: list[bytes], first: int) -> Lines:
        together = b"\n".join(raw)
        if together.isascii():
            return Lines(first, together.decode("ascii").split("\n"))
        if self._usual in {None, _UTF8}:
            try:
                texts = together.decode(_UTF8).split("\n")
            except UnicodeDecodeError:
                pass
            else:
                self._usual = _UTF8
                return Lines(first, texts)
        lines = Lines(first, [])
        for place, line in enumerate(raw):
            text, marks = self._line(line)
            lines.texts.append(text)
            if marks:
                lines.marks[place] = marks
        return lines

    def _line(self, line: bytes) -> tuple[str, tuple[Mark, ...]]:
        if line.isascii():
            return line.decode("ascii"), ()
        text, encoding = self._guessed(line)
        self._usual = self._usual or encoding
        marks = () if encoding == self._usual else (Mark.TEXT_MIXED_ENCODING,)
        return text, (*marks, Mark.TEXT_UNREADABLE) if REPLACEMENT in text else marks

    def _guessed(self, line: bytes) -> tuple[str, str]:
        try:
            return line.decode(_UTF8), _UTF8
        except UnicodeDecodeError:
            text = line.decode(_UTF8, "replace")
        bad = text.count(REPLACEMENT)
        good = sum(not character.isascii() for character in text) - bad
        if good > bad or not self._narrow:  # UTF-8 with a few bytes broken
            return text, _UTF8
        narrow = self._narrow[0]
        if len(self._narrow) > 1:
            narrow = "cp1251" if _CYRILLIC_WORD.search(line) else "cp1252"
        return line.decode(narrow, "replace"), narrow
