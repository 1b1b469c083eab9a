"""Mileages over time, and where they fall. What may be a slip or another unit is told as such: no rollback.

Compared are days that certainly follow each other. Of several readings of one day the most lenient counts, since
one may correct the other. A figure is taken as exact as its zeros say that it is: 150,000 may be 141,000.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from bpa_service.vehicles.history.entries import id_of, last_day_of
from bpa_service.vehicles.mappings.converters.mileages import KM_OF_MILE
from bpa_service.vehicles.records.kinds import Mark
from bpa_service.vehicles.records.record import Record
from shared_schemas.records import FallKind, MileageQuality

COMPARED: Final = frozenset({MileageQuality.ACTUAL, MileageQuality.UNSTATED})
SLACK_KM: Final = 200
"""By so much readings of different people differ though nobody did anything."""
MOST_ROUNDED: Final = 10_000
"""Of figures in either unit: by no more than this is one taken for rounded."""
USUAL_KM_A_YEAR: Final = 50_000
"""More than most drive: a figure that needs more than this to fit in another unit does not fit."""
MOST_KM_A_YEAR: Final = 250_000
"""More than any car drives: a reading that needs more to be true stands alone."""
_DAYS_OF_YEAR: Final = 365.25


@dataclass(frozen=True, slots=True)
class Fall:
    """Between two readings the mileage falls by `km`. Of `STANDS_ALONE` `odd` is the one that does."""

    kind: FallKind
    higher: Record
    lower: Record
    km: int
    odd: Record | None = None


@dataclass(frozen=True, slots=True)
class Mileages:
    """Readings with a value and a day, the earliest first; those that are not compared; where they fall.

    `judged` are records whose source itself judges the mileages (`mileage_judgement`).
    """

    readings: tuple[Record, ...]
    not_compared: tuple[Record, ...]
    falls: tuple[Fall, ...]
    judged: tuple[Record, ...]

    @property
    def rollbacks(self) -> tuple[Fall, ...]:
        """Falls that have no honest explanation that is known here."""
        return tuple(fall for fall in self.falls if fall.kind is FallKind.ROLLBACK)


@dataclass(frozen=True, slots=True)
class _Point:
    """The readings of one day: somewhere between `low` and `high` km, somewhen between `first` and `last`."""

    first: date
    last: date
    low: float
    high: float
    lowest: Record
    highest: Record
    scale: float = 1  # what its figures are multiplied by, where they count in another unit than is said


def mileages_of(entries: Sequence[Record]) -> Mileages:
    """The mileages of these entries."""
    stated = [one for one in entries if one.mileage_quality != MileageQuality.NONE]
    readings = [one for one in stated if _is_compared(one)]
    ids = {id_of(one) for one in readings}
    return Mileages(
        readings=tuple(readings),
        not_compared=tuple(one for one in stated if id_of(one) not in ids),
        falls=tuple(_falls(_points(readings))),
        judged=tuple(one for one in entries if one.attributes.get("mileage_judgement")),
    )


def _is_compared(record: Record) -> bool:
    is_known = record.mileage_km is not None and record.began is not None
    # A day in the future is a slip: where the reading belongs nobody knows.
    return is_known and record.mileage_quality in COMPARED and Mark.DATE_IN_FUTURE not in record.marks


def _points(readings: Iterable[Record]) -> list[_Point]:
    def days(record: Record) -> tuple[date, date]:
        first, last = record.began or date.min, last_day_of(record) or date.max
        if Mark.DATES_DISAGREE in record.marks:  # its source has two days for it, side by side
            return first - timedelta(days=1), last + timedelta(days=1)
        return first, last

    points: list[_Point] = []
    for (first, last), of_day in groupby(sorted(readings, key=lambda one: (*days(one), id_of(one))), days):
        ranges = sorted(((*_range(one), one) for one in of_day), key=lambda one: (*one[:2], id_of(one[2])))
        lowest, highest = ranges[0], max(ranges, key=lambda one: one[1])
        points.append(_Point(first, last, lowest[0], highest[1], lowest[2], highest[2]))
    return points


def _range(record: Record) -> tuple[float, float]:
    """The least and the most km that it may mean."""
    km, value = record.mileage_km or 0, record.mileage_value or record.mileage_km or 0
    rounded, step = 1.0, 10
    while step <= value and value % step == 0:
        rounded, step = float(step), step * 10
    by = min(rounded, MOST_ROUNDED) * (KM_OF_MILE if record.mileage_unit == "mi" else 1)
    return km - by, km + by


def _falls(points: Sequence[_Point]) -> Iterator[Fall]:
    peaks: list[_Point] = []  # before the point that is looked at, each higher than the one before
    overlapping: list[_Point] = []  # begun before it, and perhaps not over
    for place, point in enumerate(points):
        for earlier in [one for one in overlapping if one.last < point.first]:
            if not peaks or earlier.low > peaks[-1].low:
                peaks.append(earlier)
        overlapping = [one for one in overlapping if one.last >= point.first]
        while peaks and point.high + SLACK_KM < peaks[-1].low:
            later = next((one for one in points[place + 1 :] if one.first > point.last), None)
            fall = _judged(peaks, point, later)
            yield fall
            if fall.kind is FallKind.STANDS_ALONE and fall.odd is fall.lower:
                break
            if fall.kind is FallKind.STANDS_ALONE:
                peaks.pop()
            elif fall.kind is FallKind.PERHAPS_KM:
                peaks[-1] = _scaled(peaks[-1], 1 / KM_OF_MILE)
            else:  # what was before it is compared with nothing after it, in whatever unit that is
                peaks, overlapping = [], []
        else:
            overlapping.append(point)


def _judged(peaks: Sequence[_Point], point: _Point, later: _Point | None) -> Fall:
    """What the fall from the highest point to this one is; `later` is the reading after it."""
    peak, before = peaks[-1], peaks[-2] if len(peaks) > 1 else None
    higher, lower = peak.lowest, point.highest
    km = round((higher.mileage_km or 0) * peak.scale - (lower.mileage_km or 0))

    def fall(kind: FallKind, odd: Record | None = None) -> Fall:
        return Fall(kind, higher, lower, km, odd)

    if later is not None and _follows(peak, later):
        return fall(FallKind.STANDS_ALONE, lower)
    in_km = _scaled(peak, 1 / KM_OF_MILE) if higher.mileage_unit == "mi" else None
    in_miles = _scaled(point, KM_OF_MILE) if lower.mileage_unit != "mi" else None
    km_fit = in_km is not None and _follows(in_km, point) and (before is None or _follows(before, in_km))
    miles_fit = (
        in_miles is not None and _follows(peak, in_miles) and _grows(peak, in_miles) <= USUAL_KM_A_YEAR
    )
    # Either may fit: a reading from before the higher one speaks for kilometres.
    if miles_fit and not (km_fit and before):
        return fall(FallKind.PERHAPS_MILES)
    if km_fit:
        return fall(FallKind.PERHAPS_KM)
    if before is not None and _follows(before, point) and _grows(before, peak) > MOST_KM_A_YEAR:
        return fall(FallKind.STANDS_ALONE, higher)
    return fall(FallKind.ROLLBACK)


def _follows(earlier: _Point, later: _Point) -> bool:
    return later.high + SLACK_KM >= earlier.low


def _grows(earlier: _Point, later: _Point) -> float:
    """The km a year that have to lie between them."""
    years = (later.last - earlier.first).days / _DAYS_OF_YEAR
    return max(0.0, later.low - earlier.high - SLACK_KM) / max(years, 1 / _DAYS_OF_YEAR)


def _scaled(point: _Point, by: float) -> _Point:
    return replace(point, low=point.low * by, high=point.high * by, scale=by)
