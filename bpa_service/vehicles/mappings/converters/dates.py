"""Days and moments, in the ways that sources write them.

A day is the calendar's where it happened. If a text says its offset, its own day is taken, unless it is in UTC
and the source's zone is known: then it is the day there. A time of 00:00:00 is how many programs write a day,
and is read as one. A moment in UTC is given only where a time and its zone are known.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any, ClassVar, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import Field

from bpa_service.vehicles.mappings.converters.base import Context, Converted, Spec, Unreadable
from bpa_service.vehicles.records.kinds import Mark
from shared_schemas.records import Precision

FormatName = Literal["iso", "dmy", "mdy", "digits", "js", "words", "month", "year", "serial", "epoch"]
_USUAL: Final[tuple[FormatName, ...]] = ("iso", "dmy", "digits", "js", "words", "month", "year")

_TIME: Final = r"(?:[T ,]+(?P<time>\d{1,2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?)?"
_ZONE: Final = r" ?(?P<zone>Z|UTC|(?:GMT)?[+-]\d{2}(?::?\d{2})?)?(?: \(.*\))?"
_END: Final = rf"{_TIME}{_ZONE}(?: ?г\.?)?"
_PATTERNS: Final[dict[FormatName, re.Pattern[str]]] = {
    "iso": re.compile(rf"(?P<y>\d{{4}})[-./](?P<m>\d{{1,2}})[-./](?P<d>\d{{1,2}}){_END}"),
    "dmy": re.compile(rf"(?P<d>\d{{1,2}})[-./](?P<m>\d{{1,2}})[-./](?P<y>\d{{4}}|\d\d){_END}"),
    "mdy": re.compile(rf"(?P<m>\d{{1,2}})[-./](?P<d>\d{{1,2}})[-./](?P<y>\d{{4}}|\d\d){_END}"),
    "digits": re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)"),
    "js": re.compile(
        rf"(?:[A-Z][a-z]{{2}},? )?(?P<word>[A-Z][a-z]{{2}}) (?P<d>\d{{1,2}}),? (?P<y>\d{{4}}){_END}"
    ),
    "words": re.compile(rf"(?P<d>\d{{1,2}})\.? (?P<word>[^\W\d_]{{3,}})\.? (?P<y>\d{{4}}){_END}"),
    "month": re.compile(r"(?:(?P<y>\d{4})[-./](?P<m>\d\d?)|(?P<m2>\d\d?)[-./](?P<y2>\d{4}))(?: ?г\.?)?"),
    "year": re.compile(r"(?P<y>\d{4})(?: ?г\.?)?"),
    "serial": re.compile(r"(?P<serial>\d{5})(?:\.\d+)?"),
    "epoch": re.compile(r"(?P<epoch>\d{9,13})"),
}
_MONTHS: Final = {
    word: number
    for words in (
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "янв фев мар апр мая июн июл авг сен окт ноя дек",
    )
    for number, word in enumerate(words.split(), 1)
} | {"май": 5}
# What programs write for "unknown".
_NO_DAYS: Final = frozenset(
    {
        date(1, 1, 1),
        date(1899, 12, 30),
        date(1899, 12, 31),
        date(1900, 1, 1),
        date(3000, 1, 1),
        date(9999, 12, 31),
    }
)
_FIRST_CAR: Final = date(1886, 1, 1)
_LATEST: Final = date(2100, 1, 1)
_AHEAD: Final = timedelta(days=2)  # clocks and zones differ
_SPREADSHEET_EPOCH: Final = date(1899, 12, 30)
_MILLISECONDS_FROM: Final = 10**11


class When(NamedTuple):
    """A day, how much of it is known, and the moment if that is known."""

    day: date
    precision: Precision
    moment: datetime | None


class Written(NamedTuple):
    day: date
    precision: Precision
    time: time | None
    offset: timezone | None


class Date(Spec):
    """A date. With a second column the same date again, written otherwise: if the days differ that is marked.

    `written_in` is the zone of texts that say none, where it is not the source's own. A date after the file's own
    is marked, unless it `may_be_future`: the end of a policy, an auction to come.
    """

    fills: ClassVar = {"began": ("began", "precision", "at")}

    converter_name: Literal["date"] = Field("date", alias="as")
    formats: tuple[FormatName, ...] = _USUAL
    written_in: str = ""
    may_be_future: bool = False

    def convert(self, texts: tuple[str, ...], target: str, context: Context) -> Converted:
        found = [self._read(text, context) for text in texts if text]
        when = next((one for one in found if one is not None), None)
        if when is None:
            return Converted(self.blank(target), texts[0])
        marks: list[Mark] = []
        if not self.may_be_future and when.day > context.as_of + _AHEAD:
            marks.append(Mark.DATE_IN_FUTURE)
        days = {
            one.day for one in found if one is not None and one.precision in {Precision.DAY, Precision.TIME}
        }
        if len(days) > 1:
            marks.append(Mark.DATES_DISAGREE)
        written = " | ".join(filter(None, texts)) if marks or texts[0] != when.day.isoformat() else ""
        return Converted(self._values(when, target), written, tuple(marks))

    def _values(self, when: When, target: str) -> tuple[Any, ...]:
        if target == "began":
            return (when.day, when.precision, when.moment)
        return (when.day,)

    def _read(self, text: str, context: Context) -> When | None:
        written = read_date(text, self.formats, this_year=context.as_of.year)
        if written is None:
            raise Unreadable(Mark.DATE_UNREADABLE)
        return _placed(written, ZoneInfo(self.written_in) if self.written_in else None, context.zone)


class Day(Date):
    """A day in an attribute, as text: 2014-12-18."""

    fills: ClassVar = {}
    converter_name: Literal["day"] = Field("day", alias="as")  # pyright: ignore[reportIncompatibleVariableOverride]  # the name tells them apart

    def _values(self, when: When, target: str) -> tuple[Any, ...]:
        return (when.day.isoformat(),)


def read_date(text: str, formats: tuple[FormatName, ...], *, this_year: int) -> Written | None:
    """What is written, in the first of `formats` that it is in; None if it is in none, or no such day is."""
    for name in formats:
        if (match := _PATTERNS[name].fullmatch(text)) is not None:
            try:
                return _written_as(name, match.groupdict(), this_year)
            except (ValueError, KeyError, OverflowError):
                continue
    return None


def _written_as(name: FormatName, parts: dict[str, str | None], this_year: int) -> Written:
    match name:
        case "serial":
            return Written(
                _SPREADSHEET_EPOCH + timedelta(int(parts["serial"] or 0)), Precision.DAY, None, None
            )
        case "epoch":
            seconds = int(parts["epoch"] or 0)
            moment = datetime.fromtimestamp(seconds / 1000 if seconds >= _MILLISECONDS_FROM else seconds, UTC)
            return Written(moment.date(), Precision.TIME, moment.time().replace(microsecond=0), UTC)
        case "month":
            year, month = int(parts["y"] or parts["y2"] or 0), int(parts["m"] or parts["m2"] or 0)
            return Written(date(year, month, 1), Precision.MONTH, None, None)
        case "year":
            return Written(date(int(parts["y"] or 0), 1, 1), Precision.YEAR, None, None)
        case _:
            pass
    month = _MONTHS[(parts["word"] or "").lower()[:3]] if "word" in parts else int(parts["m"] or 0)
    day = date(_year(parts["y"] or "", this_year), month, int(parts["d"] or 0))
    clock = _time(parts.get("time"))
    return Written(day, Precision.TIME if clock else Precision.DAY, clock, _offset(parts.get("zone")))


def _year(text: str, this_year: int) -> int:
    year = int(text)
    if len(text) > 2:  # noqa: PLR2004 — written in full
        return year
    century = this_year - this_year % 100
    return century + year if year <= this_year % 100 + 1 else century - 100 + year


def _time(text: str | None) -> time | None:
    if not text:
        return None
    hours, minutes, *seconds = map(int, text.split(":"))
    return time(hours, minutes, seconds[0] if seconds else 0)


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    digits = text.removeprefix("GMT").replace(":", "")
    if digits in {"Z", "UTC"}:
        return UTC
    minutes = int(digits[1:3]) * 60 + int(digits[3:] or 0)
    return timezone(timedelta(minutes=-minutes if digits[0] == "-" else minutes))


def _placed(written: Written, written_in: ZoneInfo | None, zone: ZoneInfo | None) -> When | None:
    """The day where it happened; None for a day that stands for none. Raises `Unreadable` for one before cars."""
    day, precision, clock, offset = written
    if day in _NO_DAYS:
        return None
    if not _FIRST_CAR <= day < _LATEST:
        raise Unreadable(Mark.DATE_UNREADABLE)
    if clock is None:
        return When(day, precision, None)
    moment = _moment(datetime.combine(day, clock), offset or written_in or zone)
    if (
        moment is not None
        and zone is not None
        and (offset is UTC or (offset is None and written_in is not None))
    ):
        there = moment.astimezone(zone)
        day, clock = there.date(), there.time()
    if clock == time():
        return When(day, Precision.DAY, None)
    return When(day, precision, moment)


def _moment(local: datetime, zone: timezone | ZoneInfo | None) -> datetime | None:
    return None if zone is None else local.replace(tzinfo=zone).astimezone(UTC)
