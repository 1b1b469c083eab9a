"""What is delivered may be delivered: no GPL, no AGPL, and everybody is named."""

from importlib.metadata import distribution

import pytest

from deploy.licences import FONTS, NOTICES, Part, part_of, python_parts, web_parts


def test_nothing_that_is_delivered_is_under_the_gpl() -> None:
    assert [(part.name, part.objections) for part in (*python_parts(), *web_parts()) if part.objections] == []


def test_a_wheel_that_holds_more_than_its_metadata_says_is_found_out() -> None:
    """Its metadata says BSD; the encoder in it is under the GPL. Only tests write HEIC with it."""
    writer = part_of("pillow-heif", distribution("pillow-heif"))
    assert writer.licence == "BSD-3-Clause"
    assert "holds libx265" in writer.objections
    assert any("GPLv2" in one for one in writer.objections)


@pytest.mark.parametrize(
    ("licence", "refused"),
    [
        ("GPL-3.0-or-later", True), ("AGPL-3.0", True), ("", True),
        ("GNU General Public License v2 (GPLv2)", True),
        ("LGPL-3.0-only", False), ("GNU Lesser General Public License v3 (LGPLv3)", False), ("MIT", False),
        ("MIT OR GPL-2.0", False), ("GPL-3.0-with-GCC-exception", False), ("Apache-2.0 AND BSD-2-Clause", False),
    ],
)  # fmt: skip
def test_the_lesser_gpl_and_a_choice_are_no_reason(licence: str, refused: bool) -> None:
    assert bool(Part("thing", "1", licence).objections) == refused


def test_everybody_is_named() -> None:
    page = NOTICES.read_text()
    assert [font.name for font in FONTS.glob("*.ttf") if f"- {font.name}\n" not in page] == []
    assert [part.name for part in (*python_parts(), *web_parts()) if f"| {part.name} | " not in page] == []
