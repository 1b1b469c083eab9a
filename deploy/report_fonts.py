"""The fonts that reports are set in: `python -m deploy.report_fonts FOLDER` makes them of those of Debian's
`fonts-noto-core`, and writes down which characters each has.

They are under the SIL Open Font License, which lets them be cut down and handed on (`OFL.txt` beside them).
"""

import sys
from pathlib import Path
from typing import Any, Final

from fontTools import subset  # pyright: ignore[reportMissingTypeStubs] - it has none
from fontTools.ttLib import TTFont  # pyright: ignore[reportMissingTypeStubs] - the same

from deploy.embedded.stack import CHECKOUT

FONTS: Final = CHECKOUT / "cabinet_service" / "reports" / "pdf" / "fonts"
_LETTERS: Final = (
    *((0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x2FF), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x52F)),
    *((0x1E00, 0x1EFF), (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x214F)),
    *((0xFB00, 0xFB06), (0xFFFD, 0xFFFD)),
)
_EVERYTHING: Final = ((0x20, 0x10FFFF),)
# Each after the ones before it: a character is set in the first that has it.
KEPT: Final = {
    "NotoSans-Regular": _LETTERS,
    "NotoSans-Bold": _LETTERS,
    "NotoSansMono-Regular": ((0x20, 0x7E), (0xA0, 0xFF), (0x400, 0x45F), (0x200B, 0x200B), (0x2116, 0x2116)),
    "NotoSansArabic-Regular": _EVERYTHING,
    "NotoSansHebrew-Regular": _EVERYTHING,
    "NotoSansArmenian-Regular": _EVERYTHING,
    "NotoSansGeorgian-Regular": _EVERYTHING,
    "NotoSansMath-Regular": ((0x2190, 0x21FF), (0x2200, 0x22FF)),
    "NotoSansSymbols2-Regular": ((0x2300, 0x23FF), (0x25A0, 0x25FF), (0x2600, 0x27BF)),
}


def main(folder: Path) -> None:
    """Cut down the fonts of the folder."""
    cutting: Any = subset  # annotated in part only
    covered: list[str] = []
    for name, ranges in KEPT.items():
        options = cutting.Options(
            hinting=False, layout_features=["*"], name_languages=["*"], notdef_outline=True
        )
        font = cutting.load_font(str(folder / f"{name}.ttf"), options)
        subsetter = cutting.Subsetter(options)
        subsetter.populate(unicodes=[one for first, last in ranges for one in range(first, last + 1)])
        subsetter.subset(font)
        font.save(FONTS / f"{name}.ttf")
        covered.append(f"{name} {ranges_of(FONTS / f'{name}.ttf')}\n")
    (FONTS / "covered.txt").write_text("".join(covered))


def ranges_of(font: Path) -> str:
    """The characters that a font has, as ranges of hexadecimal numbers."""
    found: list[list[int]] = []
    for point in points_of(font):
        if found and point == found[-1][1] + 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return " ".join(f"{first:x}-{last:x}" for first, last in found)


def points_of(font: Path) -> list[int]:
    """The characters that a font has, in their order."""
    opened: Any = TTFont(font)
    return sorted(opened.getBestCmap())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
