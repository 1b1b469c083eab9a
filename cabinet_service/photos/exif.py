"""The three facts that are wanted of a photo's EXIF, read from bytes that may be anything.

Pillow reads all of EXIF, warns and raises on damage; this reads three facts in bounded time and does neither.
"""

import re
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from cabinet_service.photos.limits import MAX_EXIF_BYTES

_ORIENTATION, _EXIF_IFD, _GPS_IFD = 0x0112, 0x8769, 0x8825
_DATE_TIME_ORIGINAL, _OFFSET_TIME, _OFFSET_TIME_ORIGINAL = 0x9003, 0x9010, 0x9011
_GPS_LATITUDE, _GPS_LONGITUDE, _GPS_TIME, _GPS_DATE = 0x0002, 0x0004, 0x0007, 0x001D
_ASCII, _SHORT, _LONG, _RATIONAL = 2, 3, 4, 5
_SIZES: Final = {_ASCII: 1, _SHORT: 2, _LONG: 4, _RATIONAL: 8}

_ENTRY_SIZE: Final = 12
_INLINE: Final = 4
_LONGEST_VALUE: Final = 64  # the longest that is read here has 24
_DATE_TIME: Final = re.compile(rb"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)")
_DATE: Final = re.compile(rb"(\d{4}):(\d\d):(\d\d)")
_OFFSET: Final = re.compile(rb"([+-])(\d\d):(\d\d)")
# Outside of these the camera's clock was never set.
_YEARS: Final = range(1990, 2100)


@dataclass(frozen=True, slots=True)
class ExifFacts:
    """What EXIF says. `captured_at` is in UTC, from the camera's clock and its zone, or from GPS. Without both it
    is what the clock showed, as if that were UTC, and `zone_is_known` is False.
    """

    orientation: int = 1
    captured_at: datetime | None = None
    zone_is_known: bool = True
    has_location: bool = False


def read_exif(tiff: bytes) -> ExifFacts:
    """Read a TIFF structure (EXIF without its `Exif` prefix). Damage yields the facts that are left."""
    tiff = tiff[:MAX_EXIF_BYTES]
    byte_order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if byte_order is None or len(tiff) < 8:  # noqa: PLR2004 - the TIFF header
        return ExifFacts()
    reader = _Tiff(tiff, byte_order)
    main = reader.directory(reader.number(4, _LONG))
    details = reader.directory(reader.integer(main.get(_EXIF_IFD)))
    gps = reader.directory(reader.integer(main.get(_GPS_IFD)))
    orientation = reader.integer(main.get(_ORIENTATION))
    instant = _camera_time(reader, details) or _gps_time(reader, gps)
    shown = None if instant else _clock(reader, details, timedelta())
    return ExifFacts(
        orientation=orientation if 1 <= orientation <= 8 else 1,  # noqa: PLR2004 - EXIF has eight
        captured_at=instant or shown,
        zone_is_known=shown is None,
        has_location=_GPS_LATITUDE in gps or _GPS_LONGITUDE in gps,
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    type: int
    count: int
    at: int


class _Tiff:
    """Reads that stay inside the bytes: what is not there is 0 or empty."""

    def __init__(self, data: bytes, byte_order: str) -> None:
        self.data = data
        self.byte_order = byte_order

    def number(self, at: int, kind: int) -> int:
        size = _SIZES[kind]
        raw = self.data[at : at + size]
        return struct.unpack(self.byte_order + {2: "H", 4: "I"}[size], raw)[0] if len(raw) == size else 0

    def directory(self, at: int) -> dict[int, _Entry]:
        if not at:
            return {}
        entries: dict[int, _Entry] = {}
        for index in range(self.number(at, _SHORT)):
            place = at + 2 + index * _ENTRY_SIZE
            if place + _ENTRY_SIZE > len(self.data):
                break
            kind, count = self.number(place + 2, _SHORT), self.number(place + 4, _LONG)
            inline = _SIZES.get(kind, _INLINE) * count <= _INLINE
            value_at = place + 8 if inline else self.number(place + 8, _LONG)
            entries.setdefault(self.number(place, _SHORT), _Entry(kind, count, value_at))
        return entries

    def integer(self, entry: _Entry | None) -> int:
        return self.number(entry.at, entry.type) if entry and entry.type in {_SHORT, _LONG} else 0

    def text(self, entry: _Entry | None) -> bytes:
        if not entry or entry.type != _ASCII:
            return b""
        return self.data[entry.at : entry.at + min(entry.count, _LONGEST_VALUE)].rstrip(b"\0 ")

    def rationals(self, entry: _Entry | None, count: int) -> list[float]:
        if not entry or entry.type != _RATIONAL or entry.count != count:
            return []
        pairs = [
            (self.number(entry.at + 8 * i, _LONG), self.number(entry.at + 8 * i + 4, _LONG))
            for i in range(count)
        ]
        return [top / bottom for top, bottom in pairs if bottom]


def _camera_time(reader: _Tiff, details: dict[int, _Entry]) -> datetime | None:
    # Without its zone a camera's time may be half a day off: it is told, but never taken for an instant.
    zone = _OFFSET.fullmatch(
        reader.text(details.get(_OFFSET_TIME_ORIGINAL)) or reader.text(details.get(_OFFSET_TIME))
    )
    if not zone:
        return None
    sign, hours, minutes = zone.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return _clock(reader, details, -offset if sign == b"-" else offset)


def _clock(reader: _Tiff, details: dict[int, _Entry], offset: timedelta) -> datetime | None:
    time = _DATE_TIME.fullmatch(reader.text(details.get(_DATE_TIME_ORIGINAL)))
    return _instant([int(part) for part in time.groups()], offset) if time else None


def _gps_time(reader: _Tiff, gps: dict[int, _Entry]) -> datetime | None:
    date = _DATE.fullmatch(reader.text(gps.get(_GPS_DATE)))
    clock = reader.rationals(gps.get(_GPS_TIME), 3)
    if not date or len(clock) != 3:  # noqa: PLR2004 - hours, minutes, seconds
        return None
    return _instant([*(int(part) for part in date.groups()), *(int(part) for part in clock)], timedelta())


def _instant(parts: list[int], offset: timedelta) -> datetime | None:
    year, month, day, hour, minute, second = parts
    if year not in _YEARS:
        return None
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=timezone(offset)).astimezone(UTC)
    except ValueError:
        return None
