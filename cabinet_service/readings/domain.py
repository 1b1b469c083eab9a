"""Finding the numbers of a car among the texts that a photo shows.

What is found is offered to a person, who confirms it: each candidate says how sure it is and what was changed to
get there. A character is never exchanged without that being said, and where it is, the text as it was read is a
candidate too. A check digit that fits speaks for a candidate; one that does not says nothing, as most makers
never promised one.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations
from typing import Final

from cabinet_service.inspections.identifiers import (
    Change,
    Issue,
    Reading,
    Severity,
    guess_kind,
    read_identifier,
    vin,
)
from cabinet_service.inspections.identifiers.letters import LATIN_TO_CYRILLIC, folded, latin
from cabinet_service.inspections.identifiers.plates import read_plate
from cabinet_service.readings.layout import Box, joined
from shared_schemas.words import IdentifierKind, Shot

MOST: Final = 5
# Whatever a photo is full of, these bound the work: a page of a document has about sixty lines.
MOST_LINES: Final = 60
MOST_CHARACTERS: Final = 200
MOST_WORDS: Final = 24

_VIN, _FRAME, _PLATE = IdentifierKind


class Source(StrEnum):
    """What was read: bars and dots that carry their own checksum, or characters."""

    BARCODE = "barcode"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Seen:
    """A line of text, or the content of a barcode. `confidence` (0 to 1) is the reader's."""

    text: str
    confidence: float
    box: Box
    source: Source = Source.TEXT


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number that the photo may show. The changes of `reading` are those made to what was read.

    To the issues of an identifier comes the info `reading_end_left_out` (left_out): these characters stood before
    or behind the number, and are most likely its frame: an asterisk is often read as an X.
    """

    reading: Reading
    source: Source
    confidence: float
    box: Box


@dataclass(frozen=True, slots=True)
class _Spelling:
    """One way to understand some words. `worth` is how likely it is that they mean this."""

    text: str
    kind: IdentifierKind
    worth: float
    changes: tuple[Change, ...] = ()
    left_out: str = ""


def candidates(seen: Iterable[Seen], *, shot: Shot | None = None) -> list[Candidate]:
    """The likeliest numbers, best first; `shot` is what the photo was taken for."""
    widest = sorted(seen, key=lambda one: one.box.width, reverse=True)[:MOST_LINES]
    best: dict[tuple[IdentifierKind, str], Candidate] = {}
    for one in (*widest, *_across_lines(widest)):
        for spelling in _spellings(one.text):
            found = _candidate(one, spelling, shot)
            key = found.reading.kind, found.reading.value
            if key not in best or best[key].confidence < found.confidence:
                best[key] = found
    return sorted(best.values(), key=lambda found: found.confidence, reverse=True)[:MOST]


_JOINING: Final = 0.9


def _across_lines(seen: Sequence[Seen]) -> Iterator[Seen]:
    """What stands in several lines: a VIN in two, the region of a plate beside its number."""
    texts = [one for one in seen if one.source is Source.TEXT]
    for group in joined([one.box for one in texts]):
        parts = [texts[index] for index in group]
        yield Seen(
            " ".join(part.text for part in parts),
            min(part.confidence for part in parts) * _JOINING,
            Box.around([part.box for part in parts]),
        )


_UNEXPECTED: Final = 0.5
_PLATES: Final = frozenset({_PLATE})
_BODY_NUMBERS: Final = frozenset({_VIN, _FRAME})
_SHOWN_BY: Final = {
    Shot.FRONT: _PLATES,
    Shot.REAR: _PLATES,
    Shot.VIN_STAMPED: _BODY_NUMBERS,
    Shot.VIN_PLATE: _BODY_NUMBERS,
    Shot.DOOR_STICKER: _BODY_NUMBERS,
    Shot.WINDSHIELD_VIN: _BODY_NUMBERS,
}


def _candidate(seen: Seen, spelling: _Spelling, shot: Shot | None) -> Candidate:
    reading = read_identifier(spelling.text, spelling.kind)
    confidence = min(max(seen.confidence, 0), 1) * spelling.worth
    if shot is not None and spelling.kind not in _SHOWN_BY.get(shot, IdentifierKind):
        confidence *= _UNEXPECTED
    if reading.vin_facts and reading.vin_facts.check_digit.fits:
        confidence += (1 - confidence) / 2
    issues = reading.issues
    if spelling.left_out:
        params = {"left_out": spelling.left_out}
        issues += (Issue("reading_end_left_out", Severity.INFO, params=params),)
    changes = sorted((*reading.changes, *spelling.changes), key=lambda change: change.position)
    return Candidate(
        replace(reading, changes=tuple(changes), issues=issues), seen.source, confidence, seen.box
    )


_WORD: Final = re.compile(r"[A-ZА-ЯЁ0-9]+(?:-[A-ZА-ЯЁ0-9]+)*")
_SPACED_HYPHEN: Final = re.compile(r" ?-[ -]*")


def _spellings(text: str) -> Iterator[_Spelling]:
    """The numbers in a text; of some words that are one, no part is looked at again."""
    plain = _SPACED_HYPHEN.sub("-", folded(text[:MOST_CHARACTERS]))
    words = _WORD.findall(plain)[:MOST_WORDS]
    taken: list[tuple[int, int]] = []
    runs = sorted(combinations(range(len(words) + 1), 2), key=lambda run: run[0] - run[1])
    for first, end in runs:
        if any(start <= first and end <= stop for start, stop in taken):
            continue
        found = list(_of_run(words[first:end], is_all=end - first == len(words)))
        yield from found
        if found:
            taken.append((first, end))


def _of_run(words: Sequence[str], *, is_all: bool) -> Iterator[_Spelling]:
    """What these words mean together; `is_all` is whether no others stand beside them."""
    text = " ".join(words)
    compact = text.replace(" ", "").replace("-", "")
    if len(compact) == vin.LENGTH:
        yield from _vins(compact)
    elif len(words) == 1 and vin.LENGTH < len(compact) <= vin.LENGTH + 2:
        yield from _framed_vins(compact)
    elif guess_kind(text) is _FRAME:
        yield _Spelling(text, _FRAME, 0.95 if "-" in text else 0.7)
    elif len(words) == 1 and _lacks_hyphen(text):
        yield _Spelling(text, _FRAME, 0.6)
    else:
        yield from _plates(compact, is_all=is_all)


# A VIN ends in four digits (ISO 3779), of which one may be misread; words of that length do not.
_TAIL: Final = 4
_DIGIT_LIKE: Final = frozenset("0123456789OIQ")
# No VIN has these. What they were on the metal is for a person to say.
_NOT_IN_VINS: Final = {"O": "0", "Q": "0", "I": "1"}


def _vins(compact: str, left_out: str = "", worth: float = 1.0) -> Iterator[_Spelling]:
    plain = latin(compact)
    digits = sum(c in _DIGIT_LIKE for c in plain[-_TAIL:])
    if digits < _TAIL - 1 or not any(c.isalpha() for c in plain) or not any(c.isdigit() for c in plain):
        return
    changes = tuple(
        Change(position, compact[position - 1], _NOT_IN_VINS[c])
        for position, c in enumerate(plain, 1)
        if c in _NOT_IN_VINS
    )
    if not changes:
        yield _Spelling(compact, _VIN, worth, left_out=left_out)
        return
    repaired = "".join(_NOT_IN_VINS.get(c, typed) for c, typed in zip(plain, compact, strict=True))
    yield _Spelling(repaired, _VIN, worth * 0.75, changes, left_out)
    yield _Spelling(compact, _VIN, worth * 0.4, left_out=left_out)


# What an asterisk is taken for, and the letter that Code 39 labels of imported cars begin with.
_LIKE_A_FRAME: Final = frozenset("XKЖI")


def _framed_vins(compact: str) -> Iterator[_Spelling]:
    """A word that is longer than a VIN by a character at one of its ends, or at both."""
    extra = len(compact) - vin.LENGTH
    for before in range(extra + 1) if extra == 1 else (1,):
        end = before + vin.LENGTH
        left_out = compact[:before] + compact[end:]
        worth = 1.0
        for character in left_out:
            worth *= 0.8 if character in _LIKE_A_FRAME or latin(character) in _LIKE_A_FRAME else 0.5
        yield from _vins(compact[before:end], left_out, worth)


def _lacks_hyphen(word: str) -> bool:
    reading = read_identifier(word, _FRAME)
    return reading.ok and any(issue.code == "frame_hyphen_missing" for issue in reading.issues)


# A car's plate of Russia: where it has letters and where digits.
_CAR: Final = re.compile(r"[A-Z]\d{3}[A-Z]{2}\d{2,3}", re.ASCII)
_CAR_LETTERS: Final = frozenset({0, 4, 5})
_CAR_LENGTHS: Final = (8, 9)


def _plates(compact: str, *, is_all: bool) -> Iterator[_Spelling]:
    bare = latin(compact).removesuffix("RUS")
    if _CAR.fullmatch(bare) and read_plate(bare).known:
        yield _Spelling(compact, _PLATE, 0.95)
        return
    # The other forms are met with in texts that are no plates, such as "kg 970 kg".
    if is_all and read_plate(compact).known:
        yield _Spelling(compact, _PLATE, 0.5)
    if len(bare) in _CAR_LENGTHS:
        yield from _repaired_plates(bare)


def _repaired_plates(bare: str) -> Iterator[_Spelling]:
    """A plate of which letters O and zeros were mistaken for each other: their places tell them apart."""
    meant = "".join(
        {"0": "O"}.get(c, c) if place in _CAR_LETTERS else {"O": "0"}.get(c, c)
        for place, c in enumerate(bare)
    )
    if not (_CAR.fullmatch(meant) and read_plate(meant).known):
        return
    changes = tuple(
        Change(position, read, LATIN_TO_CYRILLIC.get(became, became))
        for position, (read, became) in enumerate(zip(bare, meant, strict=True), 1)
        if read != became
    )
    yield _Spelling(meant, _PLATE, 0.7, changes)
