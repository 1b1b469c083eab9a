"""Where to look again from nearer, and the picture of that place.

A line that stands askew is cut out badly by what finds lines, and of a long one a piece may be missed. Turned
level, and with room for what may stand beside it, the same reader sees it anew: what it says both times counts
for more than what it says once. A line that is found whole is read from strips: it alone, its characters as wide
as the reader knows them, level, and once more with the letters upright where the plate was seen from aside.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np

from cabinet_service.readings.spelling import is_an_approval
from shared_schemas import vin

# The longest number with its framing asterisks, and the shortest piece of one that is looked at again.
MOST_CHARACTERS: Final = vin.LENGTH + 2
_FEWEST: Final = 6
_FEWEST_DIGITS: Final = 4
# What is enlarged more shows nothing new.
_MOST_ENLARGED: Final = 4.0
_WIDTH: Final = 1100
_LINES_HIGH: Final = 4
_AROUND: Final = 0.15

_NO_NUMBER: Final = re.compile(r"[^0-9A-Za-zА-яЁё]")
_DIGIT: Final = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text as the reader gives it: the corners go around from the upper left, `scores` are those of
    its characters without spaces.
    """

    text: str
    confidence: float
    scores: tuple[float, ...]
    corners: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Closer:
    """A place of a picture, turned level and enlarged; `onto` leads from its points to those of the picture."""

    pixels: Any
    onto: Any

    def is_in_the_middle(self, line: Line) -> bool:
        """Whether it is the line that the place was chosen for, and not a neighbour's."""
        height = self.pixels.shape[0]
        middle = sum(y for _, y in line.corners) / len(line.corners)
        return abs(middle - height / 2) < height / (2 * _LINES_HIGH)

    def on_the_picture(self, line: Line) -> Line:
        """The line with its corners where they are on the whole picture."""
        points: Any = np.array([[x, y, 1.0] for x, y in line.corners]) @ self.onto.T
        return Line(line.text, line.confidence, line.scores, tuple((float(x), float(y)) for x, y in points))


def worth_it(lines: Iterable[Line], most: int) -> list[Line]:
    """The lines that may be a number, or a piece of one; first those of a number's length."""
    found = [line for line in lines if _may_be_a_piece(line.text) and not is_an_approval(line.text)]
    return sorted(found, key=lambda line: (abs(_length(line.text) - vin.LENGTH), -_width(line)))[:most]


def is_whole(line: Line) -> bool:
    """Whether nothing of a number lies beside the line, as far as its length tells."""
    return _length(line.text) >= vin.LENGTH - 1


def _length(text: str) -> int:
    return len(_NO_NUMBER.sub("", text))


def _may_be_a_piece(text: str) -> bool:
    return _FEWEST <= _length(text) <= MOST_CHARACTERS and len(_DIGIT.findall(text)) >= _FEWEST_DIGITS


def _width(line: Line) -> float:
    return math.dist(line.corners[0], line.corners[1])


def closer(pixels: Any, line: Line) -> Closer:
    """The place of the line, with as much beside it as would make it a whole number."""
    (left, top), (right, end) = line.corners[:2]
    width, height = _width(line), math.dist(line.corners[0], line.corners[3])
    length = _length(line.text)
    missing = max(0, MOST_CHARACTERS - length) * width / length if length < vin.LENGTH else 0.0
    wide, high = width + 2 * max(missing, _AROUND * width), _LINES_HIGH * height
    scale = min(_MOST_ENLARGED, _WIDTH / wide)
    middle = sum(x for x, _ in line.corners) / 4, sum(y for _, y in line.corners) / 4
    turn: Any = cv2.getRotationMatrix2D(middle, math.degrees(math.atan2(end - top, right - left)), scale)
    turn[:, 2] += wide * scale / 2 - middle[0], high * scale / 2 - middle[1]
    untyped: Any = cv2
    level = untyped.warpAffine(
        pixels,
        turn,
        (max(1, round(wide * scale)), max(1, round(high * scale))),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return Closer(level, cv2.invertAffineTransform(turn))


# What the reader brings every line to.
_STRIP_HIGH: Final = 48
# How wide 17 characters are best, and how much is left above and below, as part of the height. Typefaces of
# stickers are so narrow that characters run together, those of windscreens so wide that they fall apart.
STRIPS: Final = ((240, 0.0), (280, 0.12), (320, 0.0))
# Where those are read in several ways.
MORE_STRIPS: Final = ((260, 0.06), (300, 0.0), (340, 0.12))
_AT_THE_ENDS: Final = 0.04
# Steeper than this, a line may be that of a plate that was seen from aside: its letters stand upright then.
_ASKEW: Final = math.radians(2.5)


def strips(pixels: Any, line: Line, sizes: Iterable[tuple[int, float]] = STRIPS) -> Iterator[Any]:
    """Pictures of the line alone, for the reader to read each by itself."""
    (left, top), (right, end) = line.corners[:2]
    angle = math.atan2(end - top, right - left)
    for slant in (0.0, -math.tan(angle)) if abs(angle) > _ASKEW else (0.0,):
        for width, margin in sizes:
            yield _strip(pixels, line, angle, slant, width * _length(line.text) / vin.LENGTH, margin)


def _strip(pixels: Any, line: Line, angle: float, slant: float, width: float, margin: float) -> Any:
    middle: Any = np.array([sum(x for x, _ in line.corners) / 4, sum(y for _, y in line.corners) / 4])
    wide = _width(line) * (1 + 2 * _AT_THE_ENDS)
    high = math.dist(line.corners[0], line.corners[3]) * (1 + 2 * margin)
    level: Any = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    upright: Any = np.array([[1.0, slant], [0.0, 1.0]])
    turn: Any = np.diag([width / wide, _STRIP_HIGH / high]) @ upright @ level
    moved: Any = np.array([width / 2, _STRIP_HIGH / 2]) - turn @ middle
    untyped: Any = cv2
    return untyped.warpAffine(
        pixels,
        np.hstack([turn, moved[:, None]]),
        (max(1, round(width)), _STRIP_HIGH),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
