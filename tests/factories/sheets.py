"""Spreadsheets as people and programs make them, and as no honest program does."""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet


def workbook(
    rows: Iterable[Sequence[Any]], *, then: Callable[[Worksheet], None] | None = None, title: str = "Cars"
) -> bytes:
    """An XLSX file with one sheet; `then` is done to it last."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    if then is not None:
        then(sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


_INLINE: Final = re.compile(rb't="inlineStr"><is><t(?: [^>]*)?>([^<]*)</t></is></c>')
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
SHEET: Final = "xl/worksheets/sheet1.xml"
STRINGS: Final = "xl/sharedStrings.xml"


def as_excel_saves(xlsx: bytes) -> bytes:
    """The workbook with each text once, in a part of its own that cells refer to."""
    texts: list[bytes] = []

    def shared(cell: re.Match[bytes]) -> bytes:
        texts.append(cell[1])
        return b't="s"><v>%d</v></c>' % (len(texts) - 1)

    parts = members(xlsx)
    parts[SHEET] = _INLINE.sub(shared, parts[SHEET])
    strings = b"".join(b"<si><t>%s</t></si>" % text for text in texts)
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts[STRINGS] = b'<sst xmlns="%s">%s</sst>' % (space, strings)
    part = f'<Override PartName="/{STRINGS}" ContentType="{_TYPE}"/>'.encode()
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", part + b"</Types>")
    relation = f'<Relationship Id="rId99" Type="{_RELATION}" Target="sharedStrings.xml"/>'.encode()
    end = b"</Relationships>"
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(end, relation + end)
    return archive_of(parts)


def members(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def archive_of(parts: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def rewritten(xlsx: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its parts changed."""
    parts = members(xlsx)
    return archive_of({**parts, member: change(parts[member])})


def with_results(xlsx: bytes, results: dict[str, str]) -> bytes:
    """The workbook as Excel saves it: formulas beside what they gave last, by their cells."""

    def change(content: bytes) -> bytes:
        for cell, result in results.items():
            at = content.index(f'r="{cell}"'.encode())
            start = content.index(b"<v", at)
            end = content.index(b"</c>", at)
            content = content[:start] + f"<v>{result}</v>".encode() + content[end:]
        return content

    return rewritten(xlsx, SHEET, change)
