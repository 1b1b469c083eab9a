"""VINs of which characters are hidden, as adverts and recalls print them: patterns to search by, not numbers.

What hides is an asterisk, a hash, a question mark, or an x in Latin or Cyrillic, which is also a letter of VINs.
"""

import re
from typing import Final

from shared_schemas.vin import ALPHABET, LENGTH

HIDDEN: Final = "*"
_SIGNS: Final = frozenset("*#?•…")
_FEWEST_SHOWN: Final = 5
_LEAST: Final = 15
_MOST: Final = LENGTH + 1
# No serial has three X in a row: those of cars end with digits.
_HIDDEN_BY_X: Final = re.compile(r"X{3,}")
_SERIAL: Final = 9  # characters before it


def is_masked(value: str) -> bool:
    """Whether the value, in capitals and Latin, is a VIN with hidden characters."""
    if not _LEAST <= len(value) <= _MOST:
        return False
    signs = sum(character in _SIGNS for character in value)
    shown = sum(character in ALPHABET for character in value)
    if signs:
        return signs > 1 and signs + shown == len(value) and shown >= _FEWEST_SHOWN
    return _HIDDEN_BY_X.search(value, _SERIAL) is not None


def pattern(value: str) -> str:
    """The value with `HIDDEN` for each character that is hidden, or may be: each X where some hide."""
    if any(character in _SIGNS for character in value):
        return "".join(HIDDEN if character in _SIGNS else character for character in value)
    return value.replace("X", HIDDEN)


def agrees(masked: str, vin: str) -> bool:
    """Whether the VIN may be the one whose characters are hidden in `masked`; equal ones agree."""
    return len(masked) == len(vin) and all(one in {own, HIDDEN} for one, own in zip(masked, vin, strict=True))
