"""What somebody typed into the one box, as a question.

Nothing that is typed is a language: what is no number, no day and no mark of where to look is words, and what
says nothing is left out. Reading never raises, and takes time that grows with the length of the text at most.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import chain, islice, zip_longest
from typing import Final

from service_kit.search.asking.days import said, together
from service_kit.search.asking.meanings import SIGNS, alternatives, keys_of, whole_number
from service_kit.search.asking.pieces import LABELS, Piece, pieces_of
from service_kit.search.asking.stop_words import FILLING, SAYS_NOTHING
from service_kit.search.documents import LONGEST_NAME, NameKind
from service_kit.search.questions import ANY, MOST_ALTERNATIVES, MOST_TERMS, NamePattern, Term, Words
from service_kit.search.words import words_of

LONGEST: Final = 500
"""What is longer is cut: nobody remembers more."""
_MOST_PIECES: Final = 80
_MOST_GROUPS: Final = 8
_BETWEEN_GROUPS: Final = re.compile(r"[\s()._/·-]*")
_IS_NUMBER: Final = re.compile(r"\d")
_ENDS: Final = re.compile(
    r"(?:ends|ending|end|last|(?:о|за)?канчива\w+|кончается|последн\w+) "
    r"(?:(?:in|with|на|\d|four|six|четыре|шесть) )?"
    r"(?:(?:digits|characters|symbols|цифры|цифр|символы|символов|знаки|знаков) )?"
)
_BEGINS: Final = re.compile(r"(?:begins|beginning|starts|starting|начина\w+) (?:(?:with|с|со|на|in) )?")
_LONGEST_MARK: Final = 3
_LONGEST_BEGINNING: Final = 6
_AS_IT_IS: Final = "{}"
_AT_THE_END: Final = f"{ANY}{{}}"
_AT_THE_BEGINNING: Final = f"{{}}{ANY}"
_NAME_LABELS: Final = frozenset(word for word, place in LABELS.items() if isinstance(place, NameKind))


class TakenFor(StrEnum):
    """What a part of what was typed was taken for."""

    NAME = "name"
    WORDS = "words"
    DATES = "dates"


@dataclass(frozen=True, slots=True)
class Understood:
    """A part of what was typed; of days, which ones."""

    text: str
    taken_for: TakenFor
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for; the days are whole ones, both among them."""

    terms: tuple[Term, ...] = ()
    since: date | None = None
    until: date | None = None
    understood: tuple[Understood, ...] = ()


@dataclass(frozen=True, slots=True)
class Meant:
    """A piece, and what it may mean. `is_other`: another possibility to the one before it."""

    piece: Piece
    alternatives: tuple[NamePattern | Words, ...]
    is_other: bool

    @property
    def taken_for(self) -> TakenFor:
        is_name = any(isinstance(one, NamePattern) for one in self.alternatives)
        is_words = any(isinstance(one, Words) for one in self.alternatives)
        is_number = _has_digit(self.piece) or any(sign in self.piece.text for sign in SIGNS)
        return TakenFor.NAME if is_name and (is_number or not is_words) else TakenFor.WORDS


def read(typed: str, *, today: date) -> Asked:
    """What was typed, as it is to be looked for."""
    text = typed[:LONGEST]
    pieces = pieces_of(text)[:_MOST_PIECES]
    days = said(["" if piece.is_quoted or piece.place else piece.plain for piece in pieces], today)
    since, until = together(days)
    understood = [
        (
            pieces[one.begin].begin,
            Understood(_between(text, pieces[one.begin : one.end]), TakenFor.DATES, one.since, one.until),
        )
        for one in days
    ]
    taken = {place for one in days for place in range(one.begin, one.end)}
    rest = [piece for place, piece in enumerate(pieces) if place not in taken]
    is_being_typed = bool(text) and not text[-1].isspace() and (len(pieces) - 1) not in taken
    found = _with_meaning(_grouped(text, _without_labels(rest)), is_being_typed=is_being_typed)
    terms, parts = _terms(found)
    in_order = sorted([*understood, *parts], key=lambda part: part[0])
    return Asked(terms=terms, since=since, until=until, understood=tuple(part for _, part in in_order))


def _between(text: str, pieces: Sequence[Piece]) -> str:
    return text[pieces[0].begin : pieces[-1].end]


def _without_labels(pieces: Sequence[Piece]) -> list[Piece]:
    """Without the words that say which number stands behind them."""
    kept: list[Piece] = []
    is_number_behind = False
    for piece in reversed(pieces):
        is_label = piece.plain in _NAME_LABELS and not piece.is_quoted
        if not (is_label and is_number_behind):
            kept.append(piece)
            is_number_behind = _has_digit(piece)
    return kept[::-1]


def _grouped(text: str, pieces: Sequence[Piece]) -> list[Piece]:
    """With the groups of one number put together."""
    grouped: list[Piece] = []
    at = 0
    while at < len(pieces):
        ends = range(min(at + _MOST_GROUPS, _groups_from(text, pieces, at)), at + 1, -1)
        whole = next((one for end in ends if (one := _number(text, pieces[at:end]))), None)
        grouped.append(whole[0] if whole else pieces[at])
        at += whole[1] if whole else 1
    return grouped


def _groups_from(text: str, pieces: Sequence[Piece], at: int) -> int:
    """Up to which piece from this one on there is nothing between them that divides numbers."""
    end = at + 1
    while (
        end < len(pieces)
        and not (
            pieces[end - 1].is_quoted or pieces[end].is_quoted or pieces[end].is_other or pieces[end].place
        )
        and _BETWEEN_GROUPS.fullmatch(text, pieces[end - 1].end, pieces[end].begin)
    ):
        end += 1
    return end


def _number(text: str, groups: Sequence[Piece]) -> tuple[Piece, int] | None:
    first = groups[0]
    begin = first.begin - text[: first.begin].endswith("+")
    together = text[begin : groups[-1].end]
    number = whole_number(together, [group.text for group in groups])
    return (replace(first, text=together, end=groups[-1].end, number=number), len(groups)) if number else None


def _with_meaning(pieces: Sequence[Piece], *, is_being_typed: bool) -> list[Meant]:
    """What each piece may mean; those are left out that say nothing."""
    found: list[Meant] = []
    form = _AS_IT_IS
    is_other = False
    at = 0
    while at < len(pieces):
        marked = _mark_at(pieces, at)
        if marked:
            form, length = marked
            at += length
        elif not (pieces[at].is_other and _has_digit(pieces[at])):
            form = _AS_IT_IS
        piece = pieces[at]
        at += 1
        is_other = is_other or piece.is_other
        meant = _patterns(piece, form) if form != _AS_IT_IS else ()
        if not meant and not _says_nothing(piece):
            is_begun = is_being_typed and at == len(pieces)
            meant = alternatives(piece, is_begun=is_begun, is_alone=len(pieces) == 1)
        if meant:
            found.append(Meant(piece, meant, is_other=is_other))
            is_other = False
    says = [one for one in found if one.piece.is_quoted or one.piece.place or one.piece.plain not in FILLING]
    return says or found


def _mark_at(pieces: Sequence[Piece], at: int) -> tuple[str, int] | None:
    """Which part of a number the one behind these words is, as they say, and how many words they are."""
    for length in range(min(_LONGEST_MARK, len(pieces) - at - 1), 0, -1):
        marks, number = pieces[at : at + length], pieces[at + length]
        said_so = "".join(f"{mark.plain} " for mark in marks if not mark.is_quoted and not mark.place)
        if _ENDS.fullmatch(said_so) and _has_digit(number):
            return _AT_THE_END, length
        if _BEGINS.fullmatch(said_so) and (_has_digit(number) or len(number.text) <= _LONGEST_BEGINNING):
            return _AT_THE_BEGINNING, length
    return None


def _patterns(piece: Piece, form: str) -> tuple[NamePattern, ...]:
    keys = (key for key in keys_of(piece) if key.isalnum() and 1 < len(key) < LONGEST_NAME)
    kinds = frozenset({piece.place}) if isinstance(piece.place, NameKind) else frozenset[NameKind]()
    patterns = (NamePattern(form.format(key), kinds) for key in dict.fromkeys(keys))
    return tuple(islice(patterns, MOST_ALTERNATIVES))


def _says_nothing(piece: Piece) -> bool:
    """Whether it is words that no text is known by, or a letter alone."""
    if isinstance(piece.place, NameKind) or _has_digit(piece):
        return False
    found = words_of(piece.text)
    return SAYS_NOTHING.issuperset(found) or (not piece.place and len("".join(found)) == 1)


def _has_digit(piece: Piece) -> bool:
    return not piece.is_quoted and _IS_NUMBER.search(piece.text) is not None


def _terms(found: Sequence[Meant]) -> tuple[tuple[Term, ...], list[tuple[int, Understood]]]:
    """The terms, MOST_TERMS at most, and what was understood of them with where it stands."""
    terms: list[list[Meant]] = []
    for one in found:
        if one.is_other and terms:
            terms[-1].append(one)
        elif len(terms) < MOST_TERMS:
            terms.append([one])
        else:
            break
    understood = [
        (one.piece.begin, Understood(one.piece.text, one.taken_for)) for term in terms for one in term
    ]
    return tuple(_term(term) for term in terms), understood


def _term(meant: Sequence[Meant]) -> Term:
    # In turns, so that each is there where there are too many.
    in_turns = chain.from_iterable(zip_longest(*(one.alternatives for one in meant)))
    different = dict.fromkeys(alternative for alternative in in_turns if alternative is not None)
    return Term(tuple(islice(different, MOST_ALTERNATIVES)))
