"""The picture of a badge: a card of its own on any page, light or dark, with letters of whoever looks at it.

It is SVG of a few shapes and texts: no script, no style and nothing that is fetched, so the strictest policy
holds for it wherever it is opened.
"""

from textwrap import wrap
from typing import Final
from xml.sax.saxutils import escape

from shared_schemas.report.content import ReportLanguage
from shared_schemas.report.presenting.badge import BadgeWords

WIDTH: Final = 400
HEIGHT: Final = 180
_LEFT: Final = 76
_ROOM: Final = WIDTH - _LEFT - 16
_INK, _MUTED, _GOOD, _GREY = "#1a1d21", "#545b66", "#11703a", "#6b7280"
# Lucide's shield-check, and its circle with nothing said in it.
_SHIELD: Final = (
    "M20 13c0 5-3.5 7.5-7.66 8.95a1 1 0 0 1-.67-.01C7.5 20.5 4 18 4 13V6a1 1 0 0 1 1-1c2 0 4.5-1.2 6.24-2.72"
    "a1.17 1.17 0 0 1 1.52 0C14.51 3.81 17 5 19 5a1 1 0 0 1 1 1z"
)
_CHECK: Final = "m9 12 2 2 4-4"
_DASH: Final = "M9 12h6"


def drawn(words: BadgeWords, language: ReportLanguage, *, address: str | None) -> bytes:
    """The picture. `address` is where the report is verified; None of a badge that tells of nothing."""
    colour, sign = (_GREY, _DASH) if address is None else (_GOOD, _CHECK)
    lines: list[str] = [_line(words.brand, 30, 15, _INK, bold=True)]
    lines += [_line(one, 49 + 15 * at, 12, _MUTED) for at, one in enumerate(wrap(words.title, 44)[:2])]
    lines += [
        _line(one, 91 + 22 * at, 17, colour, bold=True) for at, one in enumerate(wrap(words.said, 30)[:2])
    ]
    lines.append(_line(words.facts, 139, 13, _INK))
    if address is not None:
        lines.append(_line(address, 160, 12, _MUTED))
    told = ". ".join(filter(None, (words.brand, words.title, words.said, words.facts, address)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" lang="{language}">'
        f"<title>{escape(told)}</title>"
        f'<rect x="1" y="1" width="{WIDTH - 2}" height="{HEIGHT - 2}" rx="14" fill="#ffffff" stroke="#c3c8d0" '
        'stroke-width="2"/>'
        f'<g transform="translate(18 62) scale(1.8)" fill="none" stroke="{colour}" stroke-width="2" '
        f'stroke-linecap="round" stroke-linejoin="round"><path d="{_SHIELD}"/><path d="{sign}"/></g>'
        f'<g font-family="system-ui, Roboto, Arial, sans-serif">{"".join(lines)}</g></svg>'
    ).encode()


def _line(text: str, y: int, size: int, colour: str, *, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    # Letters differ from one system to another: what may be too long for its line is drawn to fit.
    widest = len(text) * size * (0.66 if bold else 0.6)
    fitted = f' textLength="{_ROOM}" lengthAdjust="spacingAndGlyphs"' if widest > _ROOM else ""
    return (
        f'<text x="{_LEFT}" y="{y}" font-size="{size}" fill="{colour}"{weight}{fitted}>{escape(text)}</text>'
    )
