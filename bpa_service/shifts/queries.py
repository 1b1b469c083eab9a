"""Reads of who is at work, on what, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bpa_service.cases.deciding import statistics as decisions
from bpa_service.cases.findings import queries as findings
from bpa_service.cases.second_opinions import queries as second_opinions
from bpa_service.experts.models import ExpertRow
from bpa_service.shifts.models import Presence, Shift
from bpa_service.shifts.service import ABSENT_AFTER
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
    """One day of somebody's work. `in_time` are the answers whose clock had not run out."""

    day: date
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
        .where(Presence.seen_at >= now - ABSENT_AFTER, ~Presence.has_left)
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


async def work_of(session: ReadSession, expert_id: UUID, *, since: datetime, zone: ZoneInfo) -> Work:
    """What somebody did since then, by the days of `zone`."""
    answers = await decisions.answers_of(session, expert_id, since=since)
    median, slow = await decisions.times_of(session, expert_id, since=since)
    return Work(
        days=_by_day([(decided_at.astimezone(zone).date(), is_late) for decided_at, is_late in answers]),
        median_seconds=median,
        slow_seconds=slow,
        preliminary=await decisions.preliminary_of(session, expert_id, since=since),
        amended=await decisions.amended_of(session, expert_id, since=since),
        findings=await findings.count_of(session, expert_id, since=since),
        second_opinions=await second_opinions.count_of(session, expert_id, since=since),
    )


def _by_day(answers: Sequence[tuple[date, bool]]) -> list[Day]:
    """Not by the database: its list of time zones is another one."""
    return [
        Day(day=day, answers=len(late), in_time=late.count(False))
        for day, those in groupby(answers, key=lambda one: one[0])
        if (late := [breached for _, breached in those])
    ]


def days_ago(now: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Midnight in `zone` of the first of the last `days` days, today among them."""
    first = now.astimezone(zone).date() - timedelta(days=days - 1)
    return datetime(first.year, first.month, first.day, tzinfo=zone)
