"""How a line is looked at again: which, and in what pictures of it alone."""

import math
from typing import Any

import numpy as np
import pytest

from cabinet_service.readings.closer import MORE_STRIPS, Line, strips, worth_it

NUMBER = "XTAKS045LN1427586"


def line(text: str = NUMBER, *, width: float = 300, height: float = 30, degrees: float = 0) -> Line:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    ends = [(0, 0), (width, 0), (width, height), (0, height)]
    corners = tuple((100 + x * cos - y * sin, 200 + x * sin + y * cos) for x, y in ends)
    return Line(text, 0.9, (), corners)


def pictures(of: Line, **more: Any) -> list[Any]:
    return list(strips(np.full((768, 1024, 3), 200, np.uint8), of, **more))


@pytest.mark.parametrize("width", [90, 300, 800])
def test_characters_are_made_as_wide_as_they_are_read_best(width: float) -> None:
    assert [one.shape[:2] for one in pictures(line(width=width))] == [(48, 240), (48, 280), (48, 320)]
    piece = pictures(line(NUMBER[:8], width=width))
    assert [one.shape[1] / 8 for one in piece] == pytest.approx([240 / 17, 280 / 17, 320 / 17], abs=0.1)


def test_a_line_askew_is_looked_at_with_its_letters_upright_as_well() -> None:
    assert len(pictures(line(degrees=1))) == 3
    assert len(pictures(line(degrees=-12))) == 6
    assert len(pictures(line(degrees=12), sizes=MORE_STRIPS)) == 6


def test_letters_that_stand_upright_on_a_line_askew_stand_upright_on_its_picture() -> None:
    photo = np.zeros((768, 1024, 3), np.uint8)
    photo[100:700, 246:254] = 255  # a stroke, straight down through the middle of the line
    askew = line(degrees=15)
    turned, upright = list(strips(photo, askew, [(240, 0.0)]))
    places = [[int(one[row, :, 0].argmax()) for row in (2, 45)] for one in (turned, upright)]
    assert abs(places[0][0] - places[0][1]) >= 5
    assert abs(places[1][0] - places[1][1]) <= 1


def test_approvals_and_sizes_take_no_look_from_numbers() -> None:
    others = [
        line(text) for text in ("TC RU E-RU.MT02.00651", "e1*98/14*0066", "e2:2001/1160274", "265/65R18")
    ]
    assert worth_it([*others, line(), line("1790 kg")], 1) == [line()]
