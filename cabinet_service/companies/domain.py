"""The months that companies count by, and what a limit leaves. Pure: no database, no clock, no network."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from cabinet_service.accounts.domain import AtLimit

_MONTH: Final = re.compile(r"([0-9]{4})-([0-9]{2})")
_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 9998
_MONTHS: Final = range(1, 13)


class NotAMonth(ValueError):
    """The text is no month such as 2026-11."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a calendar; it begins and ends at midnight of its zone."""

    first: date
    zone: ZoneInfo

    @classmethod
    def of(cls, now: datetime, zone: ZoneInfo) -> "Month":
        """The month in which `now` is, there."""
        return cls(now.astimezone(zone).date().replace(day=1), zone)

    @classmethod
    def named(cls, text: str, zone: ZoneInfo) -> "Month":
        """The month that is written as 2026-11. Raises NotAMonth."""
        found = _MONTH.fullmatch(text)
        if found is None or not _FIRST_YEAR <= int(found[1]) <= _LAST_YEAR or int(found[2]) not in _MONTHS:
            raise NotAMonth(text)
        return cls(date(int(found[1]), int(found[2]), 1), zone)

    @property
    def name(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def begins(self) -> datetime:
        return self._midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The instant at which the next month begins."""
        months = self.first.year * 12 + self.first.month
        return self._midnight(date(months // 12, months % 12 + 1, 1))

    def _midnight(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a month allows, and how much of it is taken."""

    limit: int | None
    at_limit: AtLimit
    used: int

    @property
    def left(self) -> int | None:
        """How many more are within the limit; None where there is none."""
        return None if self.limit is None else max(0, self.limit - self.used)

    @property
    def refuses(self) -> bool:
        """Whether one more is refused."""
        return self.left == 0 and self.at_limit is AtLimit.REFUSE
