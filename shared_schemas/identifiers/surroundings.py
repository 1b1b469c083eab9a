"""What stands around a number where people copy it from: `VIN:` before it, a car behind it, a full stop."""

import re
from collections.abc import Callable
from typing import Final

# As they read once folded. A word is a label only where something divides it from what follows: plates have
# letters too.
_LABEL: Final = re.compile(
    r"(?:(?:VIN|ВИН|КОД|CODE|НОМЕР|НОМЕРА|NUMBER|КУЗОВ|КУЗОВА|РАМА|РАМЫ|ШАССИ|ГОСНОМЕР|ГРЗ|BODY|CHASSIS|FRAME|PLATE)"
    r"(?![A-ZА-ЯЁ0-9])|№|#)[ :№#.,=()-]*"
)
_AROUND: Final = " *-.,;:!?\"'«»<>[]()_+/|·•"
# What hides a character of a number (an asterisk, an underscore) is a part of its word.
_WORD: Final = re.compile(r"[^ ,;:!?\"'«»<>()\[\]№#]+")
# More words are a letter, not a number with something behind it.
_MOST_WORDS: Final = 24
_MOST_PARTS: Final = 6


def without_labels(plain: str) -> str:
    """Folded text without the words that say what it is, and without punctuation at its ends."""
    bare = plain.strip(_AROUND)
    while (label := _LABEL.match(bare)) and (rest := bare[label.end() :].strip(_AROUND)):
        bare = rest
    return bare


def only_number_in(plain: str, is_number: Callable[[str], bool]) -> tuple[str, str] | None:
    """The one number among the words of folded text, and the other words; None if there is none, or more.

    A number may stand in several parts. The same number twice is one; two numbers are none, for who knows which.
    """
    words = [bare for word in _WORD.findall(plain) if (bare := without_labels(word))]
    if not 1 < len(words) <= _MOST_WORDS:
        return None
    found: dict[str, tuple[str, str]] = {}
    at = 0
    while at < len(words):
        run = next(
            (
                end
                for end in range(min(at + _MOST_PARTS, len(words)), at, -1)
                if is_number(" ".join(words[at:end]))
            ),
            None,
        )
        if run is None:
            at += 1
            continue
        others = " ".join([*words[:at], *words[run:]])
        found.setdefault("".join(words[at:run]), (" ".join(words[at:run]), others))
        at = run
    return next(iter(found.values())) if len(found) == 1 else None
