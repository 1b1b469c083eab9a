"""When a figure is in order: the thresholds of the alert rules, and what follows for whoever looks at it.

What the rules say stands here once more, since this side knows no Prometheus; a test holds the two together.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal

from service_kit.process_signs import Sign

Comparison = Literal[">", ">=", "<"]
_COMPARED: Final[Mapping[Comparison, Callable[[float, float], bool]]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
}


class State(StrEnum):
    """Whether something is in order, wants a look, or somebody to act at once; or nobody knows."""

    FINE = "fine"
    LOOK = "look"
    ACT = "act"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A rule of `deploy/prometheus/alerts.yml`: it rings where `figure` compares so with `limit`.

    `pages`: it wakes somebody. `looks` is the limit that the dashboard draws before that one. The rules also ask
    for how long it has been so, which nobody who looks has to wait for.
    """

    name: str
    runbook: str
    figure: str
    limit: float
    pages: bool
    comparison: Comparison = ">"
    looks: float | None = None

    def judged(self, value: float | None, *, rings: bool = True, otherwise: State = State.FINE) -> State:
        """What follows from the value; of None nothing. Where it is over and still does not ring: `otherwise`."""
        if value is None:
            return State.UNKNOWN
        if self._is_over(value, self.limit):
            return (State.ACT if self.pages else State.LOOK) if rings else otherwise
        if self.looks is not None and self._is_over(value, self.looks):
            return State.LOOK if rings else otherwise
        return State.FINE

    def _is_over(self, value: float, limit: float) -> bool:
        return _COMPARED[self.comparison](value, limit)


FEWEST_ANSWERS: Final = 10
"""Of fewer in an hour, one late answer is no alarm."""

ANSWERS_LATE: Final = Alert(
    name="AnswersLate",
    runbook="answers-late",
    figure="autodetective_answers_in_time_lately / autodetective_answers_lately",
    limit=0.9,
    pages=True,
    comparison="<",
    looks=0.95,
)
CASES_BREACHED: Final = Alert(
    name="CasesBreached",
    runbook="cases-breached",
    figure="autodetective_cases_breached",
    limit=0,
    pages=True,
)
NOBODY_TAKES_CASES: Final = Alert(
    name="NobodyTakesCases",
    runbook="nobody-takes-cases",
    figure="autodetective_cases_free_oldest_seconds",
    limit=300,
    pages=True,
    looks=120,
)
NOBODY_ON_SHIFT: Final = Alert(
    name="NobodyOnShift",
    runbook="nobody-on-shift",
    figure="sum(autodetective_cases_open)",
    limit=0,
    pages=True,
)
CLOCKS_UNWATCHED: Final = Alert(
    name="NobodyLooksAtTheClocks",
    runbook="nobody-looks-at-the-clocks",
    figure="autodetective_ticks_overdue_seconds",
    limit=60,
    pages=True,
)
PROCESS_SILENT: Final = Alert(
    name="ProcessSilent",
    runbook="process-silent",
    figure="autodetective_process_silent_seconds",
    limit=120,
    pages=True,
)
GONE_FOR: Final = timedelta(minutes=5)
"""For how long its rule waits: an upgrade replaces a process in less."""

OUTBOX_LAGS: Final = Alert(
    name="OutboxLags",
    runbook="outbox-lags",
    figure="autodetective_outbox_oldest_seconds",
    limit=60,
    pages=True,
)
NOTIFICATIONS_LAG: Final = Alert(
    name="NotificationsLag",
    runbook="notifications-lag",
    figure="autodetective_notifications_oldest_seconds",
    limit=300,
    pages=True,
)
INSPECTIONS_STUCK: Final = Alert(
    name="InspectionsStuck",
    runbook="inspections-stuck",
    figure="autodetective_inbox_stuck",
    limit=0,
    pages=True,
)
DEAD_LETTERS: Final = Alert(
    name="DeadLetters", runbook="dead-letters", figure="autodetective_dead_letters", limit=0, pages=False
)
SET_ASIDE: Final = Alert(
    name="NotificationsSetAside",
    runbook="notifications-set-aside",
    figure="autodetective_notifications_set_aside",
    limit=0,
    pages=False,
)
SEARCH_BEHIND: Final = Alert(
    name="SearchBehind",
    runbook="search-behind",
    figure="autodetective_search_behind_seconds",
    limit=300,
    pages=False,
)
SEARCH_REFUSES: Final = Alert(
    name="SearchRefuses",
    runbook="search-refuses",
    figure="autodetective_search_refused",
    limit=0,
    pages=False,
)
SOURCE_FAILS: Final = Alert(
    name="SourceFails",
    runbook="source-fails",
    figure="autodetective_enquiries_failed",
    limit=5,
    pages=False,
    comparison=">=",
)
SERVICE_AWAY: Final = "service-away"
"""Its rule asks Prometheus itself, which scrapes: here somebody who asks has an answer."""

ALERTS: Final = (
    ANSWERS_LATE,
    CASES_BREACHED,
    NOBODY_TAKES_CASES,
    NOBODY_ON_SHIFT,
    CLOCKS_UNWATCHED,
    PROCESS_SILENT,
    OUTBOX_LAGS,
    NOTIFICATIONS_LAG,
    INSPECTIONS_STUCK,
    DEAD_LETTERS,
    SET_ASIDE,
    SEARCH_BEHIND,
    SEARCH_REFUSES,
    SOURCE_FAILS,
)


class Gone:
    """Since when kinds of processes have been missing, as whoever looks again and again finds it."""

    def __init__(self) -> None:
        self._since: Mapping[str, datetime] = {}
        self._looked_at: datetime | None = None

    def seen(self, processes: Mapping[str, Sign], at: datetime) -> Mapping[str, datetime]:
        """Those that are missing `at` that instant. Between looks that are far apart they may have been there."""
        is_followed = self._looked_at is not None and at - self._looked_at < GONE_FOR
        before: Mapping[str, datetime] = self._since if is_followed else {}
        self._since = {
            name: before.get(name, at) for name, sign in processes.items() if not sign.is_connected
        }
        self._looked_at = at
        return self._since
