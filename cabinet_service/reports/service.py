"""Keeping reports as they came."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from cabinet_service.db.rows import Json, each
from cabinet_service.histories import service as ordered_histories
from cabinet_service.histories.models import HistoryOrder
from cabinet_service.inspections.core import pushing
from cabinet_service.inspections.core.acting import Acting
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.reports import queries
from cabinet_service.reports.codes import new_code
from cabinet_service.reports.models import KeptReport
from cabinet_service.reports.subjects import Ordered, Subject
from service_kit import audit
from service_kit.db import Session
from service_kit.forgetting import exported
from shared_schemas.records import CoverageState
from shared_schemas.report.content import Report, digest_of


class Unfit(Exception):
    """What came is not what was announced."""


async def keep(
    acting: Acting, inspection: Inspection, body: dict[str, Any], *, report_id: UUID, sha256: str
) -> KeptReport:
    """Keep a report of this inspection, which is locked, as it came. Raises Unfit."""
    subject = Subject(inspection_id=inspection.id)
    kept = await _kept(
        acting.session, subject, inspection, body, report_id=report_id, sha256=sha256, now=acting.now
    )
    acting.changed(inspection, "report_ready")
    await pushing.push_report(acting.session, inspection, kept.report_id, kept.version, now=acting.now)
    return kept


async def keep_history(
    session: Session,
    order: HistoryOrder,
    body: dict[str, Any],
    *,
    report_id: UUID,
    sha256: str,
    now: datetime,
) -> KeptReport:
    """Keep the report of this history, which is locked, as it came. Raises Unfit."""
    subject = Subject(history_id=order.id)
    kept = await _kept(session, subject, order, body, report_id=report_id, sha256=sha256, now=now)
    order.made_at = kept.made_at
    order.has_gaps = _has_gaps(Report.model_validate(kept.body))
    await ordered_histories.announce(session, order, kept.report_id, now=now)
    return kept


async def _kept(
    session: Session,
    subject: Subject,
    order: Ordered,
    body: dict[str, Any],
    *,
    report_id: UUID,
    sha256: str,
    now: datetime,
) -> KeptReport:
    if digest_of(body) != sha256:
        raise Unfit("its digest is another than was announced")
    report = Report.model_validate(body)
    if (report.report_id, Subject(report.inspection_id, report.history_id)) != (report_id, subject):
        raise Unfit("it is that of another order")
    if report.version in {one.version for one in await queries.of_subject(session, subject)}:
        raise Unfit(f"version {report.version} has another report already")
    kept = KeptReport(
        report_id=report.report_id,
        inspection_id=subject.inspection_id,
        history_id=subject.history_id,
        version=report.version,
        body=body,
        sha256=sha256,
        code=new_code(),
        made_at=report.made_at,
        received_at=now,
    )
    session.add(kept)
    audit.record(
        session,
        "report_received",
        by=None,
        now=now,
        subject_id=order.company_id or order.account_id,
        details={
            "inspection_id" if subject.inspection_id else "history_id": subject.id,
            "report_id": kept.report_id,
            "version": kept.version,
            "sha256": sha256,
        },
    )
    return kept


def _has_gaps(report: Report) -> bool:
    """Whether a source that was asked has not answered: who asks again may know more."""
    blocks = report.history.blocks if report.history else ()
    unanswered = {CoverageState.FAILED, CoverageState.RUNNING}
    return any(one.state in unanswered for block in blocks for one in block.coverage)


async def rows(
    session: Session, *, of: Select[UUID], histories: Select[UUID]
) -> AsyncGenerator[tuple[str, Json]]:
    """What a client takes along of the reports on their inspections, and on the histories that they ordered."""
    own = or_(
        KeptReport.inspection_id.in_(of.scalar_subquery()),
        KeptReport.history_id.in_(histories.scalar_subquery()),
    )
    async for row in each(session, select(KeptReport).where(own).order_by(KeptReport.made_at)):
        yield "reports", exported(row)
