"""Text with a cell behind the other: a CSV file, or what was copied out of a spreadsheet and pasted."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final

from cabinet_service.bulk.sheets.table import NO_TABLE, Table, filled
from service_kit.decoding import FileRefused

_DELIMITERS: Final = ("\t", ";", ",", "|")
# Excel's first line may say which it is.
_SAYS_DELIMITER: Final = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_LOOKED_AT: Final = 20
_WIDE: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
# Letters of Russian words; what cp1251 makes of another encoding is mostly something else.
_RUSSIAN: Final = re.compile(r"[А-ЯЁ]?[а-яё]{3,}|[А-ЯЁ]{2,}")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")
# Excel writes ="0123" so that a text stays one; spreadsheets show what is within.
_AS_TEXT: Final = re.compile(r'="((?:[^"]|"")*)"')
csv.field_size_limit(2**31 - 1)  # the file itself is bounded


def read_delimited(data: bytes) -> Table:
    """The table in the text, whatever encoding and delimiter it has. Raises FileRefused."""
    text = _text(data)
    delimiter = None
    if said := _SAYS_DELIMITER.match(text):
        delimiter, text = said[1], text[said.end() :]
    return filled(_rows(text, delimiter or _delimiter(text)), Table())


def _text(data: bytes) -> str:
    wide = _WIDE.get(data[:2]) or _wide_without_mark(data)
    if wide:
        text = data.decode(wide, "replace").removeprefix("\ufeff")
    else:
        text = _narrow(data.removeprefix(codecs.BOM_UTF8))
    if _CONTROLS.search(text):
        raise FileRefused(NO_TABLE)
    return text


def _wide_without_mark(data: bytes) -> str | None:
    """Text of Latin letters in UTF-16 is every other byte zero."""
    head = data[:200]
    if len(head) > 1 and head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    if len(head) > 1 and head[::2].count(0) > len(head) // 4:
        return "utf-16-be"
    return None


def _narrow(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        pass
    # Which of them has the most Russian in it; where none has any, it is a language of Western Europe.
    texts = {name: data.decode(name, "replace") for name in ("cp1251", "cp866", "koi8-r")}
    russian = {name: sum(map(len, _RUSSIAN.findall(text))) for name, text in texts.items()}
    best = max(russian, key=lambda name: russian[name])
    return texts[best] if russian[best] else data.decode("cp1252", "replace")


def _delimiter(text: str) -> str:
    """The one that divides the first rows into most cells, as many in each as in the others."""
    found = {one: _regularity(text, one) for one in _DELIMITERS}
    return max(_DELIMITERS, key=lambda one: found[one])


def _regularity(text: str, delimiter: str) -> tuple[int, int]:
    """How many of the first rows are divided into as many cells as most of them, and into how many."""
    widths = Counter(len(row) for row in islice(_rows(text, delimiter), _LOOKED_AT) if len(row) > 1)
    return max(((count, width) for width, count in widths.items()), default=(0, 0))


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for row in reader:
        yield [_AS_TEXT.sub(_within, cell) for cell in row]


def _within(quoted: re.Match[str]) -> str:
    return quoted[1].replace('""', '"')
