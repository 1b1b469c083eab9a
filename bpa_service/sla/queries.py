"""Reading clocks from their ledgers."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Uuid, any_, bindparam, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import LateralFromClause

from bpa_service.sla.domain import BREACH, Entry, EntryKind, Ledger
from bpa_service.sla.models import ClockEntry
from service_kit.db import ReadSession
from shared_schemas.clock import Clock, PauseCause

# Rows, not entities: a page of the queue reads some hundred lines, and only to add them up.
_LINES: Final = (
    select(
        ClockEntry.case_id,
        ClockEntry.clock_number,
        ClockEntry.kind,
        ClockEntry.at,
        ClockEntry.cause,
        ClockEntry.ref,
        ClockEntry.percent,
        ClockEntry.budget_seconds,
    )
    .where(ClockEntry.case_id == any_(bindparam("case_ids", type_=ARRAY(Uuid))))
    .order_by(ClockEntry.case_id, ClockEntry.clock_number, ClockEntry.position)
)

_BREACHED: Final = f"""
SELECT DISTINCT case_id FROM clock_entries
WHERE case_id = ANY ($1::uuid[]) AND kind = '{EntryKind.THRESHOLD}' AND percent = {BREACH}
"""  # noqa: S608 - our own words


async def ledgers_of(session: ReadSession, case_id: UUID) -> list[Ledger]:
    """Every clock that the case has had, the first one first."""
    return (await _ledgers(session, [case_id])).get(case_id, [])


async def ledger_of(session: ReadSession, case_id: UUID) -> Ledger | None:
    """The newest clock of the case with its lines; None if it never had one."""
    ledgers = await ledgers_of(session, case_id)
    return ledgers[-1] if ledgers else None


async def clock_of(session: ReadSession, case_id: UUID) -> Clock | None:
    """The newest clock of the case; None if it never had one."""
    ledger = await ledger_of(session, case_id)
    return ledger.clock if ledger else None


async def clocks_of(session: ReadSession, case_ids: Collection[UUID]) -> dict[UUID, Clock]:
    """The newest clock of each of the cases that has one, in one query."""
    return {case_id: ledgers[-1].clock for case_id, ledgers in (await _ledgers(session, case_ids)).items()}


async def all_clocks_of(session: ReadSession, case_ids: Collection[UUID]) -> dict[UUID, list[Clock]]:
    """Every clock of each of the cases that has one, its first one first, in one query."""
    return {
        case_id: [ledger.clock for ledger in ledgers]
        for case_id, ledgers in (await _ledgers(session, case_ids)).items()
    }


async def breached(session: ReadSession, case_ids: Collection[UUID]) -> set[UUID]:
    """Those of the cases of which a clock has run out."""
    rows = await session.fetch(_BREACHED, list(case_ids))
    return {row["case_id"] for row in rows}


def lines_of(case_id: ColumnElement[UUID], clock_number: ColumnElement[int]) -> LateralFromClause:
    """What is on the ledger of that clock, beside each row of a SELECT that has these columns.

    `budget_seconds`, and of what the clock follows from in order: `kinds`, `ats`, `causes` and `refs`.
    """

    def in_order(column: Any) -> Any:
        return func.array_agg(aggregate_order_by(column, ClockEntry.position))

    return (
        select(
            func.max(ClockEntry.budget_seconds).label("budget_seconds"),
            in_order(ClockEntry.kind).label("kinds"),
            in_order(ClockEntry.at).label("ats"),
            in_order(ClockEntry.cause).label("causes"),
            in_order(ClockEntry.ref).label("refs"),
        )
        .where(
            ClockEntry.case_id == case_id,
            ClockEntry.clock_number == clock_number,
            ClockEntry.kind != EntryKind.THRESHOLD,
        )
        .lateral("lines")
    )


def breached_by(case_id: ColumnElement[UUID], at: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether the clock that the case had then had run out by then, for a SELECT that has such columns."""
    started = aliased(ClockEntry)
    of_then = (
        select(func.max(started.clock_number))
        .where(started.case_id == case_id, started.kind == EntryKind.STARTED, started.at <= at)
        .correlate_except(started)
        .scalar_subquery()
    )
    return exists().where(
        ClockEntry.case_id == case_id,
        ClockEntry.clock_number == of_then,
        ClockEntry.kind == EntryKind.THRESHOLD,
        ClockEntry.percent == BREACH,
        ClockEntry.at <= at,
    )


def breached_at(case_id: ColumnElement[UUID], clock_number: ColumnElement[int]) -> ScalarSelect[datetime]:
    """When that clock ran out, for a SELECT that has these columns; NULL while it has not."""
    return (
        select(ClockEntry.at)
        .where(
            ClockEntry.case_id == case_id,
            ClockEntry.clock_number == clock_number,
            ClockEntry.kind == EntryKind.THRESHOLD,
            ClockEntry.percent == BREACH,
        )
        .scalar_subquery()
    )


def paused_since(case_id: ColumnElement[UUID], at: ColumnElement[datetime | None]) -> ColumnElement[bool]:
    """Whether a clock of the case has stood still since then, for a SELECT that has such columns."""
    return exists().where(
        ClockEntry.case_id == case_id, ClockEntry.kind == EntryKind.PAUSED, ClockEntry.at >= at
    )


def clock_in(
    number: int,
    budget_seconds: int,
    kinds: Sequence[str],
    ats: Sequence[datetime],
    causes: Sequence[str | None],
    refs: Sequence[UUID | None],
) -> Clock:
    """The clock that follows from `lines_of` it."""
    if len(kinds) == 1:  # it has started, and no more is written: as most clocks in the queue
        return Clock.model_construct(number=number, started_at=ats[0], budget_seconds=budget_seconds)
    entries = [
        Entry(EntryKind(kind), at, PauseCause(cause) if cause is not None else None, ref)
        for kind, at, cause, ref in zip(kinds, ats, causes, refs, strict=True)
    ]
    entries[0] = Entry(EntryKind.STARTED, ats[0], budget_seconds=budget_seconds)
    return Ledger.of(number, entries).clock


async def _ledgers(session: ReadSession, case_ids: Collection[UUID]) -> dict[UUID, list[Ledger]]:
    rows = await session.execute(_LINES, {"case_ids": list(case_ids)})
    ledgers: dict[UUID, list[Ledger]] = {}
    for (case_id, number), lines in groupby(rows, key=lambda row: (row.case_id, row.clock_number)):
        ledgers.setdefault(case_id, []).append(Ledger.of(number, [_entry(line) for line in lines]))
    return ledgers


def _entry(line: Any) -> Entry:
    cause = PauseCause(line.cause) if line.cause is not None else None
    return Entry(EntryKind(line.kind), line.at, cause, line.ref, line.percent, line.budget_seconds)
