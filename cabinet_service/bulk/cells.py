"""What the cells of a spreadsheet say: years, mileages and links, as people and programs write them.

A value that cannot be read is told and left out; nothing is guessed.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from shared_schemas.letters import folded

Cell = str | int | float | None
MOST_CHARACTERS: Final = 8_000
_LONGEST_NOTHING: Final = 40
EARLIEST_YEAR: Final = 1886
MOST_KILOMETRES: Final = 5_000_000
_MILE: Final = 1.609344

_NOTHING: Final = frozenset(
    {
        *(
            "-",
            "--",
            "---",
            "—",
            "–",
            "?",
            "??",
            "???",
            "X",
            ".",
            "Н/Д",
            "НД",
            "НЕТ",
            "НЕТ ДАННЫХ",
            "N/A",
            "NA",
            "NONE",
        ),
        *(
            "NULL",
            "UNKNOWN",
            "НЕИЗВЕСТНО",
            "НЕИЗВЕСТЕН",
            "НЕ УКАЗАН",
            "НЕ УКАЗАНО",
            "НЕ УКАЗАНА",
            "ОТСУТСТВУЕТ",
        ),
    }
)
_ERROR: Final = re.compile(r"#[A-ZА-ЯЁ/0]+[!?]?(?:/[AД])?")
_ROUNDED: Final = re.compile(r"\d(?:[.,]\d+)?E\+\d{2,3}")
_YEAR: Final = re.compile(r"(?<!\d)(?:1[89]\d{2}|2[01]\d{2})(?!\d)")
_WHOLE: Final = re.compile(r"(\d{1,9})(?:[.,]0+)?")
# Days since 1899-12-30, as spreadsheets keep dates; before 1941 and after 2050 nobody's car was made.
_DAY_ZERO: Final = date(1899, 12, 30)
_DAYS: Final = range(15_000, 55_000)
_MILEAGE: Final = re.compile(
    r"(\d[\d .,'’]*)"
    r"(?:(ТЫС|Т|K|К|T)\b\.?)? ?"
    r"(?:(KMS?|КМ|KILOMETERS|KILOMETRES)|(MI|MILES?|МИЛЬ|МИЛИ|МИЛЯ))?\.?",
)
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_DECIMAL: Final = re.compile(r"\d+(?:[.,]\d+)?")


class Unreadable(Exception):
    """The cell does not say it. `code` is stable: `year_unreadable`, `mileage_unreadable` …"""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Year:
    """`from_date`: the cell held a whole date; `from_days`: it held one as a number."""

    value: int
    from_date: bool = False
    from_days: bool = False


@dataclass(frozen=True, slots=True)
class Mileage:
    """In whole kilometres; `from_miles`: the cell said miles."""

    kilometres: int
    from_miles: bool = False


def text_of(cell: Cell) -> str:
    """The cell as a person sees it, without the mark by which spreadsheets know a text."""
    match cell:
        case None:
            return ""
        case float() if cell.is_integer() and abs(cell) < 10**15:
            return str(int(cell))
        case str():
            return cell.strip().removeprefix("'").strip()
        case _:
            return str(cell)


def says_nothing(text: str) -> bool:
    """Whether it stands for "there is none" or "nobody knows"."""
    return len(text) <= _LONGEST_NOTHING and (not text or folded(text).strip(" ") in _NOTHING)


def fault_of(text: str) -> str | None:
    """The code of what a spreadsheet has put in place of a value; None for a text."""
    if text.startswith("=") and len(text) > 1:
        return "cell_formula"
    if _ERROR.fullmatch(text.upper()):
        return "cell_error"
    if _ROUNDED.fullmatch(text.upper()):
        return "cell_rounded"
    return "cell_too_long" if len(text) > MOST_CHARACTERS else None


def year_of(text: str, *, this_year: int) -> Year:
    """The year in the cell. Raises Unreadable."""
    found = set(_YEAR.findall(text))
    if len(found) == 1:
        year = Year(int(found.pop()), from_date=not _WHOLE.match(text) or len(text) > len("2012 г.в."))
    elif not found and (days := _WHOLE.fullmatch(text)) and int(days[1]) in _DAYS:
        year = Year((_DAY_ZERO + timedelta(int(days[1]))).year, from_days=True)
    else:
        raise Unreadable("year_unreadable")
    if not EARLIEST_YEAR <= year.value <= this_year + 1:
        raise Unreadable("year_out_of_range")
    return year


def mileage_of(text: str) -> Mileage:
    """The mileage in the cell; kilometres, unless it says miles. Raises Unreadable."""
    said = _MILEAGE.fullmatch(folded(text).replace("\N{NO-BREAK SPACE}", " "))
    if said is None:
        raise Unreadable("mileage_unreadable")
    number = said[1].replace(" ", "").replace("'", "").replace("’", "").rstrip(".,")
    if not said[2] and _THOUSANDS.fullmatch(number):
        number = re.sub(r"[.,]", "", number)
    if not _DECIMAL.fullmatch(number):
        raise Unreadable("mileage_unreadable")
    value = float(number.replace(",", ".")) * (1000 if said[2] else 1) * (_MILE if said[4] else 1)
    if value > MOST_KILOMETRES:
        raise Unreadable("mileage_out_of_range")
    return Mileage(round(value), from_miles=bool(said[4]))
