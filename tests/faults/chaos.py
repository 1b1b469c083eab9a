"""Killing: at each failpoint in turn, or whoever and whenever chance wants it."""

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from service_kit.failpoints import VARIABLE, Point
from tests.faults.ledger import rows
from tests.faults.world import Bus, World

LOOK_INTERVAL: Final = 0.05
AT_A_FAILPOINT: Final = 0.4  # so often a process is not killed from outside, but dies at one of its points

_WRITING: Final = (Point.COMMITTING, Point.COMMITTED)
_RELAYING: Final = (Point.PUBLISHING, Point.CONFIRMED, Point.MARKING, Point.MARKED)
_TAKING_IN: Final = (Point.CLAIMED, Point.EFFECTED, Point.ACKING, Point.ACKED)
_TELLING: Final = (Point.SENDING, Point.SENT)
_PRINTING: Final = (Point.REPORT_FILE_CLAIMED, Point.REPORT_FILE_KEPT)
_PUSHING: Final = (Point.WEBHOOK_CLAIMED, Point.WEBHOOK_SENT)
_KEEPING: Final = (Point.FILE_WRITTEN, Point.FILE_KEPT)
_FEEDING: Final = (Point.INDEXING, Point.INDEXED, Point.FED)
_BUILDING: Final = (
    *(Point.COPY_CREATED, Point.COPIED, Point.COPY_NOTED),
    *(Point.PUBLISHING_COPY, Point.COPY_PUBLISHED, Point.COPY_DROPPED),
)


def points_of(bus: Bus) -> Mapping[str, Sequence[Point]]:
    """The points that each process passes while an inspection goes from its first photo to its answer."""
    # With RabbitMQ no message comes in over HTTP.
    answering = (*_WRITING, Point.ANSWERING, *([Point.ACCEPTED] if bus == "http" else []))
    return {
        "cabinet-api": (*_KEEPING, *answering),
        "cabinet-relay": _RELAYING,
        "cabinet-consumer": (*_WRITING, *_TAKING_IN),
        "cabinet-worker": (
            *(*_KEEPING, *_TAKING_IN, *_TELLING, *_PUSHING, *_PRINTING),
            *(*_FEEDING, *_BUILDING),
        ),
        "bpa-api": answering,
        "bpa-relay": _RELAYING,
        "bpa-consumer": (*_WRITING, *_TAKING_IN),
        "bpa-worker": (*_WRITING, *_FEEDING, *_BUILDING),
    }


def points_about(bus: Bus) -> Mapping[str, Sequence[Point]]:
    """All of them on HTTP, and of the others those at which it matters which bus it is, or which PostgreSQL.

    What becomes of a file, of a message to a client, of a webhook, of a PDF and of a search index is nothing that
    a broker could change.
    """
    if bus == "http":
        return points_of(bus)
    ours = {*_KEEPING, *_TELLING, *_PUSHING, *_PRINTING, *_FEEDING, *_BUILDING}
    return {name: [point for point in points if point not in ours] for name, points in points_of(bus).items()}


class Gauntlet:
    """Lets every process die at each of these points of its, one after the other, all processes side by side.

    Before a point of it, a search index is to be built anew.
    """

    def __init__(self, world: World, points: Mapping[str, Sequence[Point]]) -> None:
        self._world = world
        self._ahead = {name: list(of_it) for name, of_it in points.items()}
        self.died_at: Counter[Point] = Counter()
        for name in self._ahead:
            world.kill(name)
            self._start(name)

    def step(self) -> bool:
        """Start anew, with its next point, who has died at the last one; returns whether all are through."""
        for name, points in self._ahead.items():
            if points and not self._world.is_running(name):
                self.died_at[points.pop(0)] += 1
                self._start(name)
        return not any(self._ahead.values())

    def left(self) -> dict[str, Point]:
        """Where who is not through is waiting to die."""
        return {name: points[0] for name, points in self._ahead.items() if points}

    def _start(self, name: str) -> None:
        points = self._ahead[name]
        if points and points[0] in _BUILDING:
            rows(
                self._world,
                name.split("-", maxsplit=1)[0],
                "UPDATE search_copies SET made_of = '' RETURNING copy",
            )
        self._world.start(name, {VARIABLE: f"{points[0]}=kill"} if points else None)


class Monkey:
    """Kills what chance points at. The same seed kills in the same order; when depends on the machine."""

    def __init__(self, world: World, chance: random.Random, *, every: float) -> None:
        """`every` is the mean time in seconds between two kills."""
        self._world = world
        self._chance = chance
        self._every = every
        self._points = points_of(world.bus)
        self._armed: set[str] = set()
        self.kills: Counter[str] = Counter()

    def rage(self, until: Callable[[], bool]) -> None:
        """Kill, one after the other, until told to stop; then let everything run again."""
        while not until():
            self._wait(self._chance.uniform(0, 2 * self._every))
            name = self._chance.choice(self._world.victims)
            if name in self._points and self._chance.random() < AT_A_FAILPOINT:
                point, passes = self._chance.choice(self._points[name]), self._chance.randint(1, 5)
                self._kill(name, {VARIABLE: f"{point}=kill@{passes}"})
            else:
                self._kill(name)
        for name in self._armed.copy():
            self._kill(name)
        self._world.start_again()

    def _kill(self, name: str, environment: Mapping[str, str] | None = None) -> None:
        self._revive()
        self._world.kill(name)
        self.kills[name] += 1
        time.sleep(self._chance.uniform(0, 1))
        self._world.start(name, environment)
        (self._armed.add if environment else self._armed.discard)(name)

    def _wait(self, seconds: float) -> None:
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            self._revive()
            time.sleep(LOOK_INTERVAL)

    def _revive(self) -> None:
        """Start again who has died at a failpoint meanwhile."""
        for name in self._points:
            code = self._world.exit_code(name)
            if code is not None and code < 0:
                self.kills[f"{name} at a failpoint"] += 1
                self._world.start(name)
                self._armed.discard(name)
