"""Reading clocks from their ledgers."""

from collections.abc import Collection
from itertools import groupby
from uuid import UUID

from sqlalchemy import select

from bpa_service.sla.domain import Ledger
from bpa_service.sla.models import ClockEntry
from service_kit.db import ReadSession
from shared_schemas.clock import Clock


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
    rows = await session.scalars(
        select(ClockEntry)
        .where(ClockEntry.case_id.in_(case_ids))
        .order_by(ClockEntry.case_id, ClockEntry.clock_number, ClockEntry.position)
    )
    ledgers: dict[UUID, list[Ledger]] = {}
    for (case_id, number), lines in groupby(rows, key=lambda row: (row.case_id, row.clock_number)):
        ledgers.setdefault(case_id, []).append(Ledger.of(number, [line.entry() for line in lines]))
    return ledgers
