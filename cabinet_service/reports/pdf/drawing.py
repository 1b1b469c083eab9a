"""Drawings of a report, as SVG: the graph of its mileages, and the code that a phone reads."""

from collections.abc import Sequence
from html import escape
from io import BytesIO
from itertools import pairwise
from math import ceil, floor, log10
from typing import Final, NamedTuple

import segno

from shared_schemas.report.presented import Point

WIDTH: Final = 520
HEIGHT: Final = 180
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 14, 10, 24
_INK: Final = "#0b57d0"
_LINE: Final = "#c4cbd4"
_MUTED: Final = "#4d5763"
_BAD: Final = "#b3261e"
_MOST_YEARS: Final = 12


class _Scale(NamedTuple):
    low: float
    high: float
    first: float
    last: float

    def at(self, value: float) -> float:
        return self.first + (value - self.low) / (self.high - self.low) * (self.last - self.first)


def mileages(points: Sequence[Point], falls: Sequence[tuple[int, int]] = ()) -> bytes:
    """The readings over the years, joined in the order of their days; red and broken where they were rolled back:
    `falls` are places of two `points` each.
    """
    inorder = sorted(points, key=lambda one: one.year)
    years = _Scale(
        floor(inorder[0].year), max(ceil(inorder[-1].year), floor(inorder[0].year) + 1), _LEFT, WIDTH - _RIGHT
    )
    step = _step(max(one.km for one in inorder))
    top = max(step, ceil(max(one.km for one in inorder) / step) * step)
    kilometres = _Scale(0, top, HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">',
        f'<g font-family="Noto Sans" font-size="9" fill="{_MUTED}">',
    ]
    for km in range(0, top + 1, step):
        y = kilometres.at(km)
        parts.append(
            f'<path d="M{_LEFT} {y:.1f}H{WIDTH - _RIGHT}" stroke="{_LINE}" stroke-width="0.6" fill="none"/>'
        )
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 3:.1f}" text-anchor="end">{_number(km)}</text>')
    every = ceil((years.high - years.low) / _MOST_YEARS)
    parts += [
        f'<text x="{years.at(year):.1f}" y="{HEIGHT - 8}" text-anchor="middle">{year}</text>'
        for year in range(int(years.low), int(years.high) + 1, every)
    ]

    def place(one: Point) -> str:
        return f"{years.at(one.year):.1f} {kilometres.at(one.km):.1f}"

    fallen = [(points[before], points[after]) for before, after in falls]
    joined = [pair for pair in pairwise(inorder) if pair not in fallen]
    for pairs, look in ((joined, f'stroke="{_INK}"'), (fallen, f'stroke="{_BAD}" stroke-dasharray="5 4"')):
        if pairs:
            way = "".join(f"M{place(one)}L{place(other)}" for one, other in pairs)
            parts.append(f'<path d="{way}" fill="none" {look} stroke-width="1.6"/>')
    parts.extend(
        f'<circle cx="{years.at(one.year):.1f}" cy="{kilometres.at(one.km):.1f}" r="2.8" fill="{_INK}"/>'
        for one in inorder
    )
    return "".join([*parts, "</g></svg>"]).encode()


def code(address: str) -> bytes:
    """A QR code of an address. The white around it is the page's."""
    drawn = BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="svg", border=1, xmldecl=False, svgns=True)
    return drawn.getvalue()


def _step(most: int) -> int:
    """So many kilometres between two lines that there are about four."""
    rough = max(most, 4) / 4
    size = 10 ** floor(log10(rough))
    return int(next(one * size for one in (1, 2, 5, 10) if one * size >= rough))


def _number(km: int) -> str:
    return escape(f"{km:,}".replace(",", "\N{NO-BREAK SPACE}"))
