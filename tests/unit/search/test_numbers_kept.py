"""Which texts hold the number of a car, however it is spelled there."""

import pytest

from bpa_service.search.views.forgetting import holds

KEYS = frozenset({"XTA210990Y2766389", "A123BC77", "SV300169266"})


@pytest.mark.parametrize(
    "text",
    [
        "XTA210990Y2766389",
        "xta 210990 y2766389 перебит",
        "VIN: хта210990у2766389",
        "а123вс77",
        "the Skoda А 123 ВС 77, grey",
        "SV30-0169266",
        "sv30_0169266",
    ],
)
def test_a_number_is_found_in_any_spelling(text: str) -> None:
    assert holds(text, KEYS)


@pytest.mark.parametrize(
    "text",
    ["", "шкода казань", "766389", "XTA21***766389", "PA123BC77", "A123BC777", "XTA210990Y2766389X", "А 123"],
)
def test_a_part_of_it_or_another_one_is_not_it(text: str) -> None:
    assert not holds(text, KEYS)


def test_of_a_car_without_numbers_nothing_is_found() -> None:
    assert not holds("A123BC77", frozenset())
