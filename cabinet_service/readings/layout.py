"""Which lines of a photo belong together, by where they stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

# A number is in three pieces at most: on some plates the region has a box of its own below the country.
MOST_PIECES: Final = 3
MOST_GROUPS: Final = 500


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle as shares (0 to 1) of the upright picture's width and height."""

    x: float
    y: float
    width: float
    height: float

    def upside_down(self) -> "Box":
        """The same place once the picture is turned by half a circle."""
        return Box(1 - self.x - self.width, 1 - self.y - self.height, self.width, self.height)

    def part(self, first: float, last: float) -> "Box":
        """What of it lies between two shares of its width."""
        return Box(self.x + first * self.width, self.y, (last - first) * self.width, self.height)

    def is_mostly_on(self, other: "Box") -> bool:
        """Whether half of the smaller one lies on the other."""
        width = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        height = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        smaller = min(self.width * self.height, other.width * other.height)
        return width > 0 and height > 0 and width * height >= smaller / 2

    @classmethod
    def around(cls, boxes: Sequence["Box"]) -> "Box":
        """The smallest box that holds all of them."""
        x, y = min(box.x for box in boxes), min(box.y for box in boxes)
        right = max(box.x + box.width for box in boxes)
        bottom = max(box.y + box.height for box in boxes)
        return cls(x, y, right - x, bottom - y)


_EVEN: Final = 0.7


def is_even(boxes: Sequence[Box]) -> bool:
    """Whether the boxes are about as high as each other."""
    heights = [box.height for box in boxes]
    return min(heights) >= _EVEN * max(heights)


def joined(boxes: Sequence[Box]) -> Iterator[tuple[int, ...]]:
    """Groups of two and three boxes, by index, of which each continues the one before it."""
    groups: list[tuple[int, ...]] = [(index,) for index in range(len(boxes))]
    for _ in range(MOST_PIECES - 1):
        groups = [
            (*group, index)
            for group in groups
            for index, box in enumerate(boxes)
            if _beside(boxes[group[-1]], box) or _below(boxes[group[-1]], box)
        ][:MOST_GROUPS]
        yield from groups


def _beside(left: Box, right: Box) -> bool:
    gap = right.x - (left.x + left.width)
    overlap = min(left.y + left.height, right.y + right.height) - max(left.y, right.y)
    lies_right = -0.2 * left.width <= gap <= 0.3 * max(left.width, right.width)
    return lies_right and right.x > left.x and overlap >= 0.5 * min(left.height, right.height)


def _below(upper: Box, lower: Box) -> bool:
    # By their middles: the boxes around lines that run askew overlap.
    step = (lower.y + lower.height / 2) - (upper.y + upper.height / 2)
    overlap = min(upper.x + upper.width, lower.x + lower.width) - max(upper.x, lower.x)
    tall, low = max(upper.height, lower.height), min(upper.height, lower.height)
    follows = 0.5 * tall <= step <= 2 * tall and low >= 0.4 * tall
    return follows and overlap >= 0.5 * min(upper.width, lower.width)
