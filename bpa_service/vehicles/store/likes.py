"""What of the records is read to find numbers that are known in part: ranges of their orders, never all."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from service_kit.search.names import runs, skeleton
from service_kit.search.questions import NamePattern

SHORTEST_END: Final = 4
"""So many characters of how a number begins or ends are known, or it is not looked for: too many do."""
SHORTEST_MISTAKEN: Final = 8
"""Of a shorter number what surely has no mistake in it is too short a beginning or end."""
_LONGEST_TAIL: Final = 6
"""Of how a number ends more is not needed to have few, and the rest of it begins with the more for that."""


class Side(StrEnum):
    """From which side a number is known."""

    BEGIN = "begin"
    END = "end"


@dataclass(frozen=True, slots=True)
class Likes:
    """Numbers that begin, or end, with `run`, look-alikes being the same, and are `spelled` so or are one mistake
    away from the skeleton `mistaken`: of these two one is given.
    """

    side: Side
    run: str
    spelled: str = ""
    mistaken: str = ""


def likes_of(pattern: NamePattern) -> tuple[Likes, ...]:
    """In which ranges the numbers lie that fit it, but for those that have it in their middle alone.

    None if too little is known of how they begin and end. Those for a mistake come last.
    """
    key = pattern.key
    if pattern.is_pattern:
        first, *_, last = runs(key)
        # Thousands of numbers end in these four, millions begin so.
        if len(last) >= SHORTEST_END:
            return (Likes(Side.END, last, key),)
        return (Likes(Side.BEGIN, first, key),) if len(first) >= SHORTEST_END else ()
    if len(key) < SHORTEST_END:
        return ()
    found = (Likes(Side.BEGIN, key, f"{key}*"), Likes(Side.END, key, f"*{key}"))
    if len(key) < SHORTEST_MISTAKEN or not key.isascii():
        return found
    whole = skeleton(key)
    # Two that changed places stand next to each other: they reach into one of these two parts at most.
    tail = min(_LONGEST_TAIL, (len(whole) - 1) // 2)
    head = len(whole) - 1 - tail
    return (
        *found,
        Likes(Side.BEGIN, whole[:head], mistaken=whole),
        Likes(Side.END, whole[-tail:], mistaken=whole),
    )
