"""The check of photos on the phone: right verdicts for every fault, and good photos refused.

The photos are rendered marks and, where the folder is there, crops of real photos beside the checkout. Half of
them, whole scenes at a time, are for finding the limits (`python -m bench.gate` prints what they should be);
the figures are about the other half. The verdicts come from the app's own TypeScript, in one process of node.
"""

import json
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageOps

from bench.harness import Figure
from bench.marks import mark
from deploy.embedded.stack import CHECKOUT
from deploy.web import run as run_script

WEB: Final = CHECKOUT / "cabinet_service" / "web"
REAL: Final = CHECKOUT.parent / "shared" / "photos"
WORKING_SIDE: Final = 1024
MARKS: Final = range(1000, 1048)
RIGHT: Final = 0.95
REFUSED: Final = 0.03
MILLISECONDS: Final = 75
"""What the rules may take here: a phone with a quarter of this processor has 300 for everything."""

_CROP: Final = 0.62
_CROPS: Final = ((0.4, 0.6), (1.0, 0.5))
"""Where the crops lie, as parts of the space that is left: in the middle, and at one side."""


@dataclass(frozen=True, slots=True)
class Scene:
    """`shot` is what the photo is taken for: in one of a whole car bright paint is no fault."""

    name: str
    tune: bool
    image: Image.Image
    shot: str = "vin_stamped"


@dataclass(frozen=True, slots=True)
class Verdict:
    photo: str
    tune: bool
    shot: str
    fault: str
    quality: str
    measures: dict[str, float | None]
    milliseconds: float

    @property
    def right(self) -> bool:
        return self.quality == ("ok" if self.is_good else self.fault)

    @property
    def is_good(self) -> bool:
        """A spot of glare on a whole car hides no number."""
        return self.fault == "good" or (self.fault == "glare" and self.shot == "front")


def run() -> list[Figure]:
    verdicts = [verdict for verdict in judged(scenes()) if not verdict.tune]
    faults = {
        fault: [one for one in verdicts if one.fault == fault and not one.is_good]
        for fault in dict.fromkeys(verdict.fault for verdict in verdicts)
    }
    del faults["good"]
    good = [one for one in verdicts if one.is_good]
    return [
        *(
            Figure(
                name=f"photos that are {fault}, called so ({len(of_fault)})",
                unit="of 1",
                product=_right(of_fault),
                at_least=RIGHT,
            )
            for fault, of_fault in faults.items()
        ),
        Figure(
            name=f"good photos refused ({len(good)})", unit="of 1", product=1 - _right(good), at_most=REFUSED
        ),
        Figure(
            name="rules for one photo",
            unit="ms",
            product=statistics.median(verdict.milliseconds for verdict in verdicts),
            at_most=MILLISECONDS,
        ),
    ]


def _right(verdicts: Sequence[Verdict]) -> float:
    return sum(verdict.right for verdict in verdicts) / len(verdicts)


def scenes() -> Iterator[Scene]:
    """Sharp, well lit photos, at the size at which they are judged."""
    for number in MARKS:
        yield Scene(f"mark-{number}", tune=number // 3 % 2 == 1, image=mark(number))
    for number, path in enumerate(sorted(REAL.glob("*.jpg"))):
        with Image.open(path) as opened:
            whole = ImageOps.exif_transpose(opened).convert("RGB")
        for place, image in enumerate([whole, *_crops(whole)]):
            image.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.LANCZOS)
            is_a_car = place == 0 and path.stem.startswith("yard-")
            shot = "front" if is_a_car else "vin_stamped"
            yield Scene(f"{path.stem}-{place}", tune=number % 2 == 1, image=image, shot=shot)


def _crops(whole: Image.Image) -> Iterator[Image.Image]:
    width, height = round(whole.width * _CROP), round(whole.height * _CROP)
    for across, down in _CROPS:
        left, top = round((whole.width - width) * across), round((whole.height - height) * down)
        yield whole.crop((left, top, left + width, top + height))


def judged(photos: Iterator[Scene]) -> list[Verdict]:
    """The verdict about every scene, spoilt in every way."""
    with tempfile.TemporaryDirectory() as folder:
        listed: list[dict[str, Any]] = []
        for scene in photos:
            path = Path(folder) / scene.name
            path.write_bytes(scene.image.tobytes())
            width, height = scene.image.size
            listed.append(
                {
                    "name": scene.name,
                    "tune": scene.tune,
                    "shot": scene.shot,
                    "width": width,
                    "height": height,
                    "path": str(path),
                }
            )
        asked, answered = Path(folder) / "asked.json", Path(folder) / "answered.jsonl"
        asked.write_text(json.dumps(listed))
        run_script(WEB, "gate", str(asked), str(answered))
        return [Verdict(**json.loads(line)) for line in answered.read_text().splitlines()]


@dataclass(frozen=True, slots=True)
class Limit:
    """A measure that tells a fault from other photos, by being below or above a limit."""

    measure: str
    bad: frozenset[str]
    good: frozenset[str]
    above: bool = False


LIMITS: Final = (
    Limit("light", frozenset({"too_dark"}), frozenset({"good", "blurred", "shaken"})),
    Limit("blown", frozenset({"too_bright"}), frozenset({"good", "glare"}), above=True),
    Limit("spot", frozenset({"glare"}), frozenset({"good", "blurred", "shaken"}), above=True),
    Limit("softest", frozenset({"blurred", "shaken"}), frozenset({"good"})),
    Limit("oneWay", frozenset({"shaken"}), frozenset({"blurred"})),
)
_WEIGHT_OF_A_FALSE_ALARM: Final = 3
_FROM_THE_BAD: Final = 0.1


def best(limit: Limit, verdicts: Sequence[Verdict]) -> float:
    """Where fewest are on the wrong side, a good one counting threefold; and in that gap nearer to the bad."""
    sign = -1 if limit.above else 1

    def of(faults: frozenset[str]) -> list[float]:
        found = (one.measures[limit.measure] for one in verdicts if one.fault in faults)
        return sorted(sign * value for value in found if value is not None)

    bad, good = of(limit.bad), of(limit.good)
    edges = sorted({*bad, *good})
    cuts = [(low + high) / 2 for low, high in pairwise(edges)]

    def cost(cut: float) -> float:
        missed = sum(value >= cut for value in bad) / len(bad)
        refused = sum(value < cut for value in good) / len(good)
        return missed + _WEIGHT_OF_A_FALSE_ALARM * refused

    least = min(map(cost, cuts))
    among = [cut for cut in cuts if cost(cut) <= least]
    return sign * (among[0] + (among[-1] - among[0]) * _FROM_THE_BAD)


def main() -> None:
    """Print what the limits should be, by the half that is for finding them, and what went wrong in it."""
    verdicts = [verdict for verdict in judged(scenes()) if verdict.tune]
    for limit in LIMITS:
        print(f"{limit.measure}: {best(limit, verdicts):.4g}")
    for verdict in verdicts:
        if not verdict.right:
            print(f"{verdict.photo} {verdict.fault} was called {verdict.quality}: {verdict.measures}")


if __name__ == "__main__":
    main()
