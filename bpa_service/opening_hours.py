"""Opening hours: when the experts work, and so when the clock may run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Self
from zoneinfo import ZoneInfo

from service_kit.zones import zone_named
from shared_schemas.clock import Span

_DAY: Final = timedelta(days=1)
_REMEMBERED: Final = 64
"""Days: more than a page of the queue or a day's ledgers look at."""
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
            raise ValueError("are two times of day and a time zone, such as 08:00-22:00 Europe/Moscow")
        try:
            opens, closes = time.fromisoformat(found[1]), time.fromisoformat(found[2])
        except ValueError:
            raise ValueError(f"{found[1]}-{found[2]} are not times of a day") from None
        if opens == closes:
            raise ValueError("begin and end at the same time; empty means always open")
        return cls(opens, closes, zone_named(found[3]))

    def is_open(self, at: datetime) -> bool:
        """Whether it is open at that instant."""
        return at < next(self.closings(at)).start

    def closings(self, after: datetime) -> Iterator[Span]:
        """The closed spans that end after that instant, in order and without end. The first may have begun."""
        day = after.astimezone(self.zone).date() - 2 * _DAY
        while True:
            closing = _closing_of(self, day)
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


# Remembered, for each row of a page asks for the same few days.
@lru_cache(_REMEMBERED)
def _closing_of(hours: OpenHours, day: date) -> Span:
    """The closing that begins when the hours of that local day end."""
    closes_on = day if hours.closes > hours.opens else day + _DAY
    return Span(_instant(closes_on, hours.closes, hours.zone), _instant(day + _DAY, hours.opens, hours.zone))


def _instant(day: date, local: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, local, zone).astimezone(UTC)
