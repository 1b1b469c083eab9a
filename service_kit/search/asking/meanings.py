"""What a piece of what was typed may mean: names, spelled as they are kept, and words."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from service_kit.search.asking import fleeting
from service_kit.search.asking.layouts import meant_in_cyrillic, meant_in_latin, other_keys
from service_kit.search.asking.pieces import Piece
from service_kit.search.documents import LONGEST_NAME, NameKind, TextField
from service_kit.search.names import has_run, key_of, pattern_of, spelled
from service_kit.search.questions import ANY, MOST_ALTERNATIVES, ONE, SHORTEST_PART, NamePattern, Words
from service_kit.search.words import words_of
from shared_schemas import vin
from shared_schemas.identifiers import guess_kind
from shared_schemas.identifiers.plates import read_plate
from shared_schemas.letters import CYRILLIC_TO_LATIN, LATIN_TO_CYRILLIC, folded, latin
from shared_schemas.vin import masks
from shared_schemas.words import IdentifierKind

_ONE_EACH: Final = str.maketrans("#•", ONE * 2)
_MANY: Final = str.maketrans("…", ANY)
SIGNS: Final = frozenset({ONE, ANY})
# Names without a digit are only ever begun: the makers at the head of a VIN.
_LONGEST_LETTERS: Final = 6
_IN_NO_VIN: Final = frozenset("IOQ")
_DIGITS_OF_PHONE: Final = (10, 15)
_NUMBER_OF_CASE: Final = re.compile(r"[A-Z]\d{6,}", re.ASCII)
_IS_YEAR: Final = re.compile(r"(?:19|20)\d\d", re.ASCII)
_GROUPS: Final = (15, 19)
_MOST_LETTERS_OF_GROUP: Final = 4
_FEWEST_DIGITS: Final = 5
_MOST_GROUPS: Final = 4


def alternatives(piece: Piece, *, is_begun: bool, is_alone: bool) -> tuple[NamePattern | Words, ...]:
    """What a piece may mean; nothing if it says nothing. `is_begun`: it is still being typed."""
    place = piece.place
    kinds = frozenset({place}) if isinstance(place, NameKind) else frozenset[NameKind]()
    fields = frozenset({place}) if isinstance(place, TextField) else frozenset[TextField]()
    meant: list[NamePattern | Words] = []
    if not fields:
        shortest = 1 if kinds else SHORTEST_PART - 1 if is_alone else SHORTEST_PART
        found = (
            key for key in keys_of(piece) if shortest <= len(key.strip(ANY)) and len(key) <= LONGEST_NAME
        )
        meant += [NamePattern(key, kinds) for key in dict.fromkeys(found)]
    if not kinds:
        meant += words(piece, fields, is_begun=is_begun and not piece.is_quoted)
    return tuple(islice(dict.fromkeys(meant), MOST_ALTERNATIVES))


def keys_of(piece: Piece) -> Iterator[str]:
    """How a name may be spelled that was typed so, in whole or in part; what cannot be one is none."""
    if piece.number:
        yield piece.number
        return
    plain = folded(piece.text).translate(_ONE_EACH).translate(_MANY)
    bare = plain.strip(ANY)
    if not SIGNS.isdisjoint(bare) or (plain != bare and not _is_framed(plain, bare)):
        yield from _patterns(plain)
    elif any(map(str.isdigit, bare)) or isinstance(piece.place, NameKind):
        yield from _plain_keys(bare, piece.place if isinstance(piece.place, NameKind) else None)
    elif bare.isalpha() and not piece.is_quoted and _may_begin_a_vin(key := spelled(bare)):
        yield key


def whole_number(text: str, groups: Sequence[str]) -> str | None:
    """How the one number is spelled that stands in several groups; None if they are none."""
    found = _whole(text, groups)
    if found is None and not text.isascii():
        found = _whole(other_keys(text), [other_keys(group) for group in groups])
    return found


def _whole(text: str, groups: Sequence[str]) -> str | None:
    plain = folded(text)
    together = spelled(plain)
    digits = sum(map(str.isdigit, together))
    if digits == len(together):
        least, most = _DIGITS_OF_PHONE
        is_phone = least <= digits <= most and (text.lstrip().startswith("+") or together[0] in "789")
        return key_of(NameKind.PHONE, text) if is_phone else None
    is_number = (
        (vin.is_well_formed(together) and digits > 0)
        or (len(groups) <= _MOST_GROUPS and _is_in_groups(together, [spelled(group) for group in groups]))
        or guess_kind(plain) is IdentifierKind.FRAME
        or _NUMBER_OF_CASE.fullmatch(together)
    )
    if is_number:
        return together
    plate = read_plate(latin(together))
    # A model and a year look like the plate of a taxi: CX-5 2019.
    return spelled(plate.value) if plate.known and not _IS_YEAR.fullmatch(groups[-1]) else None


def words(piece: Piece, fields: frozenset[TextField], *, is_begun: bool) -> Iterator[Words]:
    """The words that a piece is, or was meant to be: of another alphabet, or typed with another keyboard."""
    text = folded(piece.text).rstrip(ANY)
    said = tuple(words_of(text))
    if not said or not SIGNS.isdisjoint(text.rstrip(ONE)):
        return
    is_begun = is_begun or folded(piece.text).endswith(ANY)
    small = "".join(said)
    meant = piece.meant or meant_in_cyrillic(small) or meant_in_latin(small)
    for spelling in (said, _in_one_alphabet(said), tuple(words_of(meant)) if meant else None):
        if spelling:
            yield Words(spelling, is_begun, fields)
    if len(said) == 1 and not is_begun:
        yield from (Words((other,), fields=fields) for other in fleeting.others(said[0]))


def _is_framed(plain: str, bare: str) -> bool:
    """Whether stars stand before and behind a whole number, as they are struck around it."""
    return plain.startswith(ANY) and plain.endswith(ANY) and len(spelled(bare)) >= vin.LENGTH


def _patterns(plain: str) -> Iterator[str]:
    """Where characters are unknown: names that are spelled so, and names of which a part is."""
    kept = "".join(c for c in latin(plain) if c.isalnum() or c in SIGNS)
    if len(kept) == vin.LENGTH and not SIGNS.isdisjoint(kept[:-1]):
        # All places are there, so each sign hides one.
        kept = kept.replace(ANY, ONE)
    pattern = pattern_of(kept)
    if kept.endswith(ONE) and pattern.count(ONE) == 1 and ANY not in pattern:
        yield from _plain_keys(plain.rstrip(ONE), None)  # the end of a question, most likely
        if len(kept) != vin.LENGTH:
            return
    if has_run(pattern):
        yield pattern
        if ONE in pattern and len(kept) < vin.LENGTH:
            yield pattern_of(f"{ANY}{pattern}{ANY}")


def _plain_keys(bare: str, kind: NameKind | None) -> Iterator[str]:
    key = spelled(bare)
    if not any(map(str.isdigit, bare)):
        if kind or _may_begin_a_vin(key):
            yield key
        return
    yield key
    masked = latin("".join(filter(str.isalnum, bare)))
    if masks.is_masked(masked):
        yield masks.pattern(masked).replace(masks.HIDDEN, ONE)
    # Without the label that is glued on, or the corner of a plate; with the code of a country.
    for other in (kind,) if kind else (NameKind.NUMBER, NameKind.PLATE, NameKind.PHONE):
        if other is not NameKind.PHONE or _is_phone(key):
            yield key_of(other, bare)
    if not bare.isascii() or not read_plate(key).known:
        turned = spelled(other_keys(bare))
        is_plate = read_plate(turned).known
        if is_plate or (not bare.isascii() and turned.isascii()):
            yield turned


def _is_phone(key: str) -> bool:
    least, most = _DIGITS_OF_PHONE
    return key.isdigit() and least <= len(key) <= most


def _may_begin_a_vin(key: str) -> bool:
    return SHORTEST_PART - 1 <= len(key) <= _LONGEST_LETTERS and key.isascii() and _IN_NO_VIN.isdisjoint(key)


def _is_in_groups(together: str, groups: Sequence[str]) -> bool:
    """Whether it is as long as a VIN, or nearly, and its groups are none of words."""
    least, most = _GROUPS
    return (
        least <= len(together) <= most
        and together.isascii()
        and sum(map(str.isdigit, together)) >= _FEWEST_DIGITS
        and len(groups[0]) <= _MOST_LETTERS_OF_GROUP
        and all(any(map(str.isdigit, group)) for group in groups[1:])
    )


def _in_one_alphabet(said: Sequence[str]) -> tuple[str, ...] | None:
    """Words with letters of both alphabets in one of them, whichever can spell them; None if none need it."""
    changed = tuple(map(_unmixed, said))
    return changed if changed != tuple(said) else None


def _unmixed(word: str) -> str:
    capitals = word.upper()
    has_latin = any("A" <= character <= "Z" for character in capitals)
    has_cyrillic = any("А" <= character <= "Я" for character in capitals)
    if not (has_latin and has_cyrillic):
        return word
    for table in (CYRILLIC_TO_LATIN, LATIN_TO_CYRILLIC):
        spelling = "".join(table.get(character, character) for character in capitals)
        if spelling.isascii() or not any("A" <= character <= "Z" for character in spelling):
            return spelling.lower()
    return word
