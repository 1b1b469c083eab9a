"""A phrase of grams stands in exactly those names that are spelled as it was made for."""

import hypothesis.strategies as st
from hypothesis import example, given

from service_kit.search import names
from service_kit.search.elastic import grams
from service_kit.search.questions import Fit, NamePattern

# Few letters, so that what is made at random is often the same.
KEYS = st.text("AB0", min_size=1, max_size=7)
PATTERNS = st.text("AB0?*", min_size=1, max_size=8)


def stands(phrase: str, key: str) -> bool:
    """As the engine looks for a phrase: each gram of it in its place, and whatever there is in a hole."""
    wanted = phrase.split()
    there = grams.of_name(key).split()
    last = max(at for at, gram in enumerate(wanted) if gram != "_")
    return any(
        all(gram in {"_", there[start + at]} for at, gram in enumerate(wanted[: last + 1]))
        for start in range(len(there) - last)
    )


@given(KEYS, KEYS)
def test_a_beginning_an_end_and_a_part_are_phrases(key: str, wanted: str) -> None:
    assert stands(grams.beginning(wanted), key) is key.startswith(wanted)
    assert stands(grams.ending(wanted), key) is key.endswith(wanted)
    if len(wanted) >= 3:
        assert stands(grams.within(wanted), key) is (wanted in key)


@given(KEYS, PATTERNS.filter(names.has_run))
@example("AB", "AB??*")
@example("AB0", "?B0")
@example("BA", "BA?")
def test_a_pattern_with_a_phrase_is_spelled_by_what_has_it(key: str, pattern: str) -> None:
    phrase = grams.of_pattern(pattern)
    if phrase is not None and NamePattern(pattern).is_pattern:
        assert stands(phrase, key) is (names.fit(NamePattern(pattern), key) in {Fit.WHOLE, Fit.PART})


def test_what_people_know_of_a_number_is_a_phrase() -> None:
    for pattern in (
        "XTA21???0Y27654?2",
        "?TA211240Y2765432",
        "XTA211240Y276543?",
        "*65432",
        "XTA211*",
        "*1240Y*",
    ):
        assert grams.of_pattern(pattern) is not None
    # Too little in a row, or parts whose order no phrase tells.
    for pattern in ("XTA?1?40Y2765432", "XTA*5432", "XTA??*", "*??432"):
        assert grams.of_pattern(pattern) is None
