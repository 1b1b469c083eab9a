"""How texts are split into words for every engine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_kit.search.words import LONGEST_WORD, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Перебитый номер кузова!", ["перебитый", "номер", "кузова"]),
        ("VW/Audi, 3.0 TDI (2015)", ["vw", "audi", "3", "0", "tdi", "2015"]),
        ("ёлка Ёлка е\u0308лка", ["елка", "елка", "елка"]),
        ("за\u0301мок", ["замок"]),
        ("й и\u0306", ["й", "й"]),
        ("Ｓｋｏｄａ", ["skoda"]),
        ("Straße", ["strasse"]),
        ("со\u00adвсем", ["совсем"]),
        ("a\x00b \ud800 'x' & | ! ( : * \\ % _ <->", ["a", "b", "x"]),
        ("🚗 авто \u202eRTL", ["авто", "rtl"]),
        ("x" * 100, ["x" * LONGEST_WORD]),
        ("", []),
    ],
)
def test_words_are_runs_of_letters_and_digits(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(st.text())
def test_words_of_words_are_the_same(text: str) -> None:
    words = words_of(text)
    assert words_of(" ".join(words)) == words
    assert all(0 < len(word) <= LONGEST_WORD for word in words)


@given(st.text(), st.text())
def test_what_is_divided_is_split_each_for_itself(one: str, other: str) -> None:
    assert words_of(f"{one}\n{other}") == words_of(one) + words_of(other)
