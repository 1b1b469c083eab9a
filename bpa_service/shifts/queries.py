"""Reads of who is at work, on what, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Float, and_, case, cast, exists, extract, func, select

from bpa_service.cases.models import Case, Decision, DecisionKind, Finding, SecondOpinion
from bpa_service.experts.models import ExpertRow
from bpa_service.shifts.models import Presence, Shift
from bpa_service.shifts.service import ABSENT_AFTER
from bpa_service.sla.domain import BREACH, EntryKind
from bpa_service.sla.models import ClockEntry
from service_kit.db import ReadSession


class Here(NamedTuple):
    """Somebody who has a case on their screen."""

    case_id: UUID
    expert_id: UUID
    display_name: str


class AtWork(NamedTuple):
    """Somebody on shift."""

    expert_id: UUID
    display_name: str
    role: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of somebody's work, in UTC. `in_time` are the answers whose clock had not run out."""

    day: datetime
    answers: int
    in_time: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What somebody did since an instant. Times are from claiming a case to its answer, in seconds."""

    days: Sequence[Day]
    median_seconds: float | None
    slow_seconds: float | None
    preliminary: int
    amended: int
    findings: int
    second_opinions: int


async def here(session: ReadSession, now: datetime) -> list[Here]:
    """Who has which case on the screen."""
    found = await session.execute(
        select(Presence.case_id, ExpertRow.id, ExpertRow.display_name)
        .join(ExpertRow, ExpertRow.id == Presence.expert_id)
        .where(Presence.seen_at >= now - ABSENT_AFTER)
        .order_by(ExpertRow.display_name, Presence.case_id)
    )
    return [Here(*row) for row in found]


async def at_work(session: ReadSession) -> list[AtWork]:
    """Who is on shift, by name."""
    found = await session.execute(
        select(ExpertRow.id, ExpertRow.display_name, ExpertRow.role, Shift.started_at)
        .join(Shift, Shift.expert_id == ExpertRow.id)
        .where(Shift.ended_at.is_(None), ExpertRow.active)
        .order_by(ExpertRow.display_name, ExpertRow.id)
    )
    return [AtWork(*row) for row in found]


async def shift_of(session: ReadSession, expert_id: UUID) -> datetime | None:
    """Since when somebody is on shift; None if they are not."""
    return await session.scalar(
        select(Shift.started_at).where(Shift.expert_id == expert_id, Shift.ended_at.is_(None))
    )


async def answers_since(session: ReadSession, since: datetime) -> dict[UUID, int]:
    """How many answers each author has given."""
    found = await session.execute(
        select(Decision.author_id, func.count())
        .where(Decision.decided_at >= since, Decision.kind != DecisionKind.PRELIMINARY)
        .group_by(Decision.author_id)
    )
    return {row[0]: row[1] for row in found}


async def work_of(session: ReadSession, expert_id: UUID, *, since: datetime) -> Work:
    """What somebody did since then."""
    mine = and_(Decision.author_id == expert_id, Decision.decided_at >= since)
    answer = Decision.kind != DecisionKind.PRELIMINARY
    breached = exists().where(
        ClockEntry.case_id == Decision.case_id,
        ClockEntry.kind == EntryKind.THRESHOLD,
        ClockEntry.percent == BREACH,
        ClockEntry.at <= Decision.decided_at,
    )
    day = func.date_trunc("day", Decision.decided_at, "UTC")
    days = await session.execute(
        select(day, func.count(), func.sum(case((breached, 0), else_=1)))
        .where(mine, answer)
        .group_by(day)
        .order_by(day)
    )
    took = cast(extract("epoch", Decision.decided_at - Case.claimed_at), Float)
    times = await session.execute(
        select(func.percentile_cont(0.5).within_group(took), func.percentile_cont(0.9).within_group(took))
        .join(Case, Case.id == Decision.case_id)
        .where(mine, Decision.kind == DecisionKind.FINAL, Case.claimed_at.is_not(None))
    )
    median, slow = times.one()
    later = select(Decision.case_id, Decision.version).subquery()
    amended = (
        select(func.count())
        .select_from(Decision)
        .join(later, and_(later.c.case_id == Decision.case_id, later.c.version == Decision.version + 1))
        .where(mine, answer)
    )
    return Work(
        days=[Day(day=row[0], answers=row[1], in_time=row[2]) for row in days],
        median_seconds=median,
        slow_seconds=slow,
        preliminary=await session.scalar(select(func.count()).select_from(Decision).where(mine, ~answer))
        or 0,
        amended=await session.scalar(amended) or 0,
        findings=await session.scalar(
            select(func.count())
            .select_from(Finding)
            .where(Finding.author_id == expert_id, Finding.recorded_at >= since)
        )
        or 0,
        second_opinions=await session.scalar(
            select(func.count())
            .select_from(SecondOpinion)
            .where(SecondOpinion.answered_by == expert_id, SecondOpinion.answered_at >= since)
        )
        or 0,
    )


def days_ago(now: datetime, days: int) -> datetime:
    """Midnight (UTC) of the first of the last `days` days, today among them."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days - 1)
