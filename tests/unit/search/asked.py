"""What was understood of something that somebody typed, as tests look at it."""

from datetime import date
from typing import Final

from hypothesis import strategies as st

from service_kit.search.asking.question import Asked, read
from service_kit.search.questions import (
    NamePattern,
    Words,
)
from shared_schemas import vin

TODAY: Final = date(2026, 11, 29)
anything = st.text(st.characters(exclude_categories=()), max_size=600)
# What comes near to being a question finds more than text of all Unicode.
nearly = st.text("XTAхта1290 ?*#\"«»|:;,.-/()'or или в с по март вин vin:\x00\u200b\u202e😀№", max_size=80)
# Of Russian alone a VIN could be some words.
vins = st.text(sorted(vin.ALPHABET), min_size=17, max_size=17).filter(
    lambda number: sum(map(str.isdigit, number)) > 4 and not number.isdigit()
)
spaces = st.sampled_from(["", " ", "-", "  ", ".", "_", "·"])


def asked(typed: str) -> Asked:
    return read(typed, today=TODAY)


def keys(typed: str) -> list[list[str]]:
    """Of each term the names that are looked for."""
    return [
        [one.key for one in term.alternatives if isinstance(one, NamePattern)] for term in asked(typed).terms
    ]


def words(typed: str) -> list[list[str]]:
    """Of each term the words that are looked for, those that may go on with an ellipsis."""
    return [
        [" ".join(one.words) + "…" * one.is_begun for one in term.alternatives if isinstance(one, Words)]
        for term in asked(typed).terms
    ]


def days(typed: str) -> tuple[str | None, str | None]:
    found = asked(typed)
    return found.since and found.since.isoformat(), found.until and found.until.isoformat()


def alternatives(found: Asked) -> list[NamePattern | Words]:
    return [one for term in found.terms for one in term.alternatives]
