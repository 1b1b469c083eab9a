"""The letters a client types, whatever keyboard they came from."""

import unicodedata
from typing import Final

# Cyrillic capitals that are drawn like Latin ones. Russian plates use exactly these twelve.
CYRILLIC_TO_LATIN: Final = dict(zip("АВЕКМНОРСТУХ", "ABEKMHOPCTYX", strict=True))
LATIN_TO_CYRILLIC: Final = {latin: cyrillic for cyrillic, latin in CYRILLIC_TO_LATIN.items()}

# Stands for a character that cannot be shown, so that the positions of all others still hold.
UNREADABLE: Final = "\N{REPLACEMENT CHARACTER}"

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0f\ufeff"  # come along when text is copied
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc"  # \u30fc is what a Japanese keyboard has there

# Only what is known to be the same letter is folded: str.upper and NFKC would make an S of ſ and a 1 of ①.
_FOLD: Final[dict[int, str | None]] = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # full-width forms of ASCII
    **{code: chr(code - 0x20) for code in range(ord("a"), ord("z") + 1)},
    **{code: chr(code - 0xFEE0 - 0x20) for code in range(0xFF41, 0xFF5B)},  # full-width small letters
    **{code: chr(code - 0x20) for code in range(ord("а"), ord("я") + 1)},
    ord("ё"): "Ё",
    **dict.fromkeys(map(ord, _INVISIBLE), None),
    **dict.fromkeys(map(ord, _DASHES), "-"),
    0xFF70: "-",
}
# Controls, surrogates, private use, unassigned; of the format characters those that are not dropped above
# reorder or hide the text around them.
_UNSHOWABLE: Final = frozenset({"Cc", "Cs", "Co", "Cn", "Cf"})


def folded(text: str) -> str:
    """`text` in capitals and plain forms, each run of white space one space, none at the ends.

    What cannot be shown becomes `UNREADABLE`. Folding twice is folding once.
    """
    plain = " ".join(text.translate(_FOLD).split())
    return "".join(UNREADABLE if unicodedata.category(c) in _UNSHOWABLE else c for c in plain)


def latin(text: str) -> str:
    """`text` with each Cyrillic look-alike as its Latin twin; of the same length."""
    return "".join(CYRILLIC_TO_LATIN.get(c, c) for c in text)


def cyrillic(text: str) -> str:
    """`text` with each Latin look-alike as its Cyrillic twin; of the same length."""
    return "".join(LATIN_TO_CYRILLIC.get(c, c) for c in text)
