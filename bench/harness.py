"""Measuring on a noisy machine: baseline and product take turns, and what counts is the ratio of medians."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

ROUNDS: Final = 7


@dataclass(frozen=True, slots=True)
class Figure:
    """`ratio` is product / baseline (seconds each); the figure is met while it is at most `goal`."""

    name: str
    baseline_seconds: float
    product_seconds: float
    goal: float

    @property
    def ratio(self) -> float:
        return self.product_seconds / self.baseline_seconds

    @property
    def met(self) -> bool:
        return self.ratio <= self.goal

    def __str__(self) -> str:
        verdict = "met" if self.met else "MISSED"
        return (
            f"{self.name}: {self.ratio:.2f} x baseline, goal {self.goal:.2f}: {verdict} "
            f"({self.product_seconds * 1000:.2f} ms against {self.baseline_seconds * 1000:.2f} ms)"
        )


def compare(
    name: str, *, baseline: Callable[[], object], product: Callable[[], object], goal: float
) -> Figure:
    """Both are run once to warm up, then in turns; medians of the time on the wall."""
    baseline()
    product()
    baseline_times: list[float] = []
    product_times: list[float] = []
    for _ in range(ROUNDS):
        baseline_times.append(_seconds(baseline))
        product_times.append(_seconds(product))
    return Figure(name, statistics.median(baseline_times), statistics.median(product_times), goal)


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
