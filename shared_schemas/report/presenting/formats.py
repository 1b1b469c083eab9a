"""Days, moments, lengths and amounts as they are read. Nothing is rounded, and nothing is guessed."""

import math
import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Final

from shared_schemas.records import Precision
from shared_schemas.report.presenting.catalogue import Words, spaced

_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_SIGNS: Final = {
    "RUB": "₽",
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "UAH": "₴",
    "KZT": "₸",
    "JPY": "¥",
    "BYN": "Br",
}
_CURRENCY: Final = re.compile("[A-Z]{3}")
_MINUTE: Final = 60
_MOST_AMOUNT: Final = 1e15  # beyond it a float no longer has each unit


class Formats:
    """How values are written in one language and zone. The offset that holds at `made_at` goes without saying."""

    def __init__(self, words: Words, zone: tzinfo, made_at: datetime) -> None:
        self._words = words
        self._zone = zone
        self._usual = self._there(made_at).utcoffset()

    def day(self, day: date | None, precision: Precision = Precision.DAY) -> str:
        """The day, as exactly as it is known."""
        if day is None or precision is Precision.NONE:
            return self._words.say("day.unknown")
        if precision is Precision.YEAR:
            return str(day.year)
        if precision is Precision.MONTH:
            return f"{self._words.say(f'month.{day.month}')} {day.year}"
        return f"{day.day} {self._words.say(f'month.{day.month}.of')} {day.year}"

    def period(self, began: date | None, ended: date | None, precision: Precision) -> str:
        """From when until when, or the one day."""
        since = self.day(began, precision)
        until = self.day(ended, Precision.DAY if precision is Precision.NONE else precision)
        if ended is None:
            return since
        if began is None or precision is Precision.NONE:
            return self._words.say("day.until", day=until)
        return since if since == until else f"{since} – {until}"

    def moment(self, at: datetime) -> str:
        """Day and time in the reader's zone; with the zone where that is not the usual one of the report."""
        there = self._there(at)
        told = f"{self.day(there.date())}, {there.hour:02}:{there.minute:02}"
        return told if there.utcoffset() == self._usual else f"{told} ({_offset(there)})"

    def moment_with_zone(self, at: datetime) -> str:
        there = self._there(at)
        return f"{self.day(there.date())}, {there.hour:02}:{there.minute:02} ({_offset(there)})"

    def moment_near(self, at: datetime, near: datetime | None) -> str:
        """The time alone on the day that was named before; else all of it."""
        there = self._there(at)
        if near is None or self.day_of(near) != self.day_of(at) or there.utcoffset() != self._usual:
            return self.moment(at)
        return self._words.say("moment.same_day", time=f"{there.hour:02}:{there.minute:02}")

    def stretch(self, began: datetime, ended: datetime) -> str:
        """From when until when, with the day named once if it is one."""
        until = self._there(ended)
        if self.day_of(began) != self.day_of(ended) or self._there(began).utcoffset() != until.utcoffset():
            return self._words.say("clock.stretch", began=self.moment(began), ended=self.moment(ended))
        time = f"{until.hour:02}:{until.minute:02}"
        return self._words.say("clock.until", began=self.moment(began), time=time)

    def day_of(self, at: datetime) -> str:
        """The day that it is then in the reader's zone."""
        return self.day(self._there(at).date())

    def as_shown(self, at: datetime) -> str:
        """What a clock without a zone showed, which was written as if it were UTC."""
        shown = at.astimezone(UTC)
        return f"{self.day(shown.date())}, {shown.hour:02}:{shown.minute:02}"

    def zone_of(self, at: datetime) -> str:
        return _offset(self._there(at))

    def length(self, seconds: int) -> str:
        """Hours, minutes and seconds, without those that are none at either end."""
        minutes, rest = divmod(abs(seconds), _MINUTE)
        hours, minutes = divmod(minutes, _MINUTE)
        parts = [
            *([self._words.say("length.hours", count=spaced(hours))] if hours else []),
            *([self._words.say("length.minutes", count=str(minutes))] if minutes else []),
            *([self._words.say("length.seconds", count=str(rest))] if rest or not (hours or minutes) else []),
        ]
        return " ".join(parts)

    def km(self, km: int) -> str:
        return self._words.say("km", km=spaced(km))

    def amount(self, amount: float, currency: str) -> str:
        """A sum of money, with its currency if that is known."""
        if not math.isfinite(amount) or abs(amount) >= _MOST_AMOUNT:
            return self._words.say("amount.unreadable")
        whole = float(amount).is_integer()
        number = spaced(int(amount)) if whole else self._cents(amount)
        if not _CURRENCY.fullmatch(currency):
            return self._words.say("amount.bare", amount=number)
        return f"{number}{_NO_BREAK}{_SIGNS.get(currency, currency)}"

    def _cents(self, amount: float) -> str:
        before, after = format(Decimal(repr(abs(amount))), "f").split(".")
        sign = "-" if amount < 0 else ""
        return f"{sign}{spaced(int(before))}{self._words.say('decimal')}{after:0<2}"

    def _there(self, at: datetime) -> datetime:
        try:
            return at.astimezone(self._zone)
        except OverflowError:  # at the ends of the calendar
            return at.astimezone(UTC) if at.tzinfo is UTC else at


def _offset(at: datetime) -> str:
    offset = at.utcoffset() or timedelta()
    minutes = int(offset.total_seconds() // _MINUTE)
    hours, rest = divmod(abs(minutes), _MINUTE)
    if not minutes:
        return "UTC"
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
