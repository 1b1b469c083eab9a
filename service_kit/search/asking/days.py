"""Days as people say them: yesterday, 12.03.2026, in March, с 1 по 15 марта, last week.

A year by itself is none of them: it may be that of the car, and nothing that is meant so may hide a car.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_ONE: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_FIRST_YEAR: Final = 1990
_LAST_YEAR: Final = 2099
_CENTURY: Final = 2000
_LAST_DAY: Final = 31
_LAST_MONTH: Final = 12

_MONTHS: Final = (
    "january jan январь января январю январем январе янв",
    "february feb февраль февраля февралю февралем феврале фев",
    "march mar март марта марту мартом марте мар",
    "april apr апрель апреля апрелю апрелем апреле апр",
    "may май мая маю маем мае",
    "june jun июнь июня июню июнем июне июн",
    "july jul июль июля июлю июлем июле июл",
    "august aug август августа августу августом августе авг",
    "september sep sept сентябрь сентября сентябрю сентябрем сентябре сен сент",
    "october oct октябрь октября октябрю октябрем октябре окт",
    "november nov ноябрь ноября ноябрю ноябрем ноябре ноя",
    "december dec декабрь декабря декабрю декабрем декабре дек",
)
_MONTH: Final = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
# Names of people, and words of other meanings: months only beside a day, a year, or "in".
_AMBIGUOUS: Final = _words(
    "jan feb mar march may jun jul aug august sep sept oct nov dec apr april june",
    "янв фев мар марта марту апр маю мае маем июн июл авг август августа сен сент окт ноя дек",
)
_IN: Final = _words("in on of during this в во за на")
_SINCE: Final = _words("since from after с со от начиная после")
_UNTIL: Final = _words("until till to before through по до")
_OF_YEAR: Final = _words("г год года году годом гг year")
_DAYS: Final = {
    "today": 0,
    "сегодня": 0,
    "yesterday": 1,
    "вчера": 1,
    "позавчера": 2,
}
_LAST: Final = _words("last прошлая прошлую прошлой прошлый прошлом прошлого")
_THIS: Final = _words("this эта эту этой этот этом текущий текущем текущей")
_WEEKS: Final = _words("week неделя неделю неделе недели")
_ANY_MONTH: Final = _words("month месяц месяца месяце")
_WRITTEN: Final = re.compile(
    r"(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>\d{4}|\d{2})"
    r"|(?P<iso_year>\d{4})[.-](?P<iso_month>\d{2})[.-](?P<iso_day>\d{2})",
    re.ASCII,
)
_ORDINAL: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th|го|е|ое|-го|-е)?", re.ASCII)
_YEAR: Final = re.compile(r"(\d{4})(?:г|год|года|году)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Said:
    """Days from `since` to `until`, both among them; None where there is no end. `begin` and `end` are where
    among the words they are said.
    """

    begin: int
    end: int
    since: date | None
    until: date | None


def said(words: Sequence[str], today: date) -> list[Said]:
    """The days that are said in words, each in small letters. Never raises."""
    found: list[Said] = []
    at = 0
    while at < len(words):
        one = _said_at(words, at, today)
        if one is None:
            at += 1
        else:
            found.append(one)
            at = one.end
    return found


def together(found: Sequence[Said]) -> tuple[date | None, date | None]:
    """From which day to which: of several, from the first to the last."""
    since = min((one.since for one in found if one.since), default=None)
    until = max((one.until for one in found if one.until), default=None)
    if since and until and since > until:
        since, until = until, since
    return since, until


def _said_at(words: Sequence[str], at: int, today: date) -> Said | None:
    word = words[at]
    if word in _SINCE or word in _UNTIL or word in _IN:
        days = _from_day(words, at, today) or _days_at(words, at + 1, today, is_led=True)
        if days is not None:
            since = None if word in _UNTIL else days.since
            until = None if word in _SINCE and days.begin != at else days.until
            return Said(at, days.end, since, until)
    return _days_at(words, at, today, is_led=False)


def _from_day(words: Sequence[str], at: int, today: date) -> Said | None:
    """`с 1 по 15 марта`, `from 1 to 15 March`: a day whose month is said behind the other one."""
    if words[at] not in _SINCE or len(words) < at + 4 or words[at + 2] not in _UNTIL:
        return None
    first, last = _day_number(words[at + 1]), _days_at(words, at + 3, today, is_led=True)
    if first is None or last is None or last.until is None:
        return None
    begin = _day(last.until.year, last.until.month, first)
    return begin and Said(at, last.end, begin, last.until)


def _days_at(words: Sequence[str], at: int, today: date, *, is_led: bool) -> Said | None:
    """What is said from here on, whatever stands before. `is_led`: behind a word such as "in"."""
    if at >= len(words):
        return None
    word, behind = words[at], words[at + 1] if at + 1 < len(words) else ""
    if word in _LAST or word in _THIS:
        return _period(at, behind, today, is_last=word in _LAST)
    if word in _MONTH:
        return _from_month(words, at, today, is_led=is_led)
    end = at + 1
    if word in _DAYS:
        day = today - _DAYS[word] * _ONE
    elif written := _WRITTEN.fullmatch(word):
        day = _written(written)
    elif (number := _day_number(word)) and behind in _MONTH:
        year, end = _year_at(words, at + 2)
        day = _day(year or _latest(_MONTH[behind], number, today), _MONTH[behind], number)
    else:
        day = None
    return Said(at, end, day, day) if day else None


def _from_month(words: Sequence[str], at: int, today: date, *, is_led: bool) -> Said | None:
    month = _MONTH[words[at]]
    number = _day_number(words[at + 1]) if at + 1 < len(words) else None
    if number:  # March 15, March 15 2026
        year, end = _year_at(words, at + 2)
        day = _day(year or _latest(month, number, today), month, number)
        if day:
            return Said(at, end, day, day)
    year, end = _year_at(words, at + 1)
    if year is None and not is_led and words[at] in _AMBIGUOUS:
        return None
    first = date(year or _latest(month, 1, today), month, 1)
    return Said(at, end, first, _next_month(first) - _ONE)


def _period(at: int, what: str, today: date, *, is_last: bool) -> Said | None:
    if what in _WEEKS:
        first = today - today.weekday() * _ONE - is_last * _WEEK
        return Said(at, at + 2, first, first + _WEEK - _ONE)
    if what in _ANY_MONTH:
        first = today.replace(day=1)
        first = (first - _ONE).replace(day=1) if is_last else first
        return Said(at, at + 2, first, _next_month(first) - _ONE)
    return None


def _written(written: re.Match[str]) -> date | None:
    if written["iso_year"]:
        return _day(int(written["iso_year"]), int(written["iso_month"]), int(written["iso_day"]))
    year = int(written["year"])
    in_full = year if len(written["year"]) == len("2026") else _CENTURY + year
    return _day(in_full, int(written["month"]), int(written["day"]))


def _year_at(words: Sequence[str], at: int) -> tuple[int | None, int]:
    """The year that stands here, and where the words go on behind it."""
    found = _YEAR.fullmatch(words[at]) if at < len(words) else None
    if found is None or not _FIRST_YEAR <= int(found[1]) <= _LAST_YEAR:
        return None, at
    is_named = at + 1 < len(words) and words[at + 1] in _OF_YEAR
    return int(found[1]), at + 1 + is_named


def _day_number(word: str) -> int | None:
    found = _ORDINAL.fullmatch(word)
    return int(found[1]) if found and 1 <= int(found[1]) <= _LAST_DAY else None


def _latest(month: int, day: int, today: date) -> int:
    """The year of the last such day that is not in the future."""
    return today.year - ((month, day) > (today.month, today.day))


def _day(year: int, month: int, day: int) -> date | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _next_month(first: date) -> date:
    year, month = divmod(first.year * _LAST_MONTH + first.month, _LAST_MONTH)
    return date(year, month + 1, 1)
