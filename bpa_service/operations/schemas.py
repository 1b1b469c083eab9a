"""The page of operations as the API speaks of it."""

from datetime import datetime

from bpa_service.operations.domain import State
from bpa_service.operations.figures import Figures
from bpa_service.operations.lines import Figure, Line, Part, Why, lines
from service_kit.http.schemas import ApiOutput


class LineOut(ApiOutput):
    """How one thing stands. `value`, with what stands `beside` it:

    `answers_…`: the share of the answers that came in time, of so many. `left`, `reaction`: seconds that half of
    the last hour's answers had left at least, and nine of ten; after which half of them were taken, and nine of
    ten. `free`, `outbox`, `notifications`, `search`, `clocks`, `process`: for how many seconds the oldest has
    waited, and how many wait. `breached`, `dead_letters`, `set_aside`, `search_refused`: how many. `stuck`: how
    many, beside events that are set aside. `on_shift`: experts, beside open cases. `source`: questions of the
    last hour that failed, of so many; where none has been answered, beside nothing those that wait.

    `since` is when that began which wants a look or somebody to act; null where that is not known. `runbook`
    names the section of the operators' book that says what to do.
    """

    part: Part
    figure: Figure
    state: State
    value: float | None
    beside: float | None
    since: datetime | None
    subject: str | None
    why: Why | None
    runbook: str | None

    @classmethod
    def of(cls, line: Line) -> "LineOut":
        return cls(**{name: getattr(line, name) for name in cls.model_fields})


class OperationsOut(ApiOutput):
    """How everything stands: what this side knows at `at`. Its days begin at midnight in `zone`."""

    at: datetime
    zone: str
    lines: list[LineOut]

    @classmethod
    def of(cls, seen: Figures) -> "OperationsOut":
        return cls(at=seen.at, zone=seen.zone, lines=[LineOut.of(line) for line in lines(seen)])
