"""The numbers that some words may spell: what is read into them, and what was exchanged or left out for that."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from cabinet_service.readings.confusions import as_in_vins, meanings
from shared_schemas import vin
from shared_schemas.identifiers import Change, guess_kind, read_identifier
from shared_schemas.identifiers.plates import read_plate
from shared_schemas.letters import LATIN_TO_CYRILLIC, folded, latin
from shared_schemas.vin import makers
from shared_schemas.words import IdentifierKind

# Whatever a photo is full of, these bound the work.
MOST_CHARACTERS: Final = 200
MOST_WORDS: Final = 24

_VIN, _FRAME, _PLATE = IdentifierKind


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to understand some words. `worth` is how likely it is that they mean this; `scores` are the
    reader's for those characters that it took over as they were read.
    """

    text: str
    kind: IdentifierKind
    worth: float
    changes: tuple[Change, ...] = ()
    left_out: str = ""
    scores: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    scores: tuple[float, ...]
    """Of its letters and digits."""


_WORD: Final = re.compile(r"[A-ZА-ЯЁ0-9]+(?:-[A-ZА-ЯЁ0-9]+)*")
_SEPARATORS: Final = re.compile(r"[^A-ZА-ЯЁ0-9]")
_SPACED_HYPHEN: Final = re.compile(r" ?-[ -]*")
# Approvals of types: "TC RU E-RU.MT02.00651", "e1*98/14*0066". They stand above the number and look like one, as
# do sizes of tyres: "265/65R18".
_APPROVAL: Final = re.compile(r"\b[TТ][CС][. ]*R?U\b|\bE-?[A-Z]{2}[. ]|R[UÚ][. ]*E-|\d{2,4}/\d")
# Weights, with what the units are taken for.
_WEIGHT: Final = re.compile(r"\d*(?:[KКN][GГRTТWF]|LBS?|LP|L8)")
# Numbers are in capitals, and nothing stands in between but a space or a hyphen; asterisks frame them.
_PIECE: Final = re.compile(r"[*+]?[A-ZА-ЯЁ0-9 -]+[*+]?")


def is_a_piece(text: str) -> bool:
    """Whether a line may be a piece of a number that goes on in another line."""
    plain = text.strip()
    return _PIECE.fullmatch(plain) is not None and not any(map(_WEIGHT.fullmatch, plain.split()))


def is_an_approval(text: str) -> bool:
    """Whether a line is the approval of a type."""
    return _APPROVAL.search(folded(text[:MOST_CHARACTERS])) is not None


_FEWEST: Final = 5
_FEWEST_DIGITS: Final = 2


def may_be_a_piece(text: str) -> bool:
    """Whether a line may be a body number or a piece of one, however badly it was read. A plate is none."""
    plain = _compact(folded(text[:MOST_CHARACTERS]))
    digits = sum(character.isdecimal() for character in plain)
    return len(plain) >= _FEWEST and digits >= _FEWEST_DIGITS and not read_plate(latin(plain)).known


def is_another(text: str, number: str) -> bool:
    """Whether a text that was read where the number stands is another number, and not the same with characters
    missing, or with a maker's code that there is not.
    """
    plain = as_in_vins(latin(_compact(folded(text[:MOST_CHARACTERS]))))
    if len(plain) < len(number) // 2 or is_an_approval(text) or not may_be_a_piece(text):
        return False
    if len(plain) == vin.LENGTH and plain[3:] == number[3:] and not makers.is_given(plain[:3]):
        return False
    left = iter(number)
    return not all(character in left for character in plain)


def spellings(text: str, scores: Sequence[float]) -> Iterator[Spelling]:
    """The numbers in a text; of some words that are one, no part is looked at again. `scores` are those of its
    characters without spaces, or none.
    """
    words = _words(text[:MOST_CHARACTERS], scores)[:MOST_WORDS]
    is_approval = is_an_approval(text)
    taken: list[tuple[int, int]] = []
    runs = sorted(combinations(range(len(words) + 1), 2), key=lambda run: run[0] - run[1])
    for first, end in runs:
        if any(start <= first and end <= stop for start, stop in taken):
            continue
        found = [] if is_approval else list(_of_run(words[first:end]))
        yield from found
        if found:
            taken.append((first, end))


def _words(text: str, scores: Sequence[float]) -> list[_Word]:
    words = _WORD.findall(_SPACED_HYPHEN.sub("-", folded(text)))
    shown = [character for character in text if not character.isspace()]
    known: list[float] = []
    if len(shown) == len(scores):
        known = [score for c, score in zip(shown, scores, strict=True) if _is_character(c)]
    found: list[_Word] = []
    at = 0
    for word in words:
        end = at + len(_compact(word))
        found.append(_Word(word, tuple(known[at:end])))
        at = end
    return found if at == len(known) else [_Word(word, ()) for word in words]


def _is_character(shown: str) -> bool:
    plain = folded(shown)
    return len(plain) == 1 and _SEPARATORS.search(plain) is None


def _compact(word: str) -> str:
    return _SEPARATORS.sub("", word)


def _of_run(words: Sequence[_Word]) -> Iterator[Spelling]:
    """What these words mean together."""
    text = " ".join(word.text for word in words)
    compact = _compact(text)
    scores = tuple(score for word in words for score in word.scores)
    if any(_WEIGHT.fullmatch(word.text) for word in words):
        return
    if len(compact) == vin.LENGTH:
        yield from _vins(compact, scores)
    elif len(words) == 1 and vin.LENGTH < len(compact) <= vin.LENGTH + 2:
        yield from _framed_vins(compact, scores)
    elif guess_kind(text) is _FRAME:
        yield Spelling(text, _FRAME, 1.0 if "-" in text else 0.9, scores=scores)
    elif len(words) == 1 and _lacks_hyphen(text):
        yield Spelling(text, _FRAME, 0.9, scores=scores)
    else:
        yield from _plates(compact, scores)


# Each exchanged character leaves a doubt.
_EXCHANGED: Final = 0.97


def _vins(
    compact: str, scores: tuple[float, ...], left_out: str = "", worth: float = 1.0
) -> Iterator[Spelling]:
    for meant in meanings(latin(compact), scores):
        changed = {change.position: change.became for change in meant.changes}
        # Cyrillic stays as it was read: whoever reads the number says what was changed of it.
        text = "".join(changed.get(place, read) for place, read in enumerate(compact, 1))
        kept = tuple(score for place, score in enumerate(scores, 1) if place not in changed)
        changes = tuple(replace(one, typed=compact[one.position - 1]) for one in meant.changes)
        yield Spelling(text, _VIN, worth * _EXCHANGED ** len(changes), changes, left_out, kept)


# What an asterisk is taken for, and the letter that Code 39 labels of imported cars begin with.
_LIKE_A_FRAME: Final = frozenset("XKЖI")
_FRAMED: Final = 0.93


def _framed_vins(compact: str, scores: tuple[float, ...]) -> Iterator[Spelling]:
    """A word that is longer than a VIN by what an asterisk is taken for, at one of its ends or at both."""
    extra = len(compact) - vin.LENGTH
    for before in range(extra + 1) if extra == 1 else (1,):
        end = before + vin.LENGTH
        left_out = compact[:before] + compact[end:]
        if _LIKE_A_FRAME.issuperset(latin(left_out)):
            yield from _vins(compact[before:end], scores[before:end], left_out, _FRAMED ** len(left_out))


def _lacks_hyphen(word: str) -> bool:
    reading = read_identifier(word, _FRAME)
    return reading.ok and any(issue.code == "frame_hyphen_missing" for issue in reading.issues)


# A car's plate of Russia: where it has letters and where digits. Others look like what is no plate at all.
_CAR: Final = re.compile(r"[A-Z]\d{3}[A-Z]{2}\d{2,3}", re.ASCII)
_CAR_LETTERS: Final = frozenset({0, 4, 5})
_CAR_LENGTHS: Final = (8, 9)


def _plates(compact: str, scores: tuple[float, ...]) -> Iterator[Spelling]:
    """A plate. Where letters O and zeros were mistaken for each other, their places tell them apart."""
    bare = latin(compact).removesuffix("RUS")
    if len(bare) not in _CAR_LENGTHS:
        return
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
    yield Spelling(meant, _PLATE, _EXCHANGED ** len(changes), changes, scores=scores)
