"""Texts as words: what an engine is given of a document, and what it is asked for.

Engines split texts each in its own way: at a slash one sees two words and the other the name of a file. So they
are given words only, split here.
"""

import unicodedata
from typing import Final

LONGEST_WORD: Final = 64
"""Of a longer word its beginning is kept, in documents and in questions alike."""
# Marks on a letter that no letter has by itself, and what nobody sees: both are typed or copied by some only.
_LEFT_OUT: Final = frozenset({"Mn", "Me", "Cf"})


def words_of(text: str) -> list[str]:
    """The words of a text in their order, in small letters: runs of letters and digits, of whatever script.

    `ё` is `е`. Words of words are the same words.
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(_kept(character) for character in plain.replace("ё", "е"))
    return [word[:LONGEST_WORD] for word in kept.split()]


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category in _LEFT_OUT:
        return ""
    return character if category[0] == "L" or category == "Nd" else " "
