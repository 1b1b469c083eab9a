"""Reads of reports."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from bpa_service.reports.models import KeptReport
from service_kit.db import ReadSession
from shared_schemas.report.content import Report

_ANSWERED_WITHOUT: Final = """
SELECT case_id, max(decisions.version) AS version FROM decisions JOIN cases ON cases.id = case_id
WHERE kind <> 'preliminary' AND erased_at IS NULL AND case_id > $1 AND NOT EXISTS (
    SELECT FROM reports WHERE reports.case_id = decisions.case_id AND reports.version = decisions.version
)
GROUP BY case_id ORDER BY case_id LIMIT $2
"""


async def of_case(session: ReadSession, case_id: UUID) -> Sequence[KeptReport]:
    """All reports of a case, the oldest version first."""
    made = select(KeptReport).where(KeptReport.case_id == case_id)
    return (await session.scalars(made.order_by(KeptReport.version))).all()


async def report(session: ReadSession, report_id: UUID) -> KeptReport | None:
    return await session.get(KeptReport, report_id)


async def versions(session: ReadSession, case_id: UUID) -> set[int]:
    """The versions of the answer that have one."""
    made = select(KeptReport.version).where(KeptReport.case_id == case_id)
    return set(await session.scalars(made))


async def newest(session: ReadSession, case_id: UUID) -> Report | None:
    """That of the newest version that has one."""
    made = select(KeptReport.body).where(KeptReport.case_id == case_id)
    body: dict[str, Any] | None = await session.scalar(made.order_by(KeptReport.version.desc()).limit(1))
    return None if body is None else Report.model_validate(body)


async def answered_without(session: ReadSession, after: UUID, limit: int) -> list[tuple[UUID, int]]:
    """Cases after this one, in the order of their ids, of which some version of the answer has no report: each
    with the newest such version.
    """
    rows = await session.fetch(_ANSWERED_WITHOUT, after, limit)
    return [(row["case_id"], row["version"]) for row in rows]
