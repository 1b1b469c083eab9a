"""A range of VINs, as recalls name them: its two ends, and when its cars were built."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Self

from bpa_service.vehicles.records.record import Record
from shared_schemas.vin import ALPHABET, LENGTH
from shared_schemas.vin.masks import HIDDEN

RANGE: Final = "range"
"""The name under which a range is kept in the store; its value is the code that its VINs begin with."""
CODE: Final = 3
"""Characters of a VIN that are the maker's code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """The first and the last VIN, with `HIDDEN` for what is not said, and when its cars were built."""

    first: str
    last: str
    built_from: date | None = None
    built_to: date | None = None

    @classmethod
    def between(cls, first: str, last: str) -> Self | None:
        """None where these are no VINs: a serial alone, prose, a frame number, or one end of two."""
        ends = [_readable(one) for one in (first, last or first)]
        if ends[0] is None or ends[1] is None or (not last and HIDDEN in ends[0]):
            return None
        return cls(first=ends[0], last=ends[1])

    @classmethod
    def of(cls, record: Record) -> Self | None:
        """What a record says; None where that is no range of VINs."""
        if (found := cls.between(record.vin_from, record.vin_to)) is None:
            return None
        built = record.attributes
        return replace(
            found, built_from=_day(built.get("built_from", "")), built_to=_day(built.get("built_to", ""))
        )

    @property
    def codes(self) -> tuple[str, ...]:
        """The maker's codes that its VINs begin with; none where they are hidden."""
        codes = dict.fromkeys((self.first[:CODE], self.last[:CODE]))
        return tuple(one for one in codes if HIDDEN not in one)


def _readable(end: str) -> str | None:
    """With `HIDDEN` for what is no character of a VIN: an O in it is a mistake for a letter or a figure."""
    if len(end) != LENGTH:
        return None
    return "".join(one if one in ALPHABET else HIDDEN for one in end)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
