"""Reads of reports."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from cabinet_service.reports.models import KeptReport
from cabinet_service.reports.subjects import Subject
from service_kit.db import ReadSession


class Version(NamedTuple):
    """That there is a report of a version of the answer."""

    report_id: UUID
    number: int
    made_at: datetime


async def of_subject(session: ReadSession, subject: Subject) -> Sequence[KeptReport]:
    """All of them, the oldest version first."""
    kept = select(KeptReport).where(subject.rows(KeptReport))
    return (await session.scalars(kept.order_by(KeptReport.version))).all()


async def versions(session: ReadSession, subject: Subject) -> list[Version]:
    """Which there are, the oldest first, without what they say."""
    kept = select(KeptReport.report_id, KeptReport.version, KeptReport.made_at)
    of_it = kept.where(subject.rows(KeptReport)).order_by(KeptReport.version)
    return [Version(row[0], row[1], row[2]) for row in await session.execute(of_it)]


async def newest(session: ReadSession, subject: Subject) -> KeptReport | None:
    """The report of the newest version that has one."""
    kept = select(KeptReport).where(subject.rows(KeptReport))
    return await session.scalar(kept.order_by(KeptReport.version.desc()).limit(1))


async def report(session: ReadSession, report_id: UUID) -> KeptReport | None:
    return await session.get(KeptReport, report_id)


async def of_code(session: ReadSession, code: str) -> KeptReport | None:
    """The report that is verified by this code."""
    return await session.scalar(select(KeptReport).where(KeptReport.code == code))
