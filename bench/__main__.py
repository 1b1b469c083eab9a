"""`make bench`: runs the figures (all, or those named), prints them and keeps them in bench/results.json."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from bench import (
    board,
    bulk,
    clock,
    desk,
    files,
    forecast,
    gate,
    grid,
    idle,
    live,
    memory,
    notifying,
    photos,
    plans,
    preview,
    queue,
    reading,
    report,
    search,
    similar,
    submit,
    tracing,
    vehicles,
    vin,
    web,
    webhooks,
)
from bench.harness import Figure

FIGURES: Final[Mapping[str, Callable[[], list[Figure]]]] = {
    "preview": preview.run,
    "reading": reading.run,
    "report": report.run,
    "vin": vin.run,
    "clock": clock.run,
    "forecast": forecast.run,
    "gate": gate.run,
    "grid": grid.run,
    "web": web.run,
    "desk": desk.run,
    "submit": submit.run,
    "tracing": tracing.run,
    "bulk": bulk.run,
    "board": board.run,
    "photos": photos.run,
    "files": files.run,
    "queue": queue.run,
    "similar": similar.run,
    "vehicles": vehicles.run,
    "search": search.run,
    "live": live.run,
    "notifying": notifying.run,
    "webhooks": webhooks.run,
    "idle": idle.run,
    "memory": memory.run,
    "plans": plans.run,
}
RESULTS: Final = Path(__file__).parent / "results.json"


def main(names: list[str]) -> int:
    """Returns 1 if a figure missed its goal, 2 for a figure that does not exist."""
    unknown = [name for name in names if name not in FIGURES]
    if unknown:
        print(f"no such figure: {', '.join(unknown)}; there are {', '.join(FIGURES)}")
        return 2
    met = True
    for name in names or FIGURES:
        figures = FIGURES[name]()
        for figure in figures:
            print(figure, flush=True)
        _keep(name, figures)
        met = met and all(figure.met for figure in figures)
    return 0 if met else 1


def _keep(name: str, figures: list[Figure]) -> None:
    """Put the figures beside those of other runs."""
    kept: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    kept[name] = [{**asdict(figure), "value": figure.value, "met": figure.met} for figure in figures]
    RESULTS.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
