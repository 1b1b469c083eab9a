"""Making the file of a report: set in type, signed, kept; then the row says so."""

import asyncio
import hashlib
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

import structlog

from cabinet_service.companies.logos.queries import logo_of
from cabinet_service.photos import queries as photos
from cabinet_service.ports import FileMissing, FileStore
from cabinet_service.reports import queries
from cabinet_service.reports.files.models import ReportFile
from cabinet_service.reports.models import KeptReport
from cabinet_service.reports.pdf.laying_out import Form, Logo, Paper
from cabinet_service.reports.pdf.refusal import ReportRefused, SetTooLong
from cabinet_service.reports.pdf.typesetting import Typesetter
from cabinet_service.reports.subjects import Subject
from service_kit import audit, failpoints
from service_kit.db import ReadSession, Session
from service_kit.new_files import NO_ROOM
from service_kit.scratch import nameless_file
from service_kit.side_process import Interrupted
from shared_schemas.report.content import Report, ReportLanguage
from shared_schemas.report.presented import Presented, Short
from shared_schemas.report.presenting import present, short

if TYPE_CHECKING:
    from cabinet_service.reports.signing.keys import SigningKey

# So long it is tried again what a busy machine was too slow for, or what comes before has to come first.
PATIENCE: Final = timedelta(minutes=10)

log = structlog.get_logger(__name__)


class NotYet(Exception):
    """It cannot be made now; it may later."""


class Never(Exception):
    """No further try can help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What files are made with. `development`: they say on every page that they are not valid."""

    files: FileStore
    typesetter: Typesetter
    key: "SigningKey"
    tsa_url: str
    public_url: str
    zone: tzinfo
    development: bool


async def make(session: Session, file: ReportFile, workshop: Workshop, *, now: datetime) -> None:
    """Make the file of this row, which is locked. After a crash it is made anew, in the same place.

    Whoever erases the inspection waits for the row's lock, and then finds the file to delete. Raises NotYet or
    Never.
    """
    kept = await queries.report(session, file.report_id)
    if kept is None or not kept.body:
        return
    try:
        await _make(session, file, kept, workshop, now=now)
    except ReportRefused as error:
        raise Never(f"it cannot be set: {error.params}") from error
    except SetTooLong as error:
        if _is_patient(file, now):
            raise NotYet("it was not set in type in time") from error
        raise Never("it is not set in type in time") from error
    except Interrupted as error:
        raise NotYet(str(error)) from error
    except OSError as error:
        if error.errno in NO_ROOM:
            raise NotYet("the disk is full") from error
        raise


def _is_patient(file: ReportFile, now: datetime) -> bool:
    return now - file.asked_at < PATIENCE


async def _make(
    session: Session, file: ReportFile, kept: KeptReport, workshop: Workshop, *, now: datetime
) -> None:
    from cabinet_service.reports.signing.keys import KeyRefused
    from cabinet_service.reports.signing.signing import TimestampUnavailable, sign

    try:
        workshop.key.check(now)  # before all that takes its time
    except KeyRefused as error:
        raise _not_signed(kept, error) from error
    report = Report.model_validate(kept.body)
    language: ReportLanguage = "en" if file.language == "en" else "ru"
    before = await _replaced(session, kept.subject, report)
    if report.replaces is not None and before is None and _is_patient(file, now):
        raise NotYet(f"the report of version {report.replaces}, which it replaces, has not come")
    told = _told(report, before, kept, language, file.form, workshop.zone)
    with ExitStack() as closing:
        paper = Paper(
            form=file.form,
            code=kept.code,
            check_at=f"{workshop.public_url.rstrip('/')}/verify/{kept.code}",
            development=workshop.development or report.is_test,
            logo=await _logo(session, kept.subject, closing),
        )
        previews = await _previews(session, report, workshop.files, closing)
        target = closing.enter_context(nameless_file())
        await workshop.typesetter.typeset(told, previews, paper, target=target)
        try:
            signed = await asyncio.to_thread(
                sign, target, workshop.key, code=kept.code, now=now, tsa_url=workshop.tsa_url
            )
        except (KeyRefused, TimestampUnavailable) as error:
            raise _not_signed(kept, error) from error
        await asyncio.to_thread(target.write_bytes, signed)
        await workshop.files.put(file.key, target)
    failpoints.reach(failpoints.Point.REPORT_FILE_KEPT)
    file.made_at, file.size_bytes = now, len(signed)
    file.sha256, file.certificate = hashlib.sha256(signed).hexdigest(), workshop.key.certificate
    audit.record(
        session,
        "report_file_made",
        by=None,
        now=now,
        subject_id=kept.subject.id,
        details={
            "report_id": kept.report_id,
            "version": kept.version,
            "language": file.language,
            "form": file.form,
            "sha256": file.sha256,
        },
    )


def _not_signed(kept: KeptReport, error: Exception) -> NotYet:
    log.warning("report_not_signed", report_id=str(kept.report_id), why=str(error))
    return NotYet(f"it cannot be signed: {error}")


async def _replaced(session: ReadSession, subject: Subject, report: Report) -> Report | None:
    """The report that it is compared with."""
    for one in await queries.of_subject(session, subject):
        if one.version == report.replaces:
            return Report.model_validate(one.body)
    return None


def _told(
    report: Report,
    before: Report | None,
    kept: KeptReport,
    language: ReportLanguage,
    form: Form,
    zone: tzinfo,
) -> Presented | Short:
    if form is Form.SHORT:
        return short(report, language=language, zone=zone)
    return present(report, language=language, zone=zone, previous=before, sha256=kept.sha256)


async def _logo(session: ReadSession, subject: Subject, closing: ExitStack) -> Logo | None:
    """The logo of the company that ordered it, if it has one, in a file while the report is set."""
    order = await subject.order(session)
    logo = await logo_of(session, order.company_id)
    if logo is None:
        return None
    path = closing.enter_context(nameless_file())
    path.write_bytes(logo.png)
    return Logo(file=str(path), width=logo.width, height=logo.height, name=logo.company)


async def _previews(
    session: ReadSession, report: Report, files: FileStore, closing: ExitStack
) -> Mapping[UUID, Path]:
    """The previews of its photos that are still there, each in a file while it is set."""
    if report.inspection_id is None:
        return {}
    keys = await photos.preview_keys(session, report.inspection_id)
    fetched: dict[UUID, Path] = {}
    for photo in report.photos:
        if (key := keys.get(photo.evidence_id)) is None:
            continue
        path = closing.enter_context(nameless_file())
        try:
            await files.fetch(key, path)
        except FileMissing:
            log.exception("photo_lost", key=key)
            continue
        fetched[photo.evidence_id] = path
    return fetched
