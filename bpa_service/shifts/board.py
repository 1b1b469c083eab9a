"""The board of the shift: who has what in hand, what is at risk, and what the forecast says."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from bpa_service.cases.arranging.domain import View
from bpa_service.cases.core.policy import Policy
from bpa_service.cases.deciding import statistics
from bpa_service.cases.queue import queries as cases
from bpa_service.cases.queue.queries import Row
from bpa_service.experts import queries as experts
from bpa_service.experts.domain import Expert
from bpa_service.shifts import queries
from bpa_service.shifts.domain import Forecast, Load, forecast
from bpa_service.shifts.queries import AtWork
from service_kit.db import ReadSession
from service_kit.paging import Page
from shared_schemas import clock as arithmetic
from shared_schemas.words import InspectionState

# Beyond them the forecast is what the first thousand say: nobody can turn to the others in half an hour.
MAX_CASES: Final = 1000
MAX_AT_RISK: Final = 50
AT_RISK: Final = 0.1
LATELY: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Somebody who is on shift or holds cases, and their load. `since` is None for who is not on shift."""

    expert_id: UUID
    display_name: str
    since: datetime | None
    held: int
    waiting: int
    least_left: float | None
    answers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """How the shift stands. `at_risk` are the cases most likely to run out of time, the likeliest first.

    There is no forecast out of hours: every clock stands, and nobody is at work.
    """

    desks: Sequence[Desk]
    open_cases: int
    free_cases: int
    at_risk: Sequence[tuple[Row, float]]
    forecast: Forecast | None


async def look(session: ReadSession, *, viewer: Expert, policy: Policy, now: datetime) -> Board:
    """The board at `now`. It costs a fixed number of queries and reads at most MAX_CASES cases."""
    page = Page(after=None, limit=MAX_CASES - 1)
    rows = await cases.queue(session, View.ALL, page, viewer_id=viewer.id)
    at_work = await queries.at_work(session)
    hours = policy.clock.hours
    seen: Forecast | None = None
    if hours is None or hours.opening_after(now) <= now:
        seen = forecast([_load(row, now) for row in rows], [one.expert_id for one in at_work])
    return Board(
        desks=await _desks(session, rows, at_work, now),
        open_cases=len(rows),
        free_cases=sum(row.case.holder_id is None for row in rows),
        at_risk=_at_risk(rows, seen),
        forecast=seen,
    )


def _at_risk(rows: Sequence[Row], seen: Forecast | None) -> list[tuple[Row, float]]:
    if seen is None:
        return []
    risky = [(row, seen.probabilities.get(row.case.id, 1.0)) for row in rows]
    risky = [(row, probability) for row, probability in risky if probability >= AT_RISK]
    # Of two as likely the one that has less time left, which is the order of the rows.
    return sorted(risky, key=lambda one: -one[1])[:MAX_AT_RISK]


def _load(row: Row, now: datetime) -> Load:
    case, clock = row.case, row.clock
    reckoning = arithmetic.reckon(clock, now)
    worked: float | None = None
    if case.holder_id is not None:
        begun = max(case.claimed_at or now, clock.started_at)
        worked = (arithmetic.used(clock, now) - arithmetic.used(clock, begun)).total_seconds()
    return Load(
        case_id=case.id,
        left_seconds=arithmetic.remaining(clock, now).total_seconds(),
        running=reckoning.due_at is not None,
        holder_id=case.holder_id,
        worked_seconds=worked,
        photos=case.photo_count,
        disputed=case.disputed,
    )


async def _desks(
    session: ReadSession, rows: Sequence[Row], at_work: Sequence[AtWork], now: datetime
) -> list[Desk]:
    held = Counter(row.case.holder_id for row in rows if row.case.holder_id)
    waiting = Counter(row.case.holder_id for row in rows if row.case.state is InspectionState.WAITING_CLIENT)
    least: dict[UUID, float] = {}
    for row in rows:
        if row.case.holder_id and row.case.state is not InspectionState.WAITING_CLIENT:
            left = arithmetic.remaining(row.clock, now).total_seconds()
            least[row.case.holder_id] = min(left, least.get(row.case.holder_id, left))
    since: Mapping[UUID, datetime] = {one.expert_id: one.since for one in at_work}
    names = {one.expert_id: one.display_name for one in at_work}
    names |= await experts.names(session, held.keys() - names.keys())
    answers = await statistics.answers_since(session, now - LATELY)
    return [
        Desk(
            expert_id=expert_id,
            display_name=name,
            since=since.get(expert_id),
            held=held[expert_id],
            waiting=waiting[expert_id],
            least_left=least.get(expert_id),
            answers=answers.get(expert_id, 0),
        )
        for expert_id, name in sorted(names.items(), key=lambda one: (one[1], one[0]))
    ]
