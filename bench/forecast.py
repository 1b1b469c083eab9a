"""The forecast of breaches against 200 shifts of a world that is not the forecast's own (`bench.shift`).

Every ten minutes of a shift the forecast is asked, and each of its probabilities is compared with what happened
within the 30 minutes after. The parameters of the model were set by other shifts than those measured:
`python -m bench.forecast` prints what 200 others say they should be, and how well the model does there.
"""

import statistics
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log
from random import Random
from typing import Final
from uuid import UUID

from bench.harness import ROUNDS, Figure
from bench.shift import Noted, Shift, Sight
from bpa_service.shifts.domain import HORIZON, MODEL, Load, forecast

MEASURED: Final = range(200)
TUNED_BY: Final = range(1000, 1200)
BINS: Final = 10
ENOUGH: Final = 200
"""Forecasts in a bin before its miss counts."""
WORST: Final = 10.0
NEAR_30: Final = (0.25, 0.35)
MILLISECONDS: Final = 100.0


@dataclass(frozen=True, slots=True)
class Told:
    """One probability and what came of it."""

    probability: float
    happened: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """The forecasts from `low` per cent up to ten more."""

    low: int
    count: int
    mean: float
    share: float

    @property
    def miss(self) -> float:
        """Percentage points."""
        return 100 * abs(self.mean - self.share)

    def __str__(self) -> str:
        return (
            f"{self.low:3}-{self.low + 100 // BINS:3} % {self.count:7} forecasts, mean {100 * self.mean:5.1f} %, "
            f"happened {100 * self.share:5.1f} %, off by {self.miss:4.1f}"
        )


def run() -> list[Figure]:
    told, _, late = told_in(MEASURED)
    bins = print_calibration(told, late)
    near = [one.happened for one in told if NEAR_30[0] <= one.probability < NEAR_30[1]]
    always = statistics.fmean(one.happened for one in told)
    return [
        Figure(
            name="worst miss of calibration over bins with at least 200 forecasts",
            unit="percentage points",
            product=max(one.miss for one in bins if one.count >= ENOUGH),
            at_most=WORST,
        ),
        Figure(
            name=f"breaches of cases forecast at 30 % ({len(near)}), at least 20 %",
            unit="%",
            product=100 * statistics.fmean(near),
            at_least=20,
            at_most=40,
        ),
        Figure(
            name="Brier score against always saying how many breach on average",
            unit="",
            product=brier(told),
            baseline=statistics.fmean((one.happened - always) ** 2 for one in told),
            at_most=0.5,
        ),
        Figure(
            name="forecast of 300 cases and 15 experts",
            unit="ms",
            product=milliseconds(),
            at_most=MILLISECONDS,
        ),
    ]


def told_in(seeds: Iterable[int]) -> tuple[list[Told], Noted, float]:
    """Every forecast of these shifts; what a log of them would show; and how many of the breaches within the 30
    minutes after a look were of cases that had not come yet, which the forecast leaves out (from 0 to 1)."""
    told: list[Told] = []
    noted = Noted()
    to_come = 0
    for seed in seeds:
        shift = Shift(seed)
        asked = [(look.at, look.sights, _asked(look.sights, look.staff)) for look in shift.looks()]
        for at, sights, probabilities in asked:
            told += _judged(at, sights, probabilities)
            seen = {sight.case for sight in sights}
            to_come += sum(at < case.breached_at <= at + HORIZON and case not in seen for case in shift.cases)
        noted.handled += shift.noted.handled
        noted.client += shift.noted.client
        noted.between += shift.noted.between
    return told, noted, to_come / (to_come + sum(one.happened for one in told))


def _asked(sights: Sequence[Sight], staff: Sequence[UUID]) -> dict[UUID, float]:
    loads = [
        Load(
            case_id=sight.case.case_id,
            left_seconds=sight.left,
            running=sight.running,
            holder_id=sight.holder,
            worked_seconds=sight.worked,
            photos=sight.case.photos,
            disputed=sight.case.disputed,
        )
        for sight in sights
    ]
    return dict(forecast(loads, staff).probabilities)


def _judged(at: float, sights: Sequence[Sight], probabilities: dict[UUID, float]) -> Iterator[Told]:
    for sight in sights:
        probability = probabilities.get(sight.case.case_id)
        if probability is not None:
            yield Told(probability, sight.case.breached_at <= at + HORIZON)


def brier(told: Sequence[Told]) -> float:
    return statistics.fmean((one.happened - one.probability) ** 2 for one in told)


def binned(told: Sequence[Told]) -> list[Bin]:
    """The bins that have forecasts; 100 % belongs to the last."""
    sorted_in: list[list[Told]] = [[] for _ in range(BINS)]
    for one in told:
        sorted_in[min(int(one.probability * BINS), BINS - 1)].append(one)
    return [
        Bin(
            low=100 // BINS * number,
            count=len(ones),
            mean=statistics.fmean(one.probability for one in ones),
            share=statistics.fmean(one.happened for one in ones),
        )
        for number, ones in enumerate(sorted_in)
        if ones
    ]


def print_calibration(told: Sequence[Told], to_come: float) -> list[Bin]:
    bins = binned(told)
    for one in bins:
        print(one)
    expected = sum(one.probability for one in told)
    happened = sum(one.happened for one in told)
    print(
        f"all: {len(told)} forecasts, expected {expected:.0f} breaches, happened {happened} "
        f"({100 * happened / len(told):.1f} %); besides, {100 * to_come:.1f} % of all breaches were of cases "
        "that came after the look"
    )
    return bins


def milliseconds() -> float:
    """The median of some forecasts of a full board."""
    luck = Random(0)
    staff = [UUID(int=luck.getrandbits(128)) for _ in range(15)]
    board = [
        Load(
            case_id=UUID(int=luck.getrandbits(128)),
            left_seconds=luck.uniform(-300, 1200),
            running=number % 5 > 0,
            holder_id=staff[number] if number < len(staff) else None,
            worked_seconds=luck.uniform(0, 600) if number < len(staff) else None,
            photos=luck.randint(4, 24),
        )
        for number in range(300)
    ]
    taken: list[float] = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        forecast(board, staff)
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def main() -> None:
    """Print what the model's parameters should be, by the shifts that are for finding them."""
    told, noted, to_come = told_in(TUNED_BY)
    plain = [one for one in noted.handled if not one.disputed]
    line = statistics.linear_regression([one.photos for one in plain], [one.seconds for one in plain])
    disputed = [one for one in noted.handled if one.disputed]
    factor = sum(one.seconds for one in disputed) / sum(
        line.intercept + line.slope * one.photos for one in disputed
    )
    spread, pace = _spreads(noted)
    print(f"base {line.intercept:.0f} s, per_photo {line.slope:.1f} s, disputed {factor:.2f}")
    print(f"spread {spread:.2f}, pace {pace:.2f}, client {statistics.fmean(noted.client):.0f} s", end=", ")
    print(f"between {statistics.fmean(noted.between):.0f} s; now: {MODEL}")
    print_calibration(told, to_come)
    print(f"Brier score {brier(told):.4f}")


def _spreads(noted: Noted) -> tuple[float, float]:
    """Of an expert's handling times, and between experts: standard deviations of logarithms."""
    of_expert: dict[UUID, list[float]] = {}
    for one in noted.handled:
        usual = MODEL.effort.of(one.photos, disputed=one.disputed)
        of_expert.setdefault(one.expert, []).append(log(one.seconds / usual))
    own = [statistics.variance(logs) for logs in of_expert.values() if len(logs) > 1]
    means = [statistics.fmean(logs) for logs in of_expert.values()]
    # Means of a few cases differ even among experts who are equally fast.
    few = statistics.fmean(statistics.fmean(own) / len(logs) for logs in of_expert.values())
    return statistics.fmean(own) ** 0.5, max(statistics.variance(means) - few, 0.0) ** 0.5


if __name__ == "__main__":
    main()
