"""Measuring on a noisy machine: baseline and product take turns, and what counts is the ratio of medians."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

ROUNDS: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Medians of what was measured. `value`, which a goal is about, is product / baseline.

    Without a baseline it is the product's own figure; without a goal it is told, and nothing is demanded of it.
    """

    name: str
    unit: str
    product: float
    baseline: float | None = None
    at_most: float | None = None
    at_least: float | None = None
    rounds: Sequence[tuple[float, float]] = field(default=(), repr=False)
    """Baseline and product of each round, where there were rounds."""

    @property
    def value(self) -> float:
        return self.product if self.baseline is None else self.product / self.baseline

    @property
    def met(self) -> bool:
        too_much = self.at_most is not None and self.value > self.at_most
        too_little = self.at_least is not None and self.value < self.at_least
        return not (too_much or too_little)

    def __str__(self) -> str:
        if self.baseline is None:
            text = f"{self.name}: {self.product:.4g} {self.unit}"
        else:
            text = (
                f"{self.name}: {self.value:.2f} x baseline "
                f"({self.product:.4g} against {self.baseline:.4g} {self.unit})"
            )
        if self.at_most is None and self.at_least is None:
            return text
        goal = f"at most {self.at_most:g}" if self.at_most is not None else f"at least {self.at_least:g}"
        return f"{text}; goal {goal}: {'met' if self.met else 'MISSED'}"


def of_rounds(
    name: str,
    unit: str,
    rounds: Sequence[tuple[float, float]],
    *,
    at_most: float | None = None,
    at_least: float | None = None,
) -> Figure:
    """The figure of rounds of (baseline, product)."""
    return Figure(
        name=name,
        unit=unit,
        baseline=statistics.median(baseline for baseline, _ in rounds),
        product=statistics.median(product for _, product in rounds),
        at_most=at_most,
        at_least=at_least,
        rounds=rounds,
    )


def compare(
    name: str,
    *,
    baseline: Callable[[], object],
    product: Callable[[], object],
    at_most: float | None = None,
) -> Figure:
    """Both are run once to warm up, then in turns; the time on the wall."""
    baseline()
    product()
    rounds = [(_milliseconds(baseline), _milliseconds(product)) for _ in range(ROUNDS)]
    return of_rounds(name, "ms", rounds, at_most=at_most)


def _milliseconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000
