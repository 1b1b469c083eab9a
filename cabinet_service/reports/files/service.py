"""Asking for files of reports, forgetting them, and sweeping up what nobody asked for."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from cabinet_service.ports import FileStore
from cabinet_service.reports import queries as reports
from cabinet_service.reports.files.models import FOLDER, ReportFile
from cabinet_service.reports.files.work import MakeReportFile
from cabinet_service.reports.pdf.laying_out import Form
from cabinet_service.reports.subjects import Ordered, Subject
from service_kit import locks
from service_kit.db import ReadSession, Session
from service_kit.inbox import Incoming
from shared_schemas.report.content import ReportLanguage

log = structlog.get_logger(__name__)

CHANNEL: Final = "report_files"
"""NOTIFY: there is a file to be made."""
GIVEN_UP_AFTER: Final = timedelta(days=1)
"""So long a file is tried that something of ours is missing for. Then it is made if somebody asks once more."""
# By then it was made or given up, or is tried seldom, and somebody wants it.
ASKED_ANEW_AFTER: Final = timedelta(minutes=15)
ORPHAN_AGE: Final = timedelta(days=7)
SWEEP_EVERY: Final = timedelta(hours=6)
_SWEEP_BATCH: Final = 500
_SWEEP_LOCK: Final = "report files swept"


def is_waited_for(file: ReportFile | None, now: datetime) -> bool:
    """Whether it was asked for just now."""
    return file is not None and file.asked_at > now - ASKED_ANEW_AFTER


async def ask(
    session: Session, order: Ordered, report_id: UUID, language: ReportLanguage, form: Form, *, now: datetime
) -> None:
    """Have a file made of a report of this order, which is locked. One that is being made is waited for, and
    nothing is made of an order that is erased.
    """
    if order.erased_at is not None:
        return
    wanted = {"asked_at": now, "due_at": now, "tries": 0}
    asked = insert(ReportFile).values(report_id=report_id, language=language, form=form, **wanted)
    anew = asked.on_conflict_do_update(
        index_elements=[ReportFile.report_id, ReportFile.language, ReportFile.form],
        set_=wanted,
        where=ReportFile.made_at.is_(None) & (ReportFile.asked_at <= now - ASKED_ANEW_AFTER),
    ).returning(func.pg_notify(CHANNEL, ""))
    await session.execute(anew)


async def on_make_report_file(session: Session, work: MakeReportFile, incoming: Incoming) -> None:
    """A process of the last release has asked for a file: its turn comes as that of any other."""
    file = await session.get(ReportFile, (work.report_id, work.language, work.form), lock=True)
    if file is not None and file.made_at is None and file.due_at is None:
        file.due_at = incoming.now


async def erase(session: Session, subject: Subject, *, files: FileStore) -> None:
    """Delete the files and rows of an order that is locked. One that is being made is waited for.

    The files go before the commit: if that fails they are missed by rows that the next attempt deletes.
    """
    of_it = [one.report_id for one in await reports.versions(session, subject)]
    rows = await session.scalars(select(ReportFile).where(ReportFile.report_id.in_(of_it)).with_for_update())
    for row in rows.all():
        await files.delete(row.key)
        session.delete(row)


async def sweep(session: Session, now: datetime, *, files: FileStore) -> None:
    """Delete old files that no row mentions: of work that was cut off, and never done again."""
    if not await locks.hold_if_free(session, _SWEEP_LOCK):
        return
    batch: list[str] = []
    async for key in files.kept_before(now - ORPHAN_AGE, under=FOLDER):
        batch.append(key)
        if len(batch) == _SWEEP_BATCH:
            await _sweep_batch(session, files, batch)
            batch = []
    await _sweep_batch(session, files, batch)


async def _sweep_batch(session: ReadSession, files: FileStore, keys: list[str]) -> None:
    ids = {found for key in keys if (found := _report_of(key)) is not None}
    rows = await session.scalars(
        select(ReportFile).where(ReportFile.report_id.in_(ids), ReportFile.made_at.is_not(None))
    )
    wanted = {row.key for row in rows}
    orphans = [key for key in keys if key not in wanted]
    for key in orphans:
        await files.delete(key)
    if orphans:
        log.info("report_files_swept", files=len(orphans))


def _report_of(key: str) -> UUID | None:
    try:
        return UUID(key.rpartition("/")[2].partition(".")[0])
    except ValueError:
        return None
