"""Words as they can be set: with characters that a font of ours has, and in the direction in which they are read.

A PDF/A may not hold a character that no font has, and people write what they like.
"""

import re
import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path
from typing import Final

FONTS: Final = Path(__file__).with_name("fonts")
REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
"""Stands where a character is that cannot be shown, or several of them."""

_MONO: Final = "NotoSansMono-Regular"
_BREAK: Final = "\N{ZERO WIDTH SPACE}"
# What is longer than this without a place to break stands in the way of everything beside it.
_LONGEST: Final = 20
_PIECE: Final = 8
_UNBROKEN: Final = re.compile(rf"[^\s{_BREAK}-]{{{_LONGEST},}}")
_REPLACED: Final = re.compile(f"{REPLACEMENT}+")
# What changes the direction of all that follows is for whoever wants to be read otherwise than they wrote.
_STEERING: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS: Final = frozenset("\u200c\u200d")
_MARKS: Final = frozenset({"Mn", "Mc", "Me"})


def settable(words: str) -> str:
    """The words with what can be shown of them, long ones with places to break. Lines stay lines."""
    lines = (_line(line) for line in words.splitlines())
    return "\n".join(_UNBROKEN.sub(_broken, line) for line in lines).strip("\n")


def is_right_to_left(words: str) -> bool:
    """By the first letter that has a direction."""
    for character in words:
        match unicodedata.bidirectional(character):
            case "L":
                return False
            case "R" | "AL":
                return True
            case _:
                pass
    return False


def _line(line: str) -> str:
    kept: list[str] = []
    font: int | None = None  # of the character that marks and joiners belong to
    for character in unicodedata.normalize("NFC", line):
        if character in _STEERING or (unicodedata.category(character) == "Cc" and character != "\t"):
            continue
        if character == "\t" or unicodedata.category(character) == "Zs":
            kept.append(" " if character != "\N{NO-BREAK SPACE}" else character)
            font = None
        elif unicodedata.category(character) in _MARKS or character in _JOINERS:
            if font is not None and _has(font, ord(character)):
                kept.append(character)
        else:
            font = _font_of(ord(character))
            if font is not None:
                kept.append(character)
            elif unicodedata.category(character) not in {"Cf", "Sk"}:
                kept.append(REPLACEMENT)
    return _REPLACED.sub(REPLACEMENT, "".join(kept))


def _broken(found: re.Match[str]) -> str:
    word = found.group()
    pieces = [word[start : start + _PIECE] for start in range(0, len(word), _PIECE)]
    # A mark stays with its letter.
    text = pieces[0]
    for piece in pieces[1:]:
        joined = unicodedata.category(piece[0]) in _MARKS or piece[0] in _JOINERS or text[-1] in _JOINERS
        text += piece if joined else _BREAK + piece
    return text


def _font_of(point: int) -> int | None:
    return next((number for number in range(len(_covered())) if _has(number, point)), None)


def _has(font: int, point: int) -> bool:
    firsts, lasts = _covered()[font]
    place = bisect_right(firsts, point) - 1
    return place >= 0 and point <= lasts[place]


@cache
def _covered() -> list[tuple[list[int], list[int]]]:
    """Of each font, in the order in which they are looked at, where its ranges of characters begin and end."""
    fonts: list[tuple[list[int], list[int]]] = []
    for line in (FONTS / "covered.txt").read_text().splitlines():
        name, *ranges = line.split()
        if name == _MONO:  # set where it is asked for, and the first has all that it has
            continue
        pairs = [one.split("-") for one in ranges]
        fonts.append(([int(first, 16) for first, _ in pairs], [int(last, 16) for _, last in pairs]))
    return fonts
