"""What of a question can be found at all, whatever the engine: the rest fits nothing anywhere."""

import re
from typing import Final

from service_kit.search.documents import LONGEST_NAME
from service_kit.search.names import has_run
from service_kit.search.questions import ANY, ONE, NamePattern, Words
from service_kit.search.storable import is_storable
from service_kit.search.words import words_of

_SEVERAL: Final = re.compile(r"\*+")
LONGEST_KEY: Final = LONGEST_NAME + 1
"""One that is too long by one character may be mistaken for a name."""


def findable(one: NamePattern | Words) -> NamePattern | Words | None:
    """The same as engines are asked for it, or None if nothing can fit it."""
    if isinstance(one, Words):
        words = tuple(words_of(" ".join(one.words)))
        return Words(words, one.is_begun, one.fields) if words else None
    key = _SEVERAL.sub(ANY, one.key)
    known = key.replace(ONE, "").replace(ANY, "")
    is_short = len(key.replace(ANY, "")) <= LONGEST_KEY
    is_found = is_short and known.isalnum() and is_storable(known) and (not one.is_pattern or has_run(key))
    return NamePattern(key, one.kinds) if is_found else None
