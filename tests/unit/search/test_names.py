"""How names are spelled, and how well one fits: the rules that every engine of search keeps to."""

import re
from itertools import product
from string import ascii_uppercase, digits
from typing import Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bpa_service.cases.naming.domain import number_key, plate_key
from service_kit.search.documents import LONGEST_NAME, Name, NameKind
from service_kit.search.names import (
    fit,
    has_run,
    is_one_mistake,
    key_of,
    name_of,
    pattern_of,
    skeleton,
    spelled,
)
from service_kit.search.questions import Fit, NamePattern
from shared_schemas.identifiers import read_identifier
from shared_schemas.letters import cyrillic, latin
from shared_schemas.words import IdentifierKind

VIN: Final = "XTA211240Y2765432"
ANYTHING: Final = st.text(max_size=40)
# Few characters, so that mistakes and parts come by themselves.
SHORT: Final = st.text(alphabet="01AB", max_size=7)
KEYS: Final = st.text(alphabet=ascii_uppercase + digits, min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("kind", "text", "key"),
    [
        (NameKind.NUMBER, "xta 211240-y 2765432", VIN),
        (NameKind.NUMBER, "ХТА211240У2765432", VIN),
        (NameKind.NUMBER, "VIN: XTA211240Y2765432.", VIN),
        (NameKind.NUMBER, "ＸＴＡ２１１２４０Ｙ２７６５４３２", VIN),
        (NameKind.NUMBER, "SV30-0169266", "SV300169266"),
        (NameKind.NUMBER, "7654", "7654"),
        (NameKind.NUMBER, "«»", ""),
        (NameKind.ENGINE, "21126 1234567", "211261234567"),
        (NameKind.PLATE, "а 123 вс 77 rus", "A123BC77"),
        (NameKind.PLATE, "A123BC77", "A123BC77"),
        (NameKind.PLATE, "Д1234АВ", "Д1234AB"),
        (NameKind.PLATE, "m-äö 123", "MÄÖ123"),
        (NameKind.CASE, "AD-2026-000123", "AD2026000123"),
        (NameKind.PHONE, "+7 (916) 123-45-67", "79161234567"),
        (NameKind.PHONE, "8 916 123 45 67", "79161234567"),
        (NameKind.PHONE, "916 123 45 67", "79161234567"),
        (NameKind.PHONE, "007 916 1234567", "79161234567"),
        (NameKind.PHONE, "8916", "7916"),
        (NameKind.PHONE, "81", "81"),
        (NameKind.PHONE, "+81 90 1234 5678", "819012345678"),
        (NameKind.PHONE, "+84 912 345 67", "8491234567"),
        (NameKind.PHONE, "891234567890", "891234567890"),
        (NameKind.PHONE, "2345678901", "2345678901"),
        (NameKind.PHONE, "912345678", "912345678"),
        (NameKind.PHONE, "нет", ""),
    ],
)
def test_a_name_has_one_spelling(kind: NameKind, text: str, key: str) -> None:
    assert key_of(kind, text) == key


@given(st.sampled_from([NameKind.NUMBER, NameKind.ENGINE, NameKind.PLATE, NameKind.CASE]), ANYTHING)
def test_a_spelling_is_capitals_and_digits_and_stays_as_it_is(kind: NameKind, text: str) -> None:
    key = key_of(kind, text)
    assert key.isalnum() or not key
    assert key == latin(key)
    assert spelled(key) == key


@given(KEYS, st.sampled_from(list(IdentifierKind)))
def test_it_agrees_with_the_names_by_which_cases_of_one_car_are_found(key: str, kind: IdentifierKind) -> None:
    value = read_identifier(key, kind).value
    if kind is IdentifierKind.PLATE:
        stored, ours = plate_key(value), key_of(NameKind.PLATE, value)
    else:
        stored, ours = number_key(value), key_of(NameKind.NUMBER, value)
    assume(stored)
    assert ours == latin(stored or "")


@given(KEYS)
def test_either_keyboard_gives_the_same(key: str) -> None:
    assert spelled(cyrillic(key).lower()) == spelled(key) == key


@given(ANYTHING)
def test_a_pattern_keeps_what_is_unknown(text: str) -> None:
    pattern = pattern_of(text)
    assert pattern.replace("?", "").replace("*", "") == spelled(text)
    assert "**" not in pattern
    assert pattern.count("?") == text.count("?") + text.count("？")
    assert ("*" in pattern) == ("*" in text or "＊" in text)


def test_a_name_is_made_of_what_holds_one() -> None:
    assert name_of(NameKind.PLATE, "а123вс77") == Name(NameKind.PLATE, "A123BC77")
    assert name_of(NameKind.PLATE, None) is None
    assert name_of(NameKind.CASE, " - ") is None
    assert name_of(NameKind.CASE, "A" * 100) == Name(NameKind.CASE, "A" * LONGEST_NAME)


@pytest.mark.parametrize("group", ["0OQ", "1I", "8B", "5S", "2Z7"])
def test_look_alikes_have_one_skeleton(group: str) -> None:
    assert {skeleton(one) for one in group} == {group[0]}


@given(KEYS)
def test_a_skeleton_is_as_long_and_its_own(key: str) -> None:
    assert len(skeleton(key)) == len(key)
    assert skeleton(skeleton(key)) == skeleton(key)
    # What looks like nothing else stays.
    assert all(new == old or old in "OQIBSZ7" for new, old in zip(skeleton(key), key, strict=True))


def mistakes(key: str, alphabet: str) -> set[str]:
    """The key, and what one mistake makes of it, written out."""
    places = range(len(key))
    return {
        key,
        *(key[:at] + key[at + 1 :] for at in places),
        *(key[:at] + c + key[at + 1 :] for at, c in product(places, alphabet)),
        *(key[:at] + c + key[at:] for at, c in product(range(len(key) + 1), alphabet)),
        *(key[:at] + key[at + 1] + key[at] + key[at + 2 :] for at in places[:-1]),
    }


@given(SHORT, SHORT)
def test_one_mistake_is_one(one: str, other: str) -> None:
    assert is_one_mistake(one, other) == (other in mistakes(one, "01AB"))
    assert is_one_mistake(other, one) == is_one_mistake(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("12AB34", "12CD34"), ("12AB34", "12BA43"), ("1234", "123400"), ("1234", "2341")]
)
def test_two_mistakes_are_not_one(one: str, other: str) -> None:
    assert not is_one_mistake(one, other)


@given(SHORT)
def test_each_mistake_is_recognised(key: str) -> None:
    for other in mistakes(key, "01AB"):
        assert is_one_mistake(key, other)


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        (VIN, Fit.WHOLE),
        ("XTA2", Fit.END),
        ("X", Fit.END),
        ("XT", Fit.END),
        ("5432", Fit.END),
        ("432", Fit.END),
        ("32", None),
        ("2", None),
        ("2112", Fit.PART),
        ("0Y2", Fit.PART),
        ("Y2", None),
        ("XTA211240Y276543", Fit.END),
        ("XTA21124OYZ7654З2", Fit.MISTAKEN),
        ("XTA211240Y2765423", Fit.MISTAKEN),
        ("XTA21124Y2765432", Fit.MISTAKEN),
        ("XTA2111240Y2765432", Fit.MISTAKEN),
        ("XTA211240X2765433", None),
        ("XTA21***0Y27654?2", Fit.PART),
        ("XTA2112?0Y27654?2", Fit.WHOLE),
        ("XTA2112?0Y27654?", None),
        ("*5432", Fit.PART),
        ("XT*", Fit.PART),
        ("X*", None),
        ("X????????????????", None),
        ("*", None),
        ("?", None),
        ("", None),
        ("xta", None),
    ],
)
def test_how_well_a_name_fits(typed: str, fits: Fit | None) -> None:
    assert fit(NamePattern(typed), VIN) is fits


def test_of_a_short_name_a_mistake_is_no_mistake() -> None:
    assert fit(NamePattern("1284"), "12B4") is None
    assert fit(NamePattern("12845"), "12B45") is Fit.MISTAKEN
    assert fit(NamePattern("12845"), "1284") is Fit.MISTAKEN


@given(st.text(alphabet="01A?*", max_size=9), st.text(alphabet="01A", min_size=1, max_size=7))
def test_a_pattern_spells_a_name_from_end_to_end(pattern: str, key: str) -> None:
    assume("?" in pattern or "*" in pattern)
    meant = re.fullmatch(pattern.replace("?", ".").replace("*", ".*"), key) is not None
    has_two = re.search(r"[01A]{2}", pattern) is not None
    assert has_run(pattern) == has_two
    found = fit(NamePattern(pattern), key)
    assert (found is not None) == (meant and has_two)
    if found is not None:
        assert found is (Fit.PART if "*" in pattern else Fit.WHOLE)


def test_no_pattern_takes_long() -> None:
    """By backtracking this one would take longer than the tests may."""
    assert fit(NamePattern("AA" + "*A" * 30 + "*B"), "A" * LONGEST_NAME) is None


@given(KEYS, st.data())
def test_what_is_better_known_fits_no_worse(key: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(key) - 1))
    end = data.draw(st.integers(begin + 1, len(key)))
    found = fit(NamePattern(key[begin:end]), key)
    if (begin, end) == (0, len(key)):
        assert found is Fit.WHOLE
    elif begin == 0 or (end == len(key) and end - begin >= 3):
        assert found is Fit.END
    elif end - begin >= 3:
        assert found is Fit.PART
    else:
        assert found in {None, Fit.END}  # the same characters may stand at its beginning
