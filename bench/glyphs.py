"""The glyph strip of the expert's desk: is an altered character of a stamped number marked, and no genuine one?

The stampings are rendered (`bench.stampings`): 200, of which 100 have one character off by 4 % or more in its
place, its height or its tilt. The limits were found on numbers 2000 to 2199 (`python -m bench.glyphs` prints what
went wrong there); the figures are about 1000 to 1199. Both are drawn in the one font that comes with Pillow, at
many weights and widths. The desk's own TypeScript measures, in one process of node, and is told the text, which
a case has; with the typeface of those stampings and without. `python -m bench.glyphs learn` learns it anew.
"""

import json
import math
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

from bench.harness import Figure
from bench.stampings import Kind, Stamping, stamping
from deploy.web import DESK
from deploy.web import run as run_script

MEASURED: Final = range(1000, 1200)
TUNED_ON: Final = range(2000, 2200)
LEARNED_FROM: Final = range(3000, 3120, 2)
TYPEFACE: Final = DESK / "bench/glyphs/pillow-sans.json"
USUAL: Final = (0.0095, 0.0095, 0.0065, 0.01)
"""Scatter of any genuine character: place (pitches), height (parts), tilt (radians), foot (heights)."""
RECALL: Final = 0.9
FALSE_ALARMS: Final = 0.05
SIZES: Final = ((0.04, 0.06), (0.06, 0.08), (0.08, 0.12), (0.12, 0.16))
"""Of alterations, from and below: parts of the pitch or the height, or radians."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A stamping and what was marked in it: places from 0, and as what."""

    stamping: Stamping
    found: int
    marked: dict[int, list[str]]
    milliseconds: float
    offs: list[tuple[float, ...]]
    """Of each character, in the order and the units of `USUAL`."""

    @property
    def touched(self) -> bool:
        """The altered character is marked, whatever else is."""
        return self.stamping.altered is not None and self.stamping.altered.place in self.marked

    @property
    def exact(self) -> bool:
        """The altered character is marked and no other."""
        return self.touched and len(self.marked) == 1


def run() -> list[Figure]:
    stampings = [stamping(number) for number in MEASURED]
    known = _figures(measured(stampings, TYPEFACE), "typeface known", goals=True)
    return [*known, *_figures(measured(stampings, None), "without one", goals=False)]


def _figures(strips: Sequence[Measured], how: str, *, goals: bool) -> list[Figure]:
    """Goals are about measuring with the typeface; what is reached without one is told."""
    genuine = [strip for strip in strips if strip.stamping.altered is None]
    altered = [strip for strip in strips if strip.stamping.altered is not None]
    untouched = sum(strip.found for strip in genuine)
    return [
        Figure(
            name=f"{how}: altered stampings with that character marked and no other ({len(altered)})",
            unit="of 1",
            product=_share([strip.exact for strip in altered]),
            at_least=RECALL if goals else None,
        ),
        Figure(
            name=f"{how}: the same, whatever else is marked",
            unit="of 1",
            product=_share([strip.touched for strip in altered]),
        ),
        *(
            Figure(name=f"{how}: altered in {kind} ({len(some)})", unit="of 1", product=_share(some))
            for kind in get_args(Kind)
            if (some := [strip.exact for strip in altered if _kind(strip) == kind])
        ),
        *(
            Figure(
                name=f"{how}: altered by {low:g} to {high:g} ({len(some)})", unit="of 1", product=_share(some)
            )
            for low, high in SIZES
            if (some := [strip.exact for strip in altered if low <= _size(strip) < high])
        ),
        Figure(
            name=f"{how}: genuine stampings with any mark ({len(genuine)})",
            unit="of 1",
            product=_share([bool(strip.marked) for strip in genuine]),
            at_most=FALSE_ALARMS if goals else None,
        ),
        Figure(
            name=f"{how}: their characters with a mark ({untouched})",
            unit="of 1",
            product=sum(len(strip.marked) for strip in genuine) / max(1, untouched),
        ),
        Figure(
            name=f"{how}: measuring one strip",
            unit="ms",
            product=statistics.median(strip.milliseconds for strip in strips),
        ),
    ]


def _share(right: Sequence[bool]) -> float:
    return sum(right) / max(1, len(right))


def _kind(strip: Measured) -> str:
    return strip.stamping.altered.kind if strip.stamping.altered else ""


def _size(strip: Measured) -> float:
    return abs(strip.stamping.altered.size) if strip.stamping.altered else 0


def measured(stampings: Sequence[Stamping], typeface: Path | None = TYPEFACE) -> list[Measured]:
    """What the desk marks in these stampings, in their order."""
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = _asked(stampings, Path(folder)), Path(folder) / "answered.jsonl"
        run_script(DESK, "glyphs", str(asked), str(answered), *([str(typeface)] if typeface else []))
        answers: list[dict[str, Any]] = [json.loads(line) for line in answered.read_text().splitlines()]
    return [_measured(one, answer) for one, answer in zip(stampings, answers, strict=True)]


def _asked(stampings: Sequence[Stamping], folder: Path) -> Path:
    listed: list[dict[str, Any]] = []
    for place, one in enumerate(stampings):
        path = folder / str(place)
        path.write_bytes(one.image.tobytes())
        width, height = one.image.size
        listed.append(
            {"name": str(place), "text": one.text, "width": width, "height": height, "path": str(path)}
        )
    asked = folder / "asked.json"
    asked.write_text(json.dumps(listed))
    return asked


def learn() -> None:
    """Learn depths from genuine stampings, and then, from those the limits were found on, what is natural."""
    with tempfile.TemporaryDirectory() as folder:
        asked = _asked([stamping(number) for number in LEARNED_FROM], Path(folder))
        run_script(DESK, "learn", str(asked), str(TYPEFACE), "Pillow sans")
    offs: dict[str, list[tuple[float, ...]]] = {}
    for strip in measured([stamping(number) for number in TUNED_ON[::2]]):
        for character, off in zip(strip.stamping.text, strip.offs, strict=False):
            offs.setdefault(character, []).append(off)
    kept: dict[str, Any] = json.loads(TYPEFACE.read_text())
    kept["natures"] = {character: _nature(some) for character, some in sorted(offs.items())}
    TYPEFACE.write_text(json.dumps(kept) + "\n")


def _nature(offs: Sequence[tuple[float, ...]]) -> list[float]:
    """What is likely of each measure and how much more it scatters than usual, by turns."""
    nature: list[float] = []
    for values, usual in zip(zip(*offs, strict=True), USUAL, strict=True):
        likely = statistics.median(values)
        nature += [round(likely, 4), round(max(0, statistics.pvariance(values, likely) - usual**2) ** 0.5, 4)]
    return nature


def _measured(one: Stamping, answer: dict[str, Any]) -> Measured:
    glyphs: list[dict[str, Any]] = answer["glyphs"]
    marked = {place: glyph["odd"] for place, glyph in enumerate(glyphs) if glyph["odd"]}
    offs = [
        (glyph["pitchOff"], glyph["heightOff"], math.radians(glyph["tilt"]), glyph["baselineOff"])
        for glyph in glyphs
    ]
    return Measured(one, len(glyphs), marked, answer["milliseconds"], offs)


def main() -> None:
    """Print what went wrong in the stampings that the limits were found on."""
    for number, strip in zip(TUNED_ON, measured([stamping(number) for number in TUNED_ON]), strict=True):
        wanted = strip.stamping.altered
        if not (strip.exact if wanted else not strip.marked):
            print(f"{number} {strip.stamping.text} {wanted}: {strip.marked}")


if __name__ == "__main__":
    learn() if sys.argv[1:] == ["learn"] else main()
