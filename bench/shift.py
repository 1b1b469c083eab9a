"""A shift of experts, played event by event: the world that the forecast of breaches is measured against.

It shares no code with `bpa_service.shifts.domain`, and has what the forecast leaves out: arrivals at a changing
rate and in rushes, experts of different speed who take breaks, clients who are asked (and asked again) in the
middle of the work and answer after a time that is not exponential.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from math import exp, inf, pi, sin
from random import Random
from typing import Final
from uuid import UUID

MINUTE: Final = 60.0
HOUR: Final = 3600.0
BUDGET: Final = 20 * MINUTE
LOOK_EVERY: Final = 10 * MINUTE
AFTER: Final = 30 * MINUTE
"""The world goes on for so long after the last look, so that it is known what happened."""

_MEDIAN_BASE, _MEDIAN_PER_PHOTO, _MEDIAN_SPREAD = 150.0, 22.0, 0.45
_DISPUTED, _DISPUTED_FACTOR = 0.05, 1.6
_ASKED, _ASKED_AGAIN = 0.25, 0.2
_CLIENT_MEDIAN, _CLIENT_SPREAD = 5 * MINUTE, 0.9
_SPEED_SPREAD = 0.18
_BREAK = 0.04
_USUAL_WORK: Final = 590.0
"""Seconds of an expert that a case costs, about; only to set how busy a shift is."""


@dataclass(slots=True, eq=False)
class Case:
    """One case of the world. `left` was left of the budget at `since`; while it runs, less every second."""

    case_id: UUID
    photos: int
    disputed: bool
    segments: list[float]
    """Seconds of work at usual speed until the client is asked, asked again …, until the answer; last first."""
    since: float
    left: float = BUDGET
    running: bool = True
    worked: float = 0.0
    holder: "Expert | None" = None
    breached_at: float = inf

    def left_at(self, now: float) -> float:
        return self.left - (now - self.since) if self.running else self.left

    def turn(self, now: float, *, running: bool) -> None:
        """Stop the clock or let it run on, and note when it ran out, if it did."""
        left = self.left_at(now)
        if left <= 0:
            self.breached_at = min(self.breached_at, self.since + self.left)
        self.left, self.since, self.running = left, now, running


@dataclass(slots=True, eq=False)
class Expert:
    expert_id: UUID
    speed: float
    hand: Case | None = None
    hand_since: float = 0.0
    answered_by_client: list[Case] = field(default_factory=list[Case])
    idle: bool = True


@dataclass(frozen=True, slots=True)
class Sight:
    """A case as it stands at a look."""

    case: Case
    left: float
    running: bool
    holder: UUID | None
    worked: float | None


@dataclass(frozen=True, slots=True)
class Look:
    at: float
    sights: list[Sight]
    staff: list[UUID]


@dataclass(frozen=True, slots=True)
class Handled:
    expert: UUID
    photos: int
    disputed: bool
    seconds: float


@dataclass(slots=True)
class Noted:
    """What a person could learn from the log of the shifts: the parameters of the forecast come from it."""

    handled: list[Handled] = field(default_factory=list[Handled])
    client: list[float] = field(default_factory=list[float])
    between: list[float] = field(default_factory=list[float])


class Shift:
    """Four to eight hours of three to eight experts; everything follows from the seed."""

    def __init__(self, seed: int) -> None:
        self._luck = luck = Random(seed)
        self.length = luck.uniform(4, 8) * HOUR
        self.experts = [
            Expert(UUID(int=luck.getrandbits(128)), exp(luck.gauss(0, _SPEED_SPREAD)))
            for _ in range(luck.randint(3, 8))
        ]
        self.noted = Noted()
        self.cases: list[Case] = []
        self._rate = luck.uniform(0.5, 0.95) * sum(one.speed for one in self.experts) / _USUAL_WORK
        self._wave = (luck.uniform(2, 5) * HOUR, luck.uniform(0, 2 * pi), luck.uniform(0.1, 0.6))
        rush = luck.uniform(0, self.length)
        self._rush = (rush, rush + luck.uniform(20, 50) * MINUTE, luck.uniform(1.0, 2.0))
        self._queue: list[Case] = []
        self._open: set[Case] = set()
        self._order = count()
        self._events: list[tuple[float, int, Expert | Case | None]] = []

    def looks(self) -> Iterator[Look]:
        """Play the shift. What happens after a look is written into its cases once all looks were taken."""
        next_look = 2 * LOOK_EVERY
        self._plan_arrival(0.0)
        while self._events[0][0] <= self.length + AFTER:
            while next_look <= min(self._events[0][0], self.length):
                yield self._look(next_look)
                next_look += LOOK_EVERY
            now, _, who = heappop(self._events)
            match who:
                case None:
                    self._arrive(now)
                case Case():
                    self._client_answers(who, now)
                case Expert():
                    self._put_down(who, now)
        for case in self._open:
            case.turn(self.length + AFTER, running=case.running)

    def _look(self, now: float) -> Look:
        sights = [
            Sight(
                case=case,
                left=case.left_at(now),
                running=case.running,
                holder=case.holder.expert_id if case.holder else None,
                worked=self._worked(case, now) if case.holder else None,
            )
            for case in sorted(self._open, key=lambda case: case.case_id)
        ]
        return Look(now, sights, [one.expert_id for one in self.experts])

    @staticmethod
    def _worked(case: Case, now: float) -> float:
        in_hand = case.holder is not None and case.holder.hand is case
        return case.worked + (now - case.holder.hand_since if in_hand and case.holder else 0.0)

    def _plan(self, at: float, who: Expert | Case | None) -> None:
        heappush(self._events, (at, next(self._order), who))

    def _plan_arrival(self, now: float) -> None:
        """The next arrival, by thinning the highest rate that there can be."""
        period, phase, height = self._wave
        begins, ends, factor = self._rush
        highest = self._rate * (1 + height) * factor
        while True:
            now += self._luck.expovariate(highest)
            rate = self._rate * (1 + height * sin(2 * pi * now / period + phase))
            if begins <= now < ends:
                rate *= factor
            if self._luck.random() * highest < rate:
                return self._plan(now, None)

    def _arrive(self, now: float) -> None:
        luck = self._luck
        photos = round(luck.triangular(4, 24, 10))
        disputed = luck.random() < _DISPUTED
        work = (_MEDIAN_BASE + _MEDIAN_PER_PHOTO * photos) * exp(luck.gauss(0, _MEDIAN_SPREAD))
        work *= _DISPUTED_FACTOR if disputed else 1.0
        segments = [work]
        while luck.random() < (_ASKED if len(segments) == 1 else _ASKED_AGAIN):
            rest = segments.pop(0)
            part = luck.uniform(0.1, 0.9)
            segments = [rest * (1 - part), rest * part, *segments]
        case = Case(UUID(int=luck.getrandbits(128)), photos, disputed, segments, since=now)
        self.cases.append(case)
        self._open.add(case)
        self._queue.append(case)
        self._plan_arrival(now)
        self._wake(now)

    def _client_answers(self, case: Case, now: float) -> None:
        case.turn(now, running=True)
        if case.holder is not None:
            case.holder.answered_by_client.append(case)
            if case.holder.idle:
                self._take(case.holder, now)

    def _wake(self, now: float) -> None:
        idle = [one for one in self.experts if one.idle]
        if idle:
            self._take(self._luck.choice(idle), now)

    def _take(self, expert: Expert, now: float) -> None:
        """The case with the least time left, of those that wait for anybody and of the expert's own."""
        choice = self._queue + expert.answered_by_client
        expert.idle = not choice
        if expert.idle:
            return
        case = min(choice, key=lambda case: case.left_at(now))
        (self._queue if case in self._queue else expert.answered_by_client).remove(case)
        case.holder, expert.hand, expert.hand_since = expert, case, now
        self._plan(now + case.segments[-1] / expert.speed, expert)

    def _put_down(self, expert: Expert, now: float) -> None:
        """The client is asked or answered; or the expert, who has nothing in hand, is ready for the next case."""
        case, luck = expert.hand, self._luck
        if case is None:
            return self._take(expert, now)
        case.worked += now - expert.hand_since
        case.segments.pop()
        expert.hand = None
        case.turn(now, running=False)
        if case.segments:
            away = _CLIENT_MEDIAN * exp(luck.gauss(0, _CLIENT_SPREAD))
            self.noted.client.append(away)
            self._plan(now + away, case)
        else:
            self._open.remove(case)
            self.noted.handled.append(Handled(expert.expert_id, case.photos, case.disputed, case.worked))
        pause = luck.uniform(5, 40)
        if luck.random() < _BREAK:
            pause += luck.uniform(4, 9) * MINUTE
        self.noted.between.append(pause)
        return self._plan(now + pause, expert)
