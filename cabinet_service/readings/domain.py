"""Finding the numbers of a car among the texts that a photo shows.

What is found is offered to a person, who confirms it: each candidate says how sure it is and what was changed
to get there. A character is never exchanged without that being said. What is not likely enough is not offered at
all: a wrong number that looks right is worse than one that has to be typed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from cabinet_service.readings.layout import Box, is_even, joined
from cabinet_service.readings.spelling import Spelling, is_a_piece, is_another, may_be_a_piece, spellings
from shared_schemas.identifiers import Issue, Reading, Severity, read_identifier
from shared_schemas.vin import makers
from shared_schemas.words import IdentifierKind, Shot

MOST: Final = 3
# What is less sure is shine and dirt.
_LEGIBLE: Final = 0.6
# Whatever a photo is full of, this bounds the work: a page of a document has about sixty lines.
MOST_LINES: Final = 60
# What is less sure is not offered. On the photos that this was found on no wrong number came to more than 0.82,
# and hardly a right one lay between.
OFFERED: Final = 0.9

_VIN, _FRAME, _PLATE = IdentifierKind


class Source(StrEnum):
    """What was read: bars and dots that carry their own checksum, or characters."""

    BARCODE = "barcode"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Seen:
    """A line of text, or the content of a barcode. `confidence` (0 to 1) is the reader's, `scores` say the same
    of each character but spaces. `look` tells the first look at the whole picture (0) from later ones at the same
    place; `upside_down` is how it stands on the picture, and `is_even` whether its pieces, if it is `in_pieces`,
    are of one height.
    """

    text: str
    confidence: float
    box: Box
    source: Source = Source.TEXT
    scores: tuple[float, ...] = ()
    look: int = 0
    upside_down: bool = False
    is_even: bool = True
    in_pieces: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number that the photo may show. The changes of `reading` are those made to what was read.

    To the issues of an identifier comes the info `reading_end_left_out` (left_out): these characters stood before
    or behind the number, and are most likely its frame: an asterisk is often read as an X. `box` is where
    the number stands on the picture, without its frame, and `upside_down` is how.
    """

    reading: Reading
    source: Source
    confidence: float
    box: Box
    upside_down: bool = False


def candidates(seen: Iterable[Seen], *, shot: Shot | None = None) -> list[Candidate]:
    """The numbers that are likely enough to be offered, best first; `shot` is what the photo was taken for."""
    return [one for one in weighed(seen, shot=shot) if one.confidence >= OFFERED][:MOST]


def shows_a_number(seen: Iterable[Seen]) -> bool:
    """Whether there is anything that may be a number of the body or a piece of one. A plate is none."""
    return any(
        one.source is Source.BARCODE or (one.confidence >= _LEGIBLE and may_be_a_piece(one.text))
        for one in seen
    )


def weighed(seen: Iterable[Seen], *, shot: Shot | None = None) -> list[Candidate]:
    """All numbers that may be meant, best first."""
    widest = sorted(seen, key=lambda one: one.box.width, reverse=True)[:MOST_LINES]
    found: dict[tuple[IdentifierKind, str], list[_Sight]] = {}
    for one in (*widest, *_across_lines(widest)):
        for spelling in spellings(one.text, one.scores):
            if _shows(one, spelling):
                reading = read_identifier(spelling.text, spelling.kind)
                sure, worth = _certainty(one, spelling, reading), _worth(one, spelling, reading, shot)
                sight = _Sight(one, spelling, reading, sure, worth)
                found.setdefault((reading.kind, reading.value), []).append(sight)
    best = [_together(sights, widest) for sights in found.values()]
    return sorted(best, key=lambda one: one.confidence, reverse=True)


@dataclass(frozen=True, slots=True)
class _Sight:
    """A number as one line spells it."""

    seen: Seen
    spelling: Spelling
    reading: Reading
    certainty: float
    worth: float


_JOINING: Final = 0.97


def _across_lines(seen: Sequence[Seen]) -> Iterator[Seen]:
    """What stands in several lines: a VIN in two, the region of a plate beside its number."""
    texts = [one for one in seen if one.source is Source.TEXT and one.look == 0 and is_a_piece(one.text)]
    for group in joined([one.box for one in texts]):
        parts = [texts[index] for index in group]
        yield Seen(
            " ".join(part.text for part in parts),
            min(part.confidence for part in parts) * _JOINING,
            Box.around([part.box for part in parts]),
            scores=tuple(score for part in parts for score in part.scores),
            upside_down=parts[0].upside_down,
            is_even=is_even([part.box for part in parts]),
            in_pieces=True,
        )


_EDGE: Final = 0.004


def _shows(seen: Seen, spelling: Spelling) -> bool:
    """Whether the line can show this: a number that reaches the edge of the picture may go on behind it, and
    pieces of a body number are of one height.
    """
    if seen.source is Source.BARCODE:
        return True
    inside = seen.box.x > _EDGE and seen.box.x + seen.box.width < 1 - _EDGE
    return inside and (seen.is_even or spelling.kind is _PLATE)


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
# An asterisk at one end alone: the other may have been taken for a character of the number.
_LOPSIDED: Final = 0.9
_MISFIT: Final = 0.85


def _certainty(seen: Seen, spelling: Spelling, reading: Reading) -> float:
    """How likely one look alone makes it that its characters are right."""
    sure = min(max(seen.confidence, 0), 1)
    if spelling.scores:
        # One character in doubt is a number in doubt, whatever the others say.
        sure *= 0.6 + 0.4 * min(max(min(spelling.scores), 0), 1)
    return sure + (1 - sure) / 2 if _is_proven(reading) else sure


def _is_proven(reading: Reading) -> bool:
    facts = reading.vin_facts
    return facts is not None and facts.check_digit.fits and makers.computes_check_digit(reading.value)


def _worth(seen: Seen, spelling: Spelling, reading: Reading, shot: Shot | None) -> float:
    """How likely it is that these characters are meant as this number. More looks do not make it likelier."""
    worth = spelling.worth
    if shot is not None and spelling.kind not in _SHOWN_BY.get(shot, IdentifierKind):
        worth *= _UNEXPECTED
    if seen.source is Source.TEXT and seen.text.count("*") == 1:
        worth *= _LOPSIDED
    if reading.vin_facts and makers.computes_check_digit(reading.value):
        worth *= 1 if reading.vin_facts.check_digit.fits else _MISFIT
    return worth


# One look of seven that says otherwise leaves a number likely, one of four does not.
_DISSENT: Final = 0.5


def _together(sights: Sequence[_Sight], seen: Sequence[Seen]) -> Candidate:
    """The candidate of all sights of one number: each look that says the same makes it likelier, and each that
    says otherwise less likely.
    """
    best = max(sights, key=lambda one: (one.seen.source is Source.BARCODE, one.certainty * one.worth))
    looks = {one.seen.look for one in sights}
    against: set[int] = {one.look for one in seen if one.look not in looks and _speaks_against(one, best)}
    if len(looks) > 1 and _is_proven(best.reading):
        against.clear()  # what a check digit proves is not doubted for what it does not
    agreed = 1 - (1 - best.certainty) / len(looks)
    sure = agreed * best.worth * (1 - _DISSENT * len(against) / (len(looks) + len(against)))
    issues = best.reading.issues
    if best.spelling.left_out:
        params = {"left_out": best.spelling.left_out}
        issues += (Issue("reading_end_left_out", Severity.INFO, params=params),)
    changes = sorted((*best.reading.changes, *best.spelling.changes), key=lambda change: change.position)
    reading = replace(best.reading, changes=tuple(changes), issues=issues)
    return Candidate(reading, best.seen.source, sure, _without_frame(best, sights), best.seen.upside_down)


_ASTERISKS: Final = "*+ "


def _without_frame(best: _Sight, sights: Sequence[_Sight]) -> Box:
    """Where the number itself stands: without the asterisks around it, which not every look makes out."""
    box = best.seen.box
    if best.seen.source is Source.BARCODE or best.seen.in_pieces:
        return box
    texts = [one.seen.text for one in sights if one.seen.box.is_mostly_on(box)]
    before = max(len(text) - len(text.lstrip(_ASTERISKS)) for text in texts)
    after = max(len(text) - len(text.rstrip(_ASTERISKS)) for text in texts)
    characters = before + len(best.reading.value) + after
    if best.seen.upside_down:
        before, after = after, before
    return box.part(before / characters, 1 - after / characters)


def _speaks_against(other: Seen, sight: _Sight) -> bool:
    """Whether the other is what was read at the same place, and cannot be the same number."""
    if other.source is Source.BARCODE or not other.box.is_mostly_on(sight.seen.box):
        return False
    return is_another(other.text, sight.reading.value)
