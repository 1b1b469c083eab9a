"""Words as a PDF can hold them, whatever people write."""

import unicodedata
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet_service.reports.pdf.letters import FONTS, REPLACEMENT, is_right_to_left, settable
from deploy.report_fonts import KEPT, points_of, ranges_of

COVERED: Final = {point for name in KEPT if "Mono" not in name for point in points_of(FONTS / f"{name}.ttf")}


def test_what_is_written_down_of_the_fonts_is_what_they_have() -> None:
    lines = (FONTS / "covered.txt").read_text().splitlines()
    assert lines == [f"{name} {ranges_of(FONTS / f'{name}.ttf')}" for name in KEPT]


@given(st.text())
def test_every_character_has_a_font_whatever_is_written(words: str) -> None:
    assert {ord(one) for one in settable(words) if one != "\n"} <= COVERED


@given(st.text())
def test_what_is_settable_stays_as_it_is(words: str) -> None:
    once = settable(words)
    assert settable(once) == once


@given(st.text(alphabet="abcdeфыва ", max_size=200))
def test_words_lose_nothing_but_get_places_to_break(words: str) -> None:
    once = settable(words)
    assert once.replace("\u200b", "") == words
    assert all(len(one) <= 20 for word in once.split() for one in word.split("\u200b"))


@pytest.mark.parametrize(
    ("written", "set_as"),
    [
        ("Ёлка №5, 1 000 ₽", "Ёлка №5, 1 000 ₽"),
        ("WDB1234567Z123456", "WDB1234567Z123456"),
        ("👍🏽 хорошо 漢字", f"{REPLACEMENT} хорошо {REPLACEMENT}"),
        ("е\u0308ж", "ёж"),
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("раз\r\nдва\n", "раз\nдва"),
        ("ب\u0308", "ب"),
        ("მანქანა, Հայաստան, שלום", "მანქანა, Հայաստան, שלום"),
    ],
)
def test_what_becomes_of_it(written: str, set_as: str) -> None:
    assert settable(written) == unicodedata.normalize("NFC", set_as)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("12 שלום", True),
        ("مرحبا VIN", True),
        ("VIN مرحبا", False),
        ("Привет", False),
        ("123", False),
        ("", False),
    ],
)
def test_it_is_read_from_the_right_by_its_first_letter(words: str, answer: bool) -> None:
    assert is_right_to_left(words) == answer
