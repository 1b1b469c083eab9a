"""What stands on the photos of a car, as it is written down, and compared column by column.

Nothing is judged here: an O struck in place of a zero is a difference, and may be the finding. What nobody can
make out is written as UNKNOWN, and differs from nothing.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from shared_schemas.identifiers import guess_kind, read_identifier
from shared_schemas.letters import folded
from shared_schemas.words import IdentifierKind, Shot

UNKNOWN: Final = "?"
"""A character that cannot be made out."""
GAP: Final = " "
"""Nothing stands here, where others have a character."""
LONGEST: Final = 25

# No mark on any car: stands for UNKNOWN while the rest is read, which knows no question marks.
_STAND_IN: Final = "\N{CYRILLIC LETTER MULTIOCULAR O}"
PLATES: Final = frozenset({Shot.FRONT, Shot.REAR})
# What shows a number that the reader knows. Those first on which the others depend.
READ_ON: Final = (
    Shot.VIN_STAMPED,
    Shot.VIN_PLATE,
    Shot.DOOR_STICKER,
    Shot.WINDSHIELD_VIN,
    Shot.DOCUMENTS,
    Shot.FRONT,
    Shot.REAR,
    Shot.OTHER,
)


class Group(StrEnum):
    """Numbers that can be compared: those of the body, and those of the plates it drives with."""

    BODY = "body"
    PLATE = "plate"

    @classmethod
    def of(cls, kind: IdentifierKind) -> "Group":
        return cls.PLATE if kind is IdentifierKind.PLATE else cls.BODY


@dataclass(frozen=True, slots=True)
class Stands:
    """What stands on a photo: in capitals, Latin where Latin can spell it, without what only divides."""

    text: str
    kind: IdentifierKind


class NotOnACar(Exception):
    """Nobody strikes or prints this on a car; `count` is how many characters it has."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


def as_it_stands(typed: str, shot: Shot, kind: IdentifierKind | None = None) -> Stands:
    """What was typed, as it is written down; on which photo says what kind of number it is. Raises NotOnACar.

    The rules of the kind are not held against it: what breaks them may be the finding.
    """
    text = typed.replace(UNKNOWN, _STAND_IN)
    if kind is None:
        looks = guess_kind(folded(text))
        if shot in PLATES:
            kind = IdentifierKind.PLATE
        else:
            kind = looks if looks is IdentifierKind.FRAME else IdentifierKind.VIN
    reading = read_identifier(text, kind, as_seen=True)
    if not (reading.ok and 0 < len(reading.value) <= LONGEST):
        raise NotOnACar(len(reading.value))
    return Stands(reading.value.replace(_STAND_IN, UNKNOWN), kind)


@dataclass(frozen=True, slots=True)
class Said:
    """A number as somebody says it stands somewhere. One that nobody accepted yet `counts` for nothing: it is
    compared with the others, and they are not with it.
    """

    text: str
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """A number laid out under the others: `cells` has a character or a GAP for each column.

    `differs` are the columns in which it is otherwise than most, and all of them where there are no most. One
    with another number of characters (`characters`) than most `is_other_length`; if it has so little in common
    with them that nothing can be laid under anything, it is not `laid_out` and no column is marked.
    """

    cells: str
    differs: tuple[int, ...]
    characters: int
    is_other_length: bool
    laid_out: bool


def compare(said: Sequence[Said]) -> tuple[Row, ...]:
    """The numbers column under column, each with the columns in which it differs. The order of them is kept, and
    changes nothing else.
    """
    texts = [_compared(one.text) for one in said]
    counts = [one.counts for one in said] if any(one.counts for one in said) else [True] * len(said)
    counting = [text for text, does in zip(texts, counts, strict=True) if does]
    if not counting:
        return ()
    reference = _reference(counting)
    laid = [_laid(text, reference) for text in texts]
    room = [max((len(row.before[at]) for row in laid if row), default=0) for at in range(len(reference) + 1)]
    rows = [row.cells(room) if row else text for text, row in zip(texts, laid, strict=True)]
    votes = [cells for cells, row, does in zip(rows, laid, counts, strict=True) if row and does]
    most = [_most([cells[column] for cells in votes]) for column in range(len(reference) + sum(room))]
    return tuple(
        Row(
            cells=cells,
            differs=tuple(_differing(cells, most)) if row else (),
            characters=len(text),
            is_other_length=len(text) != len(reference),
            laid_out=row is not None,
        )
        for text, cells, row in zip(texts, rows, laid, strict=True)
    )


def _compared(text: str) -> str:
    """The characters alone: hyphens are typed or not, and asterisks frame a number."""
    return "".join(c for c in text if c.isalnum() or c == UNKNOWN)


def _reference(texts: Sequence[str]) -> str:
    """The one that the others are laid under: as long as most, and said most often."""
    lengths = Counter(map(len, texts))
    length = max(lengths, key=lambda one: (lengths[one], one))
    said = Counter(text for text in texts if len(text) == length)
    return max(said, key=lambda one: (said[one], one))


@dataclass(frozen=True, slots=True)
class _Laid:
    """A text under the reference: what stands under each of its characters, and `before` each and at the end."""

    under: str
    before: tuple[str, ...]

    def cells(self, room: Sequence[int]) -> str:
        ends = (*self.under, "")
        return "".join(
            extra.ljust(most, GAP) + under for extra, most, under in zip(self.before, room, ends, strict=True)
        )


def _laid(text: str, reference: str) -> _Laid | None:
    """None if there is too little in common to lay one under the other."""
    if len(text) == len(reference):
        return _Laid(text, ("",) * (len(reference) + 1))
    under: list[str] = []
    before = [""] * (len(reference) + 1)
    at = 0
    for step in _steps(text, reference):
        character = "" if step is _MISSING else text[at]
        at += len(character)
        if step is _EXTRA:
            before[len(under)] += character
        else:
            under.append(character or GAP)
    alike = sum(_is_alike(a, b) for a, b in zip(under, reference, strict=True))
    shorter = min(len(text), len(reference))
    return _Laid("".join(under), tuple(before)) if 2 * alike > shorter else None


_BOTH, _MISSING, _EXTRA = "both", "missing", "extra"


def _steps(text: str, reference: str) -> list[str]:
    """The fewest differences that make the text of the reference, character by character."""

    @cache
    def fewest(at: int, under: int) -> tuple[int, str]:
        if at == len(text) or under == len(reference):
            left = len(text) - at + len(reference) - under
            return left, _EXTRA if at < len(text) else _MISSING
        same = 0 if _is_alike(text[at], reference[under]) else 1
        return min(
            (same + fewest(at + 1, under + 1)[0], _BOTH),
            (1 + fewest(at, under + 1)[0], _MISSING),
            (1 + fewest(at + 1, under)[0], _EXTRA),
        )

    steps: list[str] = []
    at = under = 0
    while at < len(text) or under < len(reference):
        step = fewest(at, under)[1]
        steps.append(step)
        at += step is not _MISSING
        under += step is not _EXTRA
    return steps


def _is_alike(one: str, other: str) -> bool:
    return one == other or UNKNOWN in (one, other)


def _most(characters: Sequence[str]) -> str | None:
    """What more than half of them say; UNKNOWN if nobody says anything, None if they are at odds."""
    known = Counter(c for c in characters if c != UNKNOWN)
    if not known:
        return UNKNOWN
    character, count = known.most_common(1)[0]
    return character if 2 * count > known.total() else None


def _differing(cells: str, most: Sequence[str | None]) -> Iterator[int]:
    for column, (character, agreed) in enumerate(zip(cells, most, strict=True)):
        if agreed is None:
            if character != UNKNOWN:
                yield column
        elif not _is_alike(character, agreed):
            yield column
