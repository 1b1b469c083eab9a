"""Names as runs of three characters, so that whatever stands somewhere in one is a phrase.

`XTA21` is `<<< <<X <XT XTA TA2 A21 21> 1>> >>>`: what begins, ends or has a part in it is found without a look at
other names, positions keep the parts in their order, and what is not known is a hole in the phrase.
"""

from typing import Final

from service_kit.search.questions import ANY, ONE

_SIZE: Final = 3
_BEGIN: Final = "<"
_END: Final = ">"
_HOLE: Final = "_"
"""The analyser of questions leaves it out, and keeps its place."""


def of_name(key: str) -> str:
    return _grams(_BEGIN * _SIZE + key + _END * _SIZE)


def beginning(key: str) -> str:
    return _grams(_BEGIN * (_SIZE - 1) + key)


def ending(key: str) -> str:
    return _grams(key + _END * (_SIZE - 1))


def within(key: str) -> str:
    """Of three characters and more."""
    return _grams(key)


def of_pattern(pattern: str) -> str | None:
    """The phrase that exactly those names have that are spelled so; None if there is none for this pattern."""
    text = pattern.strip(ANY)
    # A gram of the ends alone is in every name: it is asked for where nothing else says that there is an end.
    if not pattern.startswith(ANY):
        text = _BEGIN * (_SIZE if pattern.startswith(ONE) else _SIZE - 1) + text
    if not pattern.endswith(ANY):
        text += _END * (_SIZE if pattern.endswith(ONE) else _SIZE - 1)
    # A phrase says nothing of what is shorter than a gram, or of how much is left at an end that is open.
    is_short = any(0 < len(run) < _SIZE for run in text.split(ONE))
    return None if ANY in text or is_short or text[:1] == ONE or text[-1:] == ONE else _grams(text)


def _grams(text: str) -> str:
    found = (text[at : at + _SIZE] for at in range(len(text) - _SIZE + 1))
    return " ".join(_HOLE if ONE in gram else gram for gram in found)
