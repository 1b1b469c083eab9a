"""`make bench`: runs the figures (all, or those named), prints them and keeps them in bench/results.json."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

from bench import clock, preview
from bench.harness import Figure

FIGURES: Final[Mapping[str, Callable[[], Figure]]] = {"preview": preview.run, "clock": clock.run}
RESULTS: Final = Path(__file__).parent / "results.json"


def main(names: list[str]) -> int:
    """Returns 1 if a figure missed its goal, 2 for a figure that does not exist."""
    unknown = [name for name in names if name not in FIGURES]
    if unknown:
        print(f"no such figure: {', '.join(unknown)}; there are {', '.join(FIGURES)}")
        return 2
    figures = [FIGURES[name]() for name in names or FIGURES]
    for figure in figures:
        print(figure)
    results = [{**asdict(figure), "ratio": figure.ratio, "met": figure.met} for figure in figures]
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return 0 if all(figure.met for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
