"""How names of cars and people are spelled where they are looked for, and how well one fits what somebody typed.

Whatever writes or asks an index spells by these rules, and every engine means what `fit` says.
"""

import re
from typing import Final

from service_kit.search.documents import LONGEST_NAME, Name, NameKind
from service_kit.search.questions import (
    ANY,
    ONE,
    SHORTEST_MISTAKEN,
    SHORTEST_PART,
    SHORTEST_RUN,
    Fit,
    NamePattern,
)
from shared_schemas.identifiers import read_identifier
from shared_schemas.letters import folded, latin
from shared_schemas.words import IdentifierKind

_SEVERAL: Final = re.compile(r"\*+")
_GERMAN: Final = str.maketrans("äöü", "ÄÖÜ")
# What is struck, printed and typed for each other; of each group the first stands for all.
LOOK_ALIKE: Final = {
    ord(other): group[0] for group in ("0OQ", "1I", "8B", "5S", "2Z7") for other in group[1:]
}
_IN_RUSSIA: Final = "7"
_FROM_RUSSIA: Final = "8"
# Second digits of a number that begins with the eight that is dialled in Russia: areas, mobiles, free calls.
_AREAS: Final = frozenset("3489")
_WITHOUT_COUNTRY: Final = 10
_WITH_COUNTRY: Final = 11
_MOBILE: Final = "9"
_ABROAD: Final = "00"


def spelled(text: str) -> str:
    """The letters and digits of a text as names are spelled: capitals, and Latin where Latin can spell it."""
    return "".join(filter(str.isalnum, _plain(text)))


def pattern_of(text: str) -> str:
    """The same with `?` and `*` kept, and one `*` for several."""
    kept = "".join(c for c in _plain(text) if c.isalnum() or c in {ONE, ANY})
    return _SEVERAL.sub(ANY, kept)


def name_of(kind: NameKind, text: str | None) -> Name | None:
    """The name that a value is, whether it was stored or typed; None if it holds no letter or digit.

    A label before it, spaces and hyphens are no part of it. What is longer than a name can be is cut.
    """
    key = key_of(kind, text or "")[:LONGEST_NAME]
    return Name(kind, key) if key else None


def key_of(kind: NameKind, text: str) -> str:
    """How a name of this kind is spelled that was typed, in whole or in part, or stored; empty if it is none."""
    match kind:
        case NameKind.PHONE:
            return _phone(text)
        case NameKind.CASE:
            return spelled(text)
        case NameKind.PLATE:
            return spelled(read_identifier(text, IdentifierKind.PLATE).value)
        case NameKind.NUMBER | NameKind.ENGINE:
            return spelled(read_identifier(text, IdentifierKind.VIN).value)


def skeleton(key: str) -> str:
    """A key in which look-alikes are the same character; of the same length."""
    return key.translate(LOOK_ALIKE)


def is_one_mistake(one: str, other: str) -> bool:
    """Whether two skeletons are equal, or one character is another, missing or too many, or two were swapped."""
    if len(one) > len(other):
        one, other = other, one
    at = next((place for place, c in enumerate(one) if c != other[place]), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    is_swapped = one[at : at + 2] == other[at : at + 2][::-1]
    return one[at + 1 :] == other[at + 1 :] or (is_swapped and one[at + 2 :] == other[at + 2 :])


def fit(pattern: NamePattern, key: str) -> Fit | None:
    """How well a name fits a pattern, whatever kinds that asks for; None if it does not."""
    wanted = pattern.key
    if pattern.is_pattern:
        if not (has_run(wanted) and _is_spelled(wanted, key)):
            return None
        return Fit.PART if ANY in wanted else Fit.WHOLE
    is_part = len(wanted) >= SHORTEST_PART
    if wanted == key:
        found = Fit.WHOLE
    elif key.startswith(wanted) or (is_part and key.endswith(wanted)):
        found = Fit.END
    elif is_part and wanted in key:
        found = Fit.PART
    elif len(wanted) >= SHORTEST_MISTAKEN and is_one_mistake(skeleton(wanted), skeleton(key)):
        found = Fit.MISTAKEN
    else:
        found = None
    return found if wanted else None


def has_run(pattern: str) -> bool:
    """Whether so many known characters of a pattern stand in a row that names can be found by them."""
    return any(len(run) >= SHORTEST_RUN for run in runs(pattern))


def runs(pattern: str) -> list[str]:
    """The known characters of a pattern, those that stand in a row together."""
    return pattern.replace(ANY, ONE).split(ONE)


def _plain(text: str) -> str:
    return latin(folded(text)).translate(_GERMAN)


def _phone(text: str) -> str:
    plain = folded(text)
    digits = "".join(c for c in plain if c.isascii() and c.isdigit())
    if plain.startswith("+"):
        return digits
    if digits.startswith(_ABROAD):
        return digits.removeprefix(_ABROAD)
    if digits[:1] == _FROM_RUSSIA and digits[1:2] in _AREAS and len(digits) <= _WITH_COUNTRY:
        return _IN_RUSSIA + digits[1:]
    if len(digits) == _WITHOUT_COUNTRY and digits.startswith(_MOBILE):
        return _IN_RUSSIA + digits
    return digits


def _is_spelled(pattern: str, key: str) -> bool:
    """Whether a pattern spells a key. In time that grows with their product at most, whatever the pattern."""
    places = _reached({0}, pattern)
    for character in key:
        stay = {place for place in places if pattern[place : place + 1] == ANY}
        go_on = {place + 1 for place in places if pattern[place : place + 1] in {ONE, character}}
        places = _reached(stay | go_on, pattern)
    return len(pattern) in places


def _reached(places: set[int], pattern: str) -> set[int]:
    """The places, and those behind each `*` that they are at, as it may stand for nothing."""
    reached = set(places)
    for place, character in enumerate(pattern):
        if character == ANY and place in reached:
            reached.add(place + 1)
    return reached
