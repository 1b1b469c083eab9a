"""Which column of a spreadsheet is what: by its name, else by what is in it. A person has the last word."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final

from cabinet_service.bulk.sheets.table import MOST_HEADINGS, Cells, Table
from shared_schemas.identifiers import read_identifier
from shared_schemas.words import IdentifierKind


class SheetField(StrEnum):
    """What a row may say of a car; also the names of the fields of a row as the API takes it."""

    IDENTIFIER = "identifier"
    PLATE = "plate"
    MAKE = "make"
    MODEL = "model"
    YEAR = "year"
    MILEAGE = "mileage"
    ADVERT_URL = "advert_url"
    WORRY = "worry"
    REFERENCE = "reference"


# Names that say it by themselves, and beginnings of words by which it is told in a longer name.
_NAMES: Final[Mapping[SheetField, tuple[str, ...]]] = {
    SheetField.IDENTIFIER: (
        *("vin", "вин", "vincode", "винкод", "vinкод", "vinномер", "винномер", "vinnumber", "идентификатор"),
        *("номеркузова", "номеррамы", "номершасси", "кузов", "chassis", "frame", "framenumber", "шасси"),
        *("идентификационныйномер", "chassisno", "chassisnumber", "車台番号"),
    ),
    SheetField.PLATE: (
        *(
            "госномер",
            "грз",
            "гос",
            "регномер",
            "номерзнака",
            "госзнак",
            "plate",
            "platenumber",
            "licenseplate",
        ),
        *("гн", "регзнак", "registration", "regno", "государственныйномер", "номермашины", "номеравто"),
    ),
    SheetField.MAKE: ("марка", "make", "brand", "бренд", "производитель", "manufacturer", "маркаавто"),
    SheetField.MODEL: (
        *("модель", "model", "маркамодель", "маркаимодель", "автомобиль", "авто", "машина", "car", "vehicle"),
        *("наименование", "тс", "makemodel"),
    ),
    SheetField.YEAR: (
        "год",
        "year",
        "годвыпуска",
        "гв",
        "годизготовления",
        "modelyear",
        "датавыпуска",
        "выпуск",
    ),
    SheetField.MILEAGE: ("пробег", "mileage", "odometer", "одометр", "км", "km", "пробегкм", "miles", "kms"),
    SheetField.ADVERT_URL: ("ссылка", "url", "link", "объявление", "advert", "listing", "ссылканаобъявление"),
    SheetField.WORRY: (
        *(
            "комментарий",
            "примечание",
            "примечания",
            "заметка",
            "comment",
            "comments",
            "note",
            "notes",
            "вопрос",
        ),
        *("чтосмущает", "worry", "описание"),
    ),
    SheetField.REFERENCE: (
        *("id", "ид", "номер", "номерзаявки", "заявка", "лот", "лотномер", "lot", "stock", "stockno", "ref"),
        *(
            "reference",
            "артикул",
            "договор",
            "номердоговора",
            "stocknumber",
            "lotnumber",
            "кодтс",
            "внутреннийномер",
        ),
    ),
}
_BEGINNINGS: Final[Mapping[SheetField, tuple[str, ...]]] = {
    SheetField.IDENTIFIER: ("vin", "вин", "кузов", "шасси", "рам", "chassis", "идентификацион"),
    SheetField.PLATE: ("гос", "грз", "plate", "регистрац"),
    SheetField.MILEAGE: ("пробег", "mileage", "odometer", "одометр"),
    SheetField.YEAR: ("год", "year"),
    SheetField.ADVERT_URL: ("ссылк", "url", "объявлен", "advert", "listing"),
    SheetField.MAKE: ("марк", "make", "brand"),
    SheetField.MODEL: ("модел", "model"),
    SheetField.WORRY: ("коммент", "примеч", "comment", "note"),
    SheetField.REFERENCE: ("заявк", "лот", "stock", "lot", "договор"),
}
_FIELD_OF: Final = {name: field for field, names in _NAMES.items() for name in names}
_WORD: Final = re.compile(r"[^\W\d_]+")
_LOOKED_AT: Final = 50
_ENOUGH: Final = 0.5


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is None where the sheet has none; `field` where nobody could tell what it is."""

    name: str | None
    field: SheetField | None


@dataclass(frozen=True, slots=True)
class Recognised:
    """Columns, and the rows below those that name them."""

    columns: tuple[Column, ...]
    rows: Sequence[tuple[int, Cells]]


def recognise(table: Table) -> Recognised:
    """What the columns are. Titles above the row that names them are left out with it."""
    place = _header_place(table.rows)
    names: Cells = () if place is None else table.rows[place][1]
    rows = table.rows if place is None else table.rows[place + 1 :]
    width = max((len(cells) for _, cells in rows), default=len(names))
    width = max(width, len(names))
    fields = _by_name(names)
    _add_by_content(fields, rows, width)
    columns = tuple(
        Column(names[at] or None if at < len(names) else None, fields.get(at)) for at in range(width)
    )
    return Recognised(columns, rows)


def _header_place(rows: Sequence[tuple[int, Cells]]) -> int | None:
    """Where the row is that names the columns; None where there are cars from the first one on."""
    best: tuple[int, int | None] = (0, None)
    for place, (_, cells) in enumerate(rows[:MOST_HEADINGS]):
        if any(_is_number(cell) for cell in cells):
            break
        if (hits := len(_by_name(cells))) > best[0]:
            best = (hits, place)
    if best[1] is not None:
        return best[1]
    # Names that nobody knows are names all the same, above columns of numbers.
    first, others = rows[0][1], rows[1:MOST_HEADINGS]
    is_above_numbers = any(_is_number(cell) for _, cells in others for cell in cells)
    return 0 if is_above_numbers and not any(_is_number(cell) for cell in first) else None


def _by_name(names: Cells) -> dict[int, SheetField]:
    """The first column of a name has it."""
    found: dict[int, SheetField] = {}
    for tell in (_exactly, _by_beginning):
        for at, name in enumerate(names):
            field = tell(name)
            if field is not None and at not in found and field not in found.values():
                found[at] = field
    return found


def _exactly(name: str) -> SheetField | None:
    return _FIELD_OF.get("".join(_WORD.findall(name.casefold())))


def _by_beginning(name: str) -> SheetField | None:
    words = _WORD.findall(name.casefold())
    return next(
        (
            field
            for field, beginnings in _BEGINNINGS.items()
            if any(word.startswith(beginnings) for word in words)
        ),
        None,
    )


def _add_by_content(fields: dict[int, SheetField], rows: Sequence[tuple[int, Cells]], width: int) -> None:
    wanted = (
        (SheetField.IDENTIFIER, _is_number),
        (SheetField.PLATE, _is_plate),
        (SheetField.ADVERT_URL, _is_link),
    )
    for field, is_one in wanted:
        if field in fields.values():
            continue
        shares = {
            at: _share(is_one, (cells[at] for _, cells in rows if at < len(cells) and cells[at]))
            for at in range(width)
            if at not in fields
        }
        best = max(shares, key=lambda at: shares[at], default=None)
        if best is not None and shares[best] >= _ENOUGH:
            fields[best] = field


def _share(is_one: Callable[[str], bool], cells: Iterable[str]) -> float:
    looked_at = list(islice(cells, _LOOKED_AT))
    return sum(map(is_one, looked_at)) / len(looked_at) if looked_at else 0.0


def _is_number(cell: str) -> bool:
    """Whether it is a VIN or a frame number that stands alone; a plate may be anything short."""
    reading = read_identifier(cell)
    return reading.ok and reading.kind is not IdentifierKind.PLATE and any(map(str.isdigit, reading.value))


def _is_plate(cell: str) -> bool:
    reading = read_identifier(cell)
    return reading.ok and reading.kind is IdentifierKind.PLATE


def _is_link(cell: str) -> bool:
    return cell.casefold().startswith(("http://", "https://", "www."))


_TELLS: Final[Mapping[SheetField, Callable[[str], bool]]] = {
    SheetField.IDENTIFIER: _is_number,
    SheetField.PLATE: _is_plate,
    SheetField.ADVERT_URL: _is_link,
}
