"""JSON: one document, an array of them however long, or one a line."""

import json
from collections.abc import Iterable, Iterator
from typing import IO, Any, Final, NoReturn, cast

import ijson  # pyright: ignore[reportMissingTypeStubs]  # it has none

from bpa_service.vehicles.reading.blocks import Block, Documents
from bpa_service.vehicles.reading.limits import MOST_DEPTH, MOST_DOCUMENT_BYTES, ROWS_OF_BLOCK
from bpa_service.vehicles.reading.texts import lines_of, utf8_chunks
from bpa_service.vehicles.records.rejects import MOST_TEXT_KEPT, FileReason, FileRefused, Reason, Reject

Document = dict[str, Any]
_PREMATURE: Final = ("premature EOF", "incomplete")


def read_json(stream: IO[bytes], file: str, *, items: str) -> Documents:
    """The items of an array at the path `items` (as ijson writes it), of one at the top, or the one document."""
    text = _Text(utf8_chunks(stream, repair=True))
    prefix = items if items and text.peek() == b"{" else "item" if text.peek() == b"[" else ""
    return Documents(file, _blocks(_items(text, prefix, file)))


def read_json_lines(stream: IO[bytes], file: str, encodings: tuple[str, ...]) -> Documents:
    """A document a line."""
    return Documents(file, _lines(stream, file, encodings))


def is_json_lines(head: bytes) -> bool:
    """Whether the first line is a whole object: then a file is one a line, if only one line."""
    line, _, _ = head.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _lines(stream: IO[bytes], file: str, encodings: tuple[str, ...]) -> Iterator[Block[Document]]:
    for lines in lines_of(stream, encodings):
        block = Block[Document]()
        for place, text in enumerate(lines.texts):
            number = lines.first + place
            if not text.strip():
                block.blank_lines += 1
            elif place in lines.too_long:
                block.rejects.append(_reject(file, number, Reason.LINE_TOO_LONG, text))
            elif isinstance(read := _parsed(text), Reason):
                is_cut = lines.is_end and place == len(lines.texts) - 1 and read is Reason.JSON_MALFORMED
                block.ends_within_row |= is_cut
                block.rejects.append(_reject(file, number, Reason.ROW_CUT_OFF if is_cut else read, text))
            else:
                if marks := lines.marks.get(place):
                    block.marks[len(block.rows)] = marks
                block.rows.append(read)
                block.numbers.append(number)
        yield block


def _parsed(text: str) -> Document | Reason:
    try:
        read = json.loads(text, parse_constant=_refuse)
    except RecursionError:
        return Reason.JSON_TOO_DEEP
    except ValueError:
        return Reason.JSON_MALFORMED
    return _checked(read)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _checked(read: object) -> Document | Reason:
    if not isinstance(read, dict):
        return Reason.NOT_AN_OBJECT
    document = cast("Document", read)
    return Reason.JSON_TOO_DEEP if is_too_deep(document) else document


def is_too_deep(read: object) -> bool:
    """Whether more is nested in it than a document may have."""
    level: list[object] = [read]
    for _ in range(MOST_DEPTH):
        level = [value for one in level for value in _within(one)]
        if not level:
            return False
    return True


def _within(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return cast("dict[str, object]", value).values()
    return cast("list[object]", value) if isinstance(value, list) else ()


def _items(text: "_Text", prefix: str, file: str) -> Iterator[Document | Reject]:
    number = 0
    try:
        # Numbers stay as they are written: a float would change the digits of a long identifier.
        for item in ijson.items(text, prefix, use_float=False):
            number += 1
            text.begin_item()
            read = _checked(item)
            yield _reject(file, number, read, repr(item)) if isinstance(read, Reason) else read
    except ijson.IncompleteJSONError as error:
        is_cut = any(word in str(error) for word in _PREMATURE)
        yield _reject(file, number + 1, Reason.ROW_CUT_OFF if is_cut else Reason.JSON_MALFORMED, text.latest)
        raise FileRefused(FileReason.CUT_OFF if is_cut else FileReason.MALFORMED, row=number + 1) from error
    except ijson.JSONError as error:
        yield _reject(file, number + 1, Reason.JSON_MALFORMED, text.latest)
        raise FileRefused(FileReason.MALFORMED, row=number + 1) from error


def _blocks(items: Iterator[Document | Reject]) -> Iterator[Block[Document]]:
    block, number, refused = Block[Document](), 0, None
    while refused is None:
        try:
            item = next(items, None)
        except FileRefused as error:
            refused = error
            break
        if item is None:
            break
        number += 1
        if isinstance(item, Reject):
            block.rejects.append(item)
        else:
            block.rows.append(item)
            block.numbers.append(number)
        if block.count >= ROWS_OF_BLOCK:
            yield block
            block = Block[Document]()
    yield block
    if refused is not None:
        raise refused


def _reject(file: str, number: int, reason: Reason, text: str) -> Reject:
    return Reject(file, number, 0, reason, text=text[:MOST_TEXT_KEPT])


class _Text:
    """The bytes of a JSON text for ijson, which holds one item at a time: none may be larger than the limit."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = b""
        self._of_item = 0
        self.latest = ""

    def peek(self) -> bytes:
        while not self._held.strip():
            following = next(self._chunks, None)
            if following is None:
                raise FileRefused(FileReason.EMPTY)
            self._held += following
        return self._held.lstrip()[:1]

    def begin_item(self) -> None:
        self._of_item = 0

    def read(self, size: int = -1) -> bytes:
        if not size:  # ijson asks for nothing to learn whether it gets bytes
            return b""
        chunk, self._held = (self._held, b"") if self._held else (next(self._chunks, b""), b"")
        self._of_item += len(chunk)
        if self._of_item > MOST_DOCUMENT_BYTES:
            raise FileRefused(FileReason.MALFORMED, details=("an item is too large",))
        if chunk:
            self.latest = chunk[:MOST_TEXT_KEPT].decode("utf-8", "replace")
        return chunk
