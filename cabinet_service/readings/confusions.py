"""Characters that metal, dirt and light make alike, and what can be told of them from the rest of a VIN.

A VIN says where it was misread in three places: it begins with the code of a maker, it ends in digits, and with
some makers a check digit adds up. What is exchanged on such grounds is said, and nothing else is exchanged.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Final

from shared_schemas import vin
from shared_schemas.identifiers import Change
from shared_schemas.vin import makers

_ALIKE: Final = ("2Z", "7Z", "WV", "VY", "KX", "6G", "5S", "8B", "0D", "0O", "0Q", "1I")
_TWINS: Final[dict[str, str]] = {
    one: "".join(pair.replace(one, "") for pair in _ALIKE if one in pair) for one in set("".join(_ALIKE))
}
# No VIN has these.
_NOT_IN_VINS: Final = {"O": "0", "Q": "0", "I": "1"}
_TO_DIGITS: Final = {**_NOT_IN_VINS, "D": "0", "Z": "2", "S": "5", "B": "8", "G": "6"}
# ISO 3779: the last four are digits.
_TAIL: Final = 4
_COUNT: Final = vin.LENGTH - _TAIL
_CODE: Final = 3
_MOST_EXCHANGED: Final = 2
# What the reader is less sure of than this may be another character.
WEAK: Final = 0.9


@dataclass(frozen=True, slots=True)
class Meant:
    """A VIN that may be what stands there, and what was exchanged to get there."""

    number: str
    changes: tuple[Change, ...]


def meanings(read: str, scores: Sequence[float]) -> Iterator[Meant]:
    """What 17 Latin characters may be as a VIN: nothing, if they are none. `scores` are the reader's for each.

    Where the maker computes a check digit that does not fit, and the exchange of one character that the reader
    was unsure of would mend that, both are given.
    """
    plain = _with_digits_at_the_end(read)
    number = None if plain is None else _with_a_known_maker(plain)
    if number is None or not any(c.isalpha() for c in read):
        return
    yield Meant(number, _changes(read, number))
    if makers.computes_check_digit(number) and not vin.fits_check_digit(number):
        # What is at the end is a count, in digits.
        weak = [place for place, score in enumerate(scores) if score < WEAK and _CODE <= place < _COUNT]
        found = {one for one in _exchanged(number, weak, 1) if vin.fits_check_digit(one)}
        if len(found) == 1:
            repaired = found.pop()
            yield Meant(repaired, _changes(read, repaired))


def as_in_vins(read: str) -> str:
    """The text without the letters that no VIN has."""
    return "".join(_NOT_IN_VINS.get(c, c) for c in read)


def _with_digits_at_the_end(read: str) -> str | None:
    tail = "".join(_TO_DIGITS.get(c, c) for c in read[-_TAIL:])
    body = as_in_vins(read[:-_TAIL])
    return body + tail if tail.isdecimal() and vin.is_well_formed(body + tail) else None


def _with_a_known_maker(number: str) -> str | None:
    return number if _has_known_maker(number) else _nearest(number, range(_CODE), _has_known_maker)


def _has_known_maker(number: str) -> bool:
    return makers.is_given(number[:_CODE])


def _nearest(number: str, places: Sequence[int], accepts: Callable[[str], bool]) -> str | None:
    """What is accepted once the fewest characters at `places` are exchanged; of two such nobody knows which."""
    for count in range(1, _MOST_EXCHANGED + 1):
        found = {other for other in _exchanged(number, places, count) if accepts(other)}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _exchanged(number: str, places: Sequence[int], count: int) -> Iterator[str]:
    for chosen in combinations(places, count):
        for twins in product(*(_TWINS.get(number[place], "") for place in chosen)):
            other = list(number)
            for place, twin in zip(chosen, twins, strict=True):
                other[place] = twin
            if vin.is_well_formed(text := "".join(other)):
                yield text


def _changes(read: str, meant: str) -> tuple[Change, ...]:
    return tuple(
        Change(place, was, became)
        for place, (was, became) in enumerate(zip(read, meant, strict=True), 1)
        if was != became
    )
