"""VINs with hidden characters are patterns, and no VIN is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_schemas import vin
from shared_schemas.vin.masks import HIDDEN, agrees, is_masked, pattern


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("VF7******AZ025918", "VF7******AZ025918"),
        ("VWA***F24*100008", "VWA***F24*100008"),
        ("JTDBM22E##0001009", "JTDBM22E**0001009"),
        ("WVWZZZ1KX8WXXXX13", "WVWZZZ1K*8W****13"),
        ("00000KECX20XXXX97", "00000KEC*20****97"),
        ("VF7****AZ025918", "VF7****AZ025918"),
        ("VF7*******AZ025918", "VF7*******AZ025918"),
        ("WVWZZZ1KZXXX12345", "WVWZZZ1KZ***12345"),
    ],
)
def test_hidden_characters_make_a_pattern(value: str, expected: str) -> None:
    assert is_masked(value)
    assert pattern(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "WVWZZZ1JZ3W386752",
        "1M8GDM9AXKP042788",  # X is a letter of VINs
        "WVWZZZ1JZ3W3867*2",  # one sign is a slip
        "*****************",
        "X8MXXXX04",
        "SV30-0169266",
        "VF7***AZ025918",
        "VF7********AZ025918",
        "VF7***O**AZ025918",
        "WVW***1JZ3W3867521234",
        "",
    ],
)
def test_what_hides_nothing_is_no_pattern(value: str) -> None:
    assert is_masked(value) is False


@given(
    st.text(sorted(vin.ALPHABET), min_size=17, max_size=17),
    st.sets(st.integers(0, 16), min_size=2, max_size=12),
)
def test_a_vin_agrees_with_each_of_its_masks_and_with_no_other(number: str, places: set[int]) -> None:
    masked = "".join(HIDDEN if place in places else character for place, character in enumerate(number))
    assert is_masked(masked)
    assert pattern(masked) == masked
    assert agrees(masked, number)
    shown = next(place for place in range(17) if place not in places)
    other = number[:shown] + ("A" if number[shown] != "A" else "B") + number[shown + 1 :]
    assert not agrees(masked, other)
    assert not agrees(masked, number + "0")
