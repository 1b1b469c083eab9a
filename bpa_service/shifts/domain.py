"""How likely it is, for each open case, that its clock runs out soon: the forecast for the shift lead.

The model. Handling a case takes a lognormal time around `Effort.of`, longer with a slow expert; of a case
in hand, what is left given how long it has taken so far. An expert stays with the case in hand; whoever is free
takes the case with the least time left, out of those that wait for anybody and of their own that the client has
answered. A paused case comes back after an exponential time, to its holder if it has one. This is played
`Model.draws` times, and the share of plays in which a clock ran out is the probability. The luck of a case and of
an expert belongs to their id: the same board gives the same forecast, and a case that leaves it changes nobody
else's luck.

Left out: cases still to come (they have more time left than any that runs now, so they are seldom taken first;
the breaches among them are not in the forecast), pauses still to begin, second opinions, breaks, the end of a
shift, closing hours, cancellations. `bench/forecast.py` measures what this costs.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import heapify, heappop, heappush, heapreplace
from math import erfc, exp, log, sqrt
from random import Random
from statistics import NormalDist
from typing import Final
from uuid import UUID

from bpa_service.cases.queue.effort import USUAL, Effort

HORIZON: Final = 1800.0
"""Seconds that the lead looks ahead."""

_Turn = tuple[float, int]
_NORMAL: Final = NormalDist()
_STEPS: Final = 1024
_LEAST: Final = 2.0**-53
"""In place of a luck of 0, for which the lognormal distribution has no time."""
_FARTHEST: Final = 30.0
"""Standard deviations; beyond them the tail is 0 to a float, and a case that old is as good as never finished."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What the forecast takes for granted. Times in seconds."""

    effort: Effort = USUAL
    spread: float = 0.5
    """Standard deviation of the logarithm of one expert's handling times; a little more than it is, for what the
    model leaves out."""
    pace: float = 0.2
    """The same for how fast experts are. The forecast is not told who is fast: that differs in each play."""
    client: float = 450.0
    """Mean time until a client answers, counted from any moment."""
    between: float = 40.0
    """From an answer to the next case in hand."""
    draws: int = 256
    """How often the future is played; a probability of one half is off by 3 points (one standard error)."""


MODEL: Final = Model()


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One open case as the forecast sees it."""

    case_id: UUID
    left_seconds: float
    """What is left of the budget; zero or less: the clock has run out already."""
    running: bool
    """Paused if not: the case waits for its client, and nobody can work at it."""
    holder_id: UUID | None = None
    worked_seconds: float | None = None
    """How long its holder has worked at it, pauses not counted. None: nobody has."""
    photos: int = 0
    disputed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What will happen to the open cases if staffing stays as it is."""

    probabilities: Mapping[UUID, float]
    """For each case whose clock has not run out: how likely it does within the horizon, from 0 to 1."""
    expected: float
    """How many of these clocks will run out: the sum of the probabilities."""
    breached: int
    """How many have run out already; these cases still need work, and are not in `probabilities`."""


def forecast(
    cases: Sequence[Load], staff: Collection[UUID], *, horizon: float = HORIZON, model: Model = MODEL
) -> Forecast:
    """How likely each clock runs out within `horizon` seconds while the experts of `staff` work.

    A holder who is not of the staff finishes what they hold and takes nothing else. Order of cases and staff does
    not matter; the same input gives the same forecast.
    """
    board = _Board(cases, frozenset(staff), model)
    breaches = [board.due(index, horizon) for index in range(len(board.loads))]
    for draw in range(model.draws):
        for index, answered in board.play(draw, horizon):
            if answered <= board.runs_out(index, draw) <= horizon:
                breaches[index] -= 1
    probabilities = {
        load.case_id: count / model.draws
        for load, count in zip(board.loads, breaches, strict=True)
        if load.left_seconds > 0
    }
    return Forecast(
        probabilities=probabilities,
        expected=sum(probabilities.values()),
        breached=len(board.loads) - len(probabilities),
    )


class _Board:
    """The cases by least time left, with the luck that each has in every play, and who works at what.

    Cases and experts are numbers here. A turn is (when the clock runs out, case): the least is taken first.
    """

    def __init__(self, cases: Sequence[Load], staff: frozenset[UUID], model: Model) -> None:
        self.loads = sorted(cases, key=lambda load: (load.left_seconds, load.case_id))
        self._away = [_away(load, model) for load in self.loads]
        self._model = model
        self._between = model.between
        self._efforts: list[list[float]] = [[] for _ in self.loads]  # made for a case that somebody takes
        holders = {load.holder_id for load in self.loads if load.holder_id is not None}
        workers = sorted(staff | holders)
        number = {worker: index for index, worker in enumerate(workers)}
        self._pace = [_pace(worker, model) for worker in workers]
        self._takes_others = [worker in staff for worker in workers]
        self._holder = [None if load.holder_id is None else number[load.holder_id] for load in self.loads]
        self._queue: list[_Turn] = []
        self._held: list[list[_Turn]] = [[] for _ in workers]
        for index, (load, holder) in enumerate(zip(self.loads, self._holder, strict=True)):
            if load.running:
                (self._queue if holder is None else self._held[holder]).append((load.left_seconds, index))

    def runs_out(self, index: int, draw: int) -> float:
        """When the clock of a case does in a play, in seconds from now, unless the case is answered before."""
        away = self._away[index]
        return self.loads[index].left_seconds + (away[draw] if away else 0.0)

    def due(self, index: int, horizon: float) -> int:
        """In how many plays the clock of a case runs out within the horizon if nobody works at it."""
        left = self.loads[index].left_seconds
        if self._away[index]:
            return sum(left + away <= horizon for away in self._away[index])
        return self._model.draws if left <= horizon else 0

    def play(self, draw: int, horizon: float) -> list[tuple[int, float]]:
        """The cases that somebody begins before the horizon, with when they answer, in seconds from now."""
        done: list[tuple[int, float]] = []
        queue, held = self._queue.copy(), [turns.copy() for turns in self._held]  # sorted, hence heaps
        coming = self._coming(draw, horizon)
        free: list[tuple[float, int]] = []
        for worker, turns in enumerate(held):
            start = 0.0
            if turns:
                _, index = heappop(turns)
                answered = self._takes(index, worker, draw)
                done.append((index, answered))
                start = answered + self._between
            free.append((start, worker))
        heapify(free)
        while free and free[0][0] < horizon:
            now, worker = free[0]
            while coming and coming[-1][0] <= now:
                _, index = coming.pop()
                holder = self._holder[index]
                heappush(queue if holder is None else held[holder], (self.runs_out(index, draw), index))
            index = _next_of(held[worker], queue if self._takes_others[worker] else [])
            if index is not None:
                answered = now + self._takes(index, worker, draw)
                done.append((index, answered))
                heapreplace(free, (answered + self._between, worker))
            elif coming:
                heapreplace(free, (coming[-1][0], worker))
            else:
                heappop(free)
        return done

    def _takes(self, index: int, worker: int, draw: int) -> float:
        efforts = self._efforts[index]
        if not efforts:
            efforts = self._efforts[index] = _efforts(self.loads[index], self._model)
        return efforts[draw] * self._pace[worker][draw]

    def _coming(self, draw: int, horizon: float) -> list[_Turn]:
        """The cases that come back before the horizon, the first of them last."""
        back = ((away[draw], index) for index, away in enumerate(self._away) if away)
        return sorted((turn for turn in back if turn[0] < horizon), reverse=True)


def _next_of(own: list[_Turn], others: list[_Turn]) -> int | None:
    """Take the case that runs out first. None if there is none."""
    if not own and not others:
        return None
    turns = own if not others or (own and own[0] < others[0]) else others
    return heappop(turns)[1]


def _pace(worker: UUID, model: Model) -> list[float]:
    """How many times as long as others this expert takes, for each play."""
    return Random(worker.int).choices(_factors(model.pace), k=model.draws)  # noqa: S311 - the same at every look


def _away(load: Load, model: Model) -> list[float]:
    """After how many seconds a paused case comes back, for each play; empty for a case that runs."""
    if load.running:
        return []
    luck = Random(load.case_id.int + 1)  # noqa: S311 - as above; and not the luck of its handling
    return [luck.expovariate(1 / model.client) for _ in range(model.draws)]


def _efforts(load: Load, model: Model) -> list[float]:
    """The seconds that a case still takes, for each play."""
    random = Random(load.case_id.int).random  # noqa: S311 - as above
    luck = [random() for _ in range(model.draws)]  # small is bad
    mean = model.effort.of(load.photos, disputed=load.disputed)
    worked_seconds = load.worked_seconds or 0.0
    if worked_seconds <= 0:
        longest_first = _factors(model.spread)
        return [mean * longest_first[int(one * _STEPS)] for one in luck]
    middle = log(mean) - model.spread**2 / 2
    worked = min((log(worked_seconds) - middle) / model.spread, _FARTHEST)
    # How many of such cases take longer. NormalDist.cdf has nothing left beyond 8 standard deviations, erfc has.
    still_open = erfc(worked / sqrt(2)) / 2
    return [
        max(
            exp(middle - model.spread * _NORMAL.inv_cdf(still_open * (one or _LEAST))) - worked_seconds,
            0.0,
        )
        for one in luck
    ]


@lru_cache(maxsize=4)
def _factors(spread: float) -> Sequence[float]:
    """Evenly spaced steps of the lognormal distribution with a mean of one, the longest first.

    A table, because a board of 300 cases wants 77,000 of them at once.
    """
    return [exp(-spread * _NORMAL.inv_cdf((step + 0.5) / _STEPS) - spread**2 / 2) for step in range(_STEPS)]
