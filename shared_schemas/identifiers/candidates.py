"""What somebody may have meant whose number is not one: offered to them, and never taken without their word.

People drop a character or double it more often than they take one for another, so that is what is tried, where
something speaks for it: a character that stands there twice, a check digit that then fits, or one's own records.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared_schemas import vin
from shared_schemas.identifiers import Reading, read_identifier
from shared_schemas.identifiers.natures import Nature
from shared_schemas.vin import makers, year_of
from shared_schemas.vin.learned import Learned
from shared_schemas.words import IdentifierKind

MOST: Final = 4
# Of which one is missing somewhere many fit: for a search, too many to choose among.
MOST_MISSING: Final = 24
# No VIN has these; what they are most often written for.
_INSTEAD: Final = {"O": "0", "Q": "0", "I": "1"}
_SERIALS: Final = (7, 6)
_CODE: Final = 3
# ISO 3779: the last four are digits.
_TAIL: Final = 4
_MODEL_CODE: Final = re.compile(r"[A-Z]{1,4}\d{1,3}[A-Z]{0,2}", re.ASCII)
_ONE_DIGIT: Final = re.compile(r"[A-Z]+\d", re.ASCII)


class Reason(StrEnum):
    """Why a candidate is one."""

    DOUBLED = "doubled"  # a character stood there once too often
    DROPPED = "dropped"  # of a pair of equal characters one was missing
    MISSING = (
        "missing"  # a character is missing somewhere, and so the check digit fits, or there are such cars
    )
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


def candidates(reading: Reading, learned: Learned | None = None) -> tuple[Candidate, ...]:
    """The likeliest first, at most MOST, and MOST_MISSING with that reason; none for what is a number already.

    `learned` is what one's own records say: a beginning that cars have goes before others.
    """
    codes = {issue.code for issue in reading.issues}
    if not codes.isdisjoint({"vin_masked", *Nature}):
        return ()
    if reading.ok and not codes & {"frame_hyphen_missing", "identifier_other_kind"}:
        return ()
    found: dict[tuple[IdentifierKind, str], Candidate] = {}
    for kind, value, reason in _meant(reading, learned):
        one = read_identifier(value, kind)
        if one.ok and one.value == value:
            found.setdefault((kind, value), Candidate(kind, value, one.display, reason))
    missing = [one for one in found.values() if one.reason is Reason.MISSING]
    others = [one for one in found.values() if one.reason is not Reason.MISSING]
    return (*others[:MOST], *missing[:MOST_MISSING])


def _meant(reading: Reading, learned: Learned | None) -> Iterator[tuple[IdentifierKind, str, Reason]]:
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
        for value, reason in _vins(reading.value, learned):
            yield IdentifierKind.VIN, value, reason


def _divided(value: str) -> list[str]:
    """A frame number divided in each way that is possible, last where the model code has one digit."""
    parts = [(value[:-serial], value[-serial:]) for serial in _SERIALS]
    fitting = [(code, serial) for code, serial in parts if _MODEL_CODE.fullmatch(code)]
    fitting.sort(key=lambda part: _ONE_DIGIT.fullmatch(part[0]) is not None)
    return [f"{code}-{serial}" for code, serial in fitting]


def _vins(typed: str, learned: Learned | None) -> Iterator[tuple[str, Reason]]:
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
            if makers.computes_check_digit(value) and vin.fits_check_digit(value):
                yield value, Reason.DROPPED
        for value in _with_one_more(typed, learned):
            yield value, Reason.MISSING


def _with_one_more(typed: str, learned: Learned | None) -> list[str]:
    """The VINs that come of it by one character more and that something speaks for, those of known cars first."""
    found: dict[str, int] = {}
    for place in range(len(typed) + 1):
        for character in sorted(vin.ALPHABET):
            value = typed[:place] + character + typed[place:]
            if not _has_form(value):
                continue
            known = learned.known_of(value) if learned else 0
            is_computed = makers.computes_check_digit(value)
            if vin.fits_check_digit(value) if is_computed else known > _CODE:
                found[value] = known
    return sorted(found, key=lambda value: -found[value])


def _has_form(value: str) -> bool:
    """Whether it is a VIN with a known maker, a serial that ends in digits, and a year where one must be."""
    if not (vin.is_well_formed(value) and value[-_TAIL:].isdigit() and makers.is_given(value[:3])):
        return False
    return not vin.orders_check_digit(value) or year_of(value[9]) is not None


def _by_check_digit(values: list[str]) -> list[str]:
    """Those whose check digit fits where one is computed, first; where that is a must, no others."""
    formed = [value for value in values if vin.is_well_formed(value)]
    fitting = [
        value for value in formed if makers.computes_check_digit(value) and vin.fits_check_digit(value)
    ]
    return fitting or [value for value in formed if not makers.computes_check_digit(value)]


def _plausible(value: str) -> str:
    """The value, or nothing: no code of a maker begins with a zero."""
    return "" if value.startswith("0") else value
