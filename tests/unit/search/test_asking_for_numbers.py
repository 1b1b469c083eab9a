"""Numbers that somebody typed are names to look for, in whatever spelling, whole, in part or with gaps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_kit.search.names import fit, has_run
from service_kit.search.questions import (
    ONE,
    Fit,
    NamePattern,
)
from shared_schemas.letters import cyrillic
from tests.unit.search.asked import alternatives, asked, keys, spaces, vins


@pytest.mark.parametrize(
    "typed",
    [
        "XTA210990Y2766389",
        "xta210990y2766389",
        "XTA 210990 Y2766389",
        "xta-210990-y2766389",
        "хта 210990 у2766389",
        "ХТА210990У2766389",
        "чеф210990н2766389",
        "чеф 210990 н2766389",
        "VIN: XTA 210990 Y2766389.",
        "VIN XTA210990Y2766389",
        "вин № XTA210990Y2766389",
        "номер кузова XTA210990 Y2766389",
        "*XTA210990Y2766389*",
        "(XTA210990Y2766389)",
        '"XTA210990Y2766389"',
        '"XTA 210990 Y2766389"',
        "ＸＴＡ210990Y2766389",
        "\u200bXTA210990\u200eY2766389",
        "XTA210990Y2766389,",
        "XTA\t210990\nY2766389",
        "XTA_210990_Y2766389",
    ],
)
def test_a_number_is_one_name_in_whatever_spelling(typed: str) -> None:
    [found] = keys(typed)
    assert "XTA210990Y2766389" in found


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("а123вс77", "A123BC77"),
        ("а 123 вс 77", "A123BC77"),
        ("A 123 BC 77 RUS", "A123BC77"),
        ("f123dc77", "A123BC77"),
        ("Р+987-ТС_166", "P987TC166"),
        ("m123pe40", "M123PE40"),
        ("SV30-0169266", "SV300169266"),
        ("sv30 0169266", "SV300169266"),
        ("A-0000123", "A0000123"),
        ("а 0000123", "A0000123"),
        ("8 (912) 345-67-89", "79123456789"),
        ("+7 912 345 67 89", "79123456789"),
        ("9123456789", "79123456789"),
        ("89123456789", "79123456789"),
        ("тел. 8-912-345-67-89", "79123456789"),
        ("VINYA5B3Z1N639B94500", "YA5B3Z1N639B94500"),
        ("XTA 210990 Y276638", "XTA210990Y276638"),  # one is missing
        ("XTA 210990 Y27663899", "XTA210990Y27663899"),  # one is too many
    ],
)
def test_other_numbers_are_one_name_too(typed: str, key: str) -> None:
    [found] = keys(typed)
    assert key in found


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("XTA21***0Y27654?2", ["XTA21???0Y27654?2"]),  # 17 places: each sign hides one
        ("VF7******AZ025918", ["VF7??????AZ025918"]),
        ("JTDBM22E##0001009", ["JTDBM22E??0001009"]),
        ("VWA***F24*100008", ["VWA*F24*100008"]),  # one place is missing, who knows where
        ("XTA210990Y276638*", ["XTA210990Y276638*"]),  # what is typed so goes on
        ("WVWZZZ1KxCPxxxx59", ["WVWZZZ1KXCPXXXX59", "WVWZZZ1K?CP????59"]),
        ("XTA*", ["XTA*"]),
        ("*7654", ["*7654"]),
        ("21?99", ["21?99", "*21?99*"]),
        ("XTA21***0Y27", ["XTA21*0Y27"]),
        ("XTA210990Y276638?", ["XTA210990Y276638", "XTA210990Y276638?"]),
        ("7654?", ["7654"]),
        ("ends in 7654", ["*7654"]),
        ("оканчивается на 7654", ["*7654"]),
        ("последние 4 цифры 7654", ["*7654"]),
        ("last four digits 7654", ["*7654"]),
        ("VIN кончается на 7654", ["*7654"]),
        ("начинается с XTA", ["XTA*"]),
        ("starts with xta21", ["XTA21*"]),
    ],
)
def test_unknown_characters(typed: str, expected: list[str]) -> None:
    assert keys(typed) == [expected]


@given(vins, spaces, spaces, st.booleans(), st.booleans())
def test_every_vin_in_three_groups_is_one_name(
    number: str, one: str, other: str, is_small: bool, is_cyrillic: bool
) -> None:
    typed = f"{number[:3]}{one}{number[3:9]}{other}{number[9:]}"
    typed = cyrillic(typed) if is_cyrillic else typed
    found = keys(typed.lower() if is_small else typed)
    assert any(number in group for group in found)
    if not (one or other).isspace():
        assert len(found) == 1


@given(vins, st.sets(st.integers(1, 15), min_size=2, max_size=8), st.sampled_from("?*#"))
def test_every_vin_with_hidden_characters_is_found_by_its_pattern(
    number: str, hidden: set[int], sign: str
) -> None:
    typed = "".join(sign if place in hidden else character for place, character in enumerate(number))
    patterns = [one for one in alternatives(asked(typed)) if isinstance(one, NamePattern)]
    fits = [fit(pattern, number) for pattern in patterns]
    assert not has_run(typed.replace(sign, ONE)) or Fit.WHOLE in fits


@given(vins, st.integers(0, 13), st.integers(4, 17))
def test_every_part_of_a_vin_is_looked_for_as_a_part(number: str, begin: int, length: int) -> None:
    part = number[begin : begin + length]
    names = [one for one in alternatives(asked(part)) if isinstance(one, NamePattern)]
    assert not any(map(str.isdigit, part)) or any(fit(name, number) for name in names)
