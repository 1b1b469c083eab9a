"""Words and numbers typed while the keyboard was set to the other alphabet: руль as `hekm`, XTA as чеф."""

import re
from typing import Final

_LATIN: Final = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_CYRILLIC: Final = "йцукенгшщзхъфывапролджэячсмитьбюё"
_TO_CYRILLIC: Final = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN: Final = str.maketrans(_CYRILLIC, _LATIN)
_SHORTEST: Final = 3
# Four consonants in a row are rare in either language, and so is a word without a vowel.
_HARD_LATIN: Final = re.compile(
    r"[bcdfghjklmnpqrstvwxz]{4}|^[^aeiouy]+$|q(?!u)|[jqv]$|[hjkw][bcdfgjkmnpqstvxz]{2}"
)
_HARD_CYRILLIC: Final = re.compile(
    r"[бвгджзйклмнпрстфхцчшщьъ]{4}|^[^аеёиоуыэюя]+$|[аеёиоуыэюя][ьъы]|^[ьъы]|щ[бвгджзклмпстфхцчшщ]|щ.*щ"
    r"|[бвгджзклмнпрстфхцчшщьъ]й|[ьъ][ьъыбвгджзйлнпрстфхцчшщ]|ъ(?![еёюя])"
)
_LATIN_ALONE: Final = re.compile(rf"[{re.escape(_LATIN)}]+")
_CYRILLIC_ALONE: Final = re.compile(rf"[{_CYRILLIC}]+")


def meant_in_cyrillic(typed: str) -> str | None:
    """The Russian word whose keys these are, small letters and a few signs; None where it is as good as it is."""
    if len(typed) < _SHORTEST or not _LATIN_ALONE.fullmatch(typed):
        return None
    meant = typed.translate(_TO_CYRILLIC)
    is_word = typed.isalpha() and not _HARD_LATIN.search(typed)
    return None if is_word or _HARD_CYRILLIC.search(meant) else meant


def meant_in_latin(typed: str) -> str | None:
    """The word in Latin whose keys these are; None where it is as good as it is."""
    if len(typed) < _SHORTEST or not _CYRILLIC_ALONE.fullmatch(typed) or not _HARD_CYRILLIC.search(typed):
        return None
    meant = typed.translate(_TO_LATIN)
    return meant if meant.isalpha() and not _HARD_LATIN.search(meant) else None


def other_keys(typed: str) -> str:
    """The same keys with the keyboard set to the other alphabet: that of most letters. Small letters."""
    small = typed.lower()
    in_cyrillic = sum(character in _CYRILLIC for character in small)
    in_latin = sum("a" <= character <= "z" for character in small)
    return small.translate(_TO_LATIN if in_cyrillic >= in_latin else _TO_CYRILLIC)
