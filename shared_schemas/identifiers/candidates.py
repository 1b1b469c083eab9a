"""What somebody may have meant whose number is not one: offered to them, and never taken without their word.

People drop a character or double it more often than they take one for another, so that is what is tried, where
something speaks for it: a character that stands there twice, or a check digit that then fits.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared_schemas import makers, vin
from shared_schemas.identifiers import Reading, read_identifier
from shared_schemas.words import IdentifierKind

MOST: Final = 4
# No VIN has these; what they are most often written for.
_INSTEAD: Final = {"O": "0", "Q": "0", "I": "1"}
_SERIALS: Final = (7, 6)
_MODEL_CODE: Final = re.compile(r"[A-Z]{1,4}\d{1,3}[A-Z]{0,2}", re.ASCII)
_ONE_DIGIT: Final = re.compile(r"[A-Z]+\d", re.ASCII)


class Reason(StrEnum):
    """Why a candidate is one."""

    DOUBLED = "doubled"  # a character stood there once too often
    DROPPED = "dropped"  # of a pair of equal characters one was missing
    LETTER = "letter"  # a letter that no VIN has was left out, or is a digit
    HYPHEN = "hyphen"  # model code and serial were not divided
    KIND = "kind"  # it is a number of another kind


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number that may have been meant; `display` is how people see it."""

    kind: IdentifierKind
    value: str
    display: str
    reason: Reason


def candidates(reading: Reading) -> tuple[Candidate, ...]:
    """The likeliest first, at most MOST; none for a number that is one already."""
    codes = {issue.code for issue in reading.issues}
    if reading.ok and not codes & {"frame_hyphen_missing", "identifier_other_kind"}:
        return ()
    found: dict[tuple[IdentifierKind, str], Candidate] = {}
    for kind, value, reason in _meant(reading):
        one = read_identifier(value, kind)
        if one.ok and one.value == value:
            found.setdefault((kind, value), Candidate(kind, value, one.display, reason))
    return tuple(found.values())[:MOST]


def _meant(reading: Reading) -> Iterator[tuple[IdentifierKind, str, Reason]]:
    other = next(
        (issue.params["kind"] for issue in reading.issues if issue.code == "identifier_other_kind"), None
    )
    if other is IdentifierKind.FRAME or (reading.kind is IdentifierKind.FRAME and reading.ok):
        for value in _divided(reading.value.replace("-", "")):
            yield IdentifierKind.FRAME, value, Reason.HYPHEN
    if other is not None:
        kind = IdentifierKind(other)
        yield kind, read_identifier(reading.value, kind).value, Reason.KIND
    elif reading.kind is IdentifierKind.VIN:
        for value, reason in _vins(reading.value):
            yield IdentifierKind.VIN, value, reason


def _divided(value: str) -> list[str]:
    """A frame number divided in each way that is possible, last where the model code has one digit."""
    parts = [(value[:-serial], value[-serial:]) for serial in _SERIALS]
    fitting = [(code, serial) for code, serial in parts if _MODEL_CODE.fullmatch(code)]
    fitting.sort(key=lambda part: _ONE_DIGIT.fullmatch(part[0]) is not None)
    return [f"{code}-{serial}" for code, serial in fitting]


def _vins(typed: str) -> Iterator[tuple[str, Reason]]:
    places = range(len(typed))
    strange = [place for place in places if typed[place] in _INSTEAD]
    if len(typed) == vin.LENGTH and strange:
        for value in _by_check_digit([_plausible("".join(_INSTEAD.get(c, c) for c in typed))]):
            yield value, Reason.LETTER
    if len(typed) == vin.LENGTH + 1:
        for value in _by_check_digit([_plausible(typed[:place] + typed[place + 1 :]) for place in strange]):
            yield value, Reason.LETTER
        shorter = [
            _plausible(typed[:place] + typed[place + 1 :])
            for place in places[1:]
            if typed[place] == typed[place - 1]
        ]
        for value in _by_check_digit(shorter):
            yield value, Reason.DOUBLED
    if len(typed) == vin.LENGTH - 1:
        longer = [_plausible(typed[:place] + typed[place] + typed[place:]) for place in places]
        for value in _by_check_digit(longer):
            if _has_check_digit(value) and vin.check_digit(value).fits:
                yield value, Reason.DROPPED


def _by_check_digit(values: list[str]) -> list[str]:
    """Those whose check digit fits where one is computed, first; where that is a must, no others."""
    formed = [value for value in values if vin.is_well_formed(value)]
    fitting = [value for value in formed if _has_check_digit(value) and vin.check_digit(value).fits]
    return fitting or [value for value in formed if not _has_check_digit(value)]


def _has_check_digit(value: str) -> bool:
    return vin.check_digit(value).mandatory or makers.code_of(value[:3]).check_digit


def _plausible(value: str) -> str:
    """The value, or nothing: no code of a maker begins with a zero."""
    return "" if value.startswith("0") else value
