"""Every conclusion, doubt and plant has words in both languages, and the values that fill them."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_schemas import vin
from shared_schemas.vin.claims import Claim, Document, DoubtCode, doubts
from shared_schemas.vin.codes import Plant
from shared_schemas.vin.conclusions import ConclusionCode, conclusions
from shared_schemas.vin.curated import CURATED
from shared_schemas.vin.facts import facts

CATALOGUES = Path(__file__).resolve().parents[3] / "service_kit" / "web" / "messages"
SECTIONS = {"conclusions": ConclusionCode, "doubts": DoubtCode, "plants": Plant}
# The first makers of the table are common, the rest of the characters may be anything.
numbers = st.builds(
    str.__add__,
    st.sampled_from([code for row in CURATED for code in row.codes.split()]),
    st.text(sorted(vin.ALPHABET), min_size=14, max_size=14),
)


def words(language: str) -> dict[str, str]:
    file = json.loads((CATALOGUES / f"{language}.arb").read_text(encoding="utf-8"))
    return {key: text for key, text in file.items() if key.startswith("vin.")}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_each_code_has_words_and_no_words_are_left_over(language: str) -> None:
    expected = {f"vin.{section}.{code}" for section, codes in SECTIONS.items() for code in codes}
    assert set(words(language)) == expected


@given(numbers, st.integers(1960, 2030))
def test_what_is_told_has_all_that_its_words_are_filled_with(number: str, year: int) -> None:
    known = facts(number, this_year=2026)
    paper = Document(number="A" * 17, year=year, issued=year)
    against = doubts(known, Claim(make="Isuzu", model="Priora", year=year, documents=(paper,)))
    for section, told in (("conclusions", conclusions(known)), ("doubts", against)):
        for one in told:
            for language in ("ru", "en"):
                wanted = set(re.findall(r"\{(\w+)[,}]", words(language)[f"vin.{section}.{one.code}"]))
                assert wanted <= set(one.params), one


def test_every_plant_stands_in_the_table() -> None:
    assert {row.plant for row in CURATED if row.plant} == set(Plant)
