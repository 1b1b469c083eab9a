"""Reading clocks from their ledgers."""

from collections.abc import Collection
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from bpa_service.sla.domain import Entry, EntryKind, Ledger
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


async def _ledgers(session: ReadSession, case_ids: Collection[UUID]) -> dict[UUID, list[Ledger]]:
    rows = await session.execute(_LINES, {"case_ids": list(case_ids)})
    ledgers: dict[UUID, list[Ledger]] = {}
    for (case_id, number), lines in groupby(rows, key=lambda row: (row.case_id, row.clock_number)):
        ledgers.setdefault(case_id, []).append(Ledger.of(number, [_entry(line) for line in lines]))
    return ledgers


def _entry(line: Any) -> Entry:
    cause = PauseCause(line.cause) if line.cause is not None else None
    return Entry(EntryKind(line.kind), line.at, cause, line.ref, line.percent, line.budget_seconds)
