"""Reads of the files of reports."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from cabinet_service.reports.files.models import ReportFile
from cabinet_service.reports.pdf.laying_out import Form
from service_kit.db import ReadSession
from shared_schemas.report.content import ReportLanguage


async def file_of(
    session: ReadSession, report_id: UUID, language: ReportLanguage, form: Form
) -> ReportFile | None:
    return await session.scalar(
        select(ReportFile).where(
            ReportFile.report_id == report_id, ReportFile.language == language, ReportFile.form == form
        )
    )


async def of_digest(session: ReadSession, sha256: str) -> ReportFile | None:
    """The file that has exactly these bytes."""
    return await session.scalar(select(ReportFile).where(ReportFile.sha256 == sha256).limit(1))


async def certificates(session: ReadSession) -> Sequence[str]:
    """With which certificates reports were signed: of a key that was changed the older files tell."""
    return [
        one for one in await session.scalars(select(ReportFile.certificate).distinct()) if one is not None
    ]
