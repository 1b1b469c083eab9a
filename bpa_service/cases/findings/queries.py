"""Reads of findings."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from bpa_service.cases.core.models import Case
from bpa_service.cases.findings.models import Finding, FindingPlace
from service_kit.db import ReadSession


async def placed(session: ReadSession, statement: Select[Finding]) -> Sequence[Finding]:
    """Findings with the places that they rest on."""
    findings = (await session.scalars(statement)).all()
    for finding in findings:
        finding.places = []
    by_id = {finding.id: finding for finding in findings}
    of_these = select(FindingPlace).where(FindingPlace.finding_id.in_(by_id)).order_by(FindingPlace.position)
    for place in await session.scalars(of_these) if by_id else ():
        by_id[place.finding_id].places.append(place)
    return findings


async def of_case(session: ReadSession, case_id: UUID) -> Sequence[Finding]:
    """All that were ever stated, withdrawn or not, the first one first."""
    stated = select(Finding).where(Finding.case_id == case_id)
    return await placed(session, stated.order_by(Finding.recorded_at, Finding.id))


async def held(session: ReadSession, case: Case) -> dict[UUID, Finding]:
    """The findings of the case that nobody has withdrawn, the first one first."""
    statement = select(Finding).where(Finding.case_id == case.id, Finding.withdrawn_at.is_(None))
    rows = await placed(session, statement.order_by(Finding.recorded_at, Finding.id))
    return {finding.id: finding for finding in rows}


async def held_in(session: ReadSession, case_ids: Collection[UUID]) -> Sequence[Finding]:
    """The findings of these cases that nobody has withdrawn; of each case the first one first."""
    of_them = Finding.case_id.in_(case_ids)
    statement = select(Finding).where(of_them, Finding.withdrawn_at.is_(None))
    return await placed(session, statement.order_by(Finding.case_id, Finding.recorded_at, Finding.id))


async def count_of(session: ReadSession, expert_id: UUID, *, since: datetime) -> int:
    """How many findings of theirs are held."""
    stated = select(func.count()).select_from(Finding).where(Finding.author_id == expert_id)
    held = stated.where(Finding.recorded_at >= since, Finding.withdrawn_at.is_(None))
    return await session.scalar(held) or 0
