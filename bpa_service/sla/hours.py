"""Opening hours: when the experts work, and so when the clock may run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared_schemas.clock import Span

_DAY: Final = timedelta(days=1)
_PATTERN: Final = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d) (\S+)")


@dataclass(frozen=True, slots=True)
class OpenHours:
    """Open every day from `opens` to `closes`, local time of `zone`; past midnight if `closes` is earlier.

    A local time that a clock change skips or repeats is read with the offset from before the change.
    """

    opens: time
    closes: time
    zone: ZoneInfo

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read e.g. `08:00-22:00 Europe/Moscow`; an empty text means always open, None. Raises ValueError."""
        if not text.strip():
            return None
        found = _PATTERN.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text!r} is not of the form '08:00-22:00 Europe/Moscow'")
        opens, closes = time.fromisoformat(found[1]), time.fromisoformat(found[2])
        if opens == closes:
            raise ValueError(f"{text!r} opens and closes at the same time; leave it empty for always open")
        try:
            zone = ZoneInfo(found[3])
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{found[3]!r} is not a time zone") from None
        return cls(opens, closes, zone)

    def closings(self, after: datetime) -> Iterator[Span]:
        """The closed spans that end after that instant, in order and without end. The first may have begun."""
        day = after.astimezone(self.zone).date() - 2 * _DAY
        while True:
            closing = Span(self._close_of(day), self._instant(day + _DAY, self.opens))
            if closing.end > max(closing.start, after):
                yield closing
            day += _DAY

    def opening_after(self, instant: datetime) -> datetime:
        """`instant` itself if it is within the hours, else when they begin next."""
        closing = next(self.closings(instant))
        return closing.end if closing.start <= instant else instant

    def change_after(self, instant: datetime) -> datetime:
        """When they next open or close, later than `instant`."""
        closing = next(self.closings(instant))
        return closing.start if closing.start > instant else closing.end

    def _close_of(self, day: date) -> datetime:
        return self._instant(day if self.closes > self.opens else day + _DAY, self.closes)

    def _instant(self, day: date, local: time) -> datetime:
        return datetime.combine(day, local, self.zone).astimezone(UTC)
