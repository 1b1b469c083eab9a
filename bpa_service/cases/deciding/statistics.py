"""What came of somebody's work: their decisions in figures. Times are from claiming a case to its answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Float, and_, cast, extract, func, select

from bpa_service.cases.core.models import Case
from bpa_service.cases.deciding.models import Decision, DecisionKind
from bpa_service.sla import queries as sla
from service_kit.db import ReadSession
from shared_schemas import clock as arithmetic

_LATEST: Final = 200
# Of fewer, one slow answer would be what is usual.
_FEWEST: Final = 20
_IS_ANSWER: Final = Decision.kind != DecisionKind.PRELIMINARY
# Whoever claimed it later has another answer in hand: that of a dispute.
_IS_TIMED: Final = and_(Decision.kind == DecisionKind.FINAL, Case.claimed_at <= Decision.decided_at)


async def answers_since(session: ReadSession, since: datetime) -> dict[UUID, int]:
    """How many answers each author has given."""
    found = await session.execute(
        select(Decision.author_id, func.count())
        .where(Decision.decided_at >= since, _IS_ANSWER)
        .group_by(Decision.author_id)
    )
    return {row[0]: row[1] for row in found}


class Counted(NamedTuple):
    """First answers since an instant, and how many of them came before their clock had run out."""

    answers: int
    in_time: int


async def counted(session: ReadSession, since: datetime) -> Counted:
    """Without their times, which of a week's answers cost more to order than the rest to read."""
    breached = sla.breached_by(Decision.case_id.expression, Decision.decided_at.expression)
    found = await session.execute(
        select(func.count(), func.count().filter(~breached)).where(
            Decision.decided_at >= since, Decision.kind == DecisionKind.FINAL
        )
    )
    return Counted(*found.one())


class Lately(NamedTuple):
    """First answers since an instant, and how many of them came before their clock had run out.

    `seconds`, by the wall from the client's Send: half of them took no longer, and nine of ten. None without any.
    """

    answers: int
    in_time: int
    seconds: tuple[float | None, float | None]


async def lately(session: ReadSession, since: datetime) -> Lately:
    took = cast(extract("epoch", Decision.decided_at - Case.submitted_at), Float)
    breached = sla.breached_by(Decision.case_id.expression, Decision.decided_at.expression)
    found = await session.execute(
        select(
            func.count(),
            func.count().filter(~breached),
            func.percentile_cont(0.5).within_group(took),
            func.percentile_cont(0.9).within_group(took),
        )
        .join(Case, Case.id == Decision.case_id)
        .where(Decision.decided_at >= since, Decision.kind == DecisionKind.FINAL)
    )
    answers, in_time, median, slow = found.one()
    return Lately(answers, in_time, (median, slow))


class Timing(NamedTuple):
    """Of the latest answers since an instant: how many seconds were left on the clock, which half of them had at
    least, and nine of ten; and after how many of the clock's whoever answered had taken the case, half of them,
    and nine of ten. Of a case that was handed over that is when the last one took it. None without any.
    """

    left: tuple[float | None, float | None]
    reaction: tuple[float | None, float | None]


async def timing(session: ReadSession, since: datetime) -> Timing:
    """It reads _LATEST answers at most, and their clocks."""
    found = await session.execute(
        select(Decision.case_id, Decision.decided_at, Case.claimed_at)
        .join(Case, Case.id == Decision.case_id)
        .where(Decision.decided_at >= since, Decision.kind == DecisionKind.FINAL)
        .order_by(Decision.decided_at.desc())
        .limit(_LATEST)
    )
    rows = found.all()
    clocks = await sla.all_clocks_of(session, [case_id for case_id, *_ in rows])
    left: list[float] = []
    reaction: list[float] = []
    for case_id, decided_at, claimed_at in rows:
        # A dispute has a clock of its own, which is none of the first answer's.
        begun = [clock for clock in clocks.get(case_id, ()) if clock.started_at <= decided_at]
        if not begun:
            continue
        left.append(arithmetic.remaining(begun[-1], decided_at).total_seconds())
        if claimed_at is not None and begun[-1].started_at <= claimed_at <= decided_at:
            reaction.append(arithmetic.used(begun[-1], claimed_at).total_seconds())
    return Timing(
        (_quantile(left, 0.5), _quantile(left, 0.1)), (_quantile(reaction, 0.5), _quantile(reaction, 0.9))
    )


def _quantile(values: Sequence[float], share: float) -> float | None:
    """As PostgreSQL's percentile_cont."""
    if not values:
        return None
    place = share * (len(values) - 1)
    ordered = sorted(values)
    below = ordered[int(place)]
    return below + (ordered[min(int(place) + 1, len(values) - 1)] - below) * (place - int(place))


async def answers_of(
    session: ReadSession, expert_id: UUID, *, since: datetime
) -> Sequence[tuple[datetime, bool]]:
    """When they gave each answer, the first one first, and whether its clock had run out by then."""
    breached = sla.breached_by(Decision.case_id.expression, Decision.decided_at.expression)
    found = await session.execute(
        select(Decision.decided_at, breached)
        .where(_theirs(expert_id, since), _IS_ANSWER)
        .order_by(Decision.decided_at)
    )
    return [(row[0], row[1]) for row in found]


async def times_of(
    session: ReadSession, expert_id: UUID, *, since: datetime
) -> tuple[float | None, float | None]:
    """In how many seconds half of their first answers were given, and nine of ten; None without any.

    Of a case that was claimed anew since, for a dispute, it is not known any more when it was claimed first.
    """
    took = cast(extract("epoch", Decision.decided_at - Case.claimed_at), Float)
    found = await session.execute(
        select(func.percentile_cont(0.5).within_group(took), func.percentile_cont(0.9).within_group(took))
        .join(Case, Case.id == Decision.case_id)
        .where(_theirs(expert_id, since), _IS_TIMED)
    )
    median, slow = found.one()
    return median, slow


async def usual_seconds(session: ReadSession) -> int | None:
    """In how many seconds of work nine of ten of the latest answers came; None while there are too few to tell.

    Only of cases that nobody had to wait for: how long a client takes says nothing of the experts.
    """
    latest = (
        select(cast(extract("epoch", Decision.decided_at - Case.claimed_at), Float).label("took"))
        .join(Case, Case.id == Decision.case_id)
        .where(
            _IS_TIMED,
            ~sla.paused_since(Case.id.expression, Case.claimed_at.expression),
        )
        .order_by(Decision.decided_at.desc())
        .limit(_LATEST)
        .subquery()
    )
    found = await session.execute(
        select(func.count(), func.percentile_cont(0.9).within_group(latest.c.took)).select_from(latest)
    )
    answers, slow = found.one()
    return round(slow) if answers >= _FEWEST else None


async def preliminary_of(session: ReadSession, expert_id: UUID, *, since: datetime) -> int:
    """How many first words they said."""
    said = select(func.count()).select_from(Decision).where(_theirs(expert_id, since), ~_IS_ANSWER)
    return await session.scalar(said) or 0


async def amended_of(session: ReadSession, expert_id: UUID, *, since: datetime) -> int:
    """How many of their answers were corrected."""
    later = select(Decision.case_id, Decision.version).subquery()
    amended = (
        select(func.count())
        .select_from(Decision)
        .join(later, and_(later.c.case_id == Decision.case_id, later.c.version == Decision.version + 1))
        .where(_theirs(expert_id, since), _IS_ANSWER)
    )
    return await session.scalar(amended) or 0


def _theirs(expert_id: UUID, since: datetime) -> ColumnElement[bool]:
    return and_(Decision.author_id == expert_id, Decision.decided_at >= since)
