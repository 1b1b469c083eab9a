"""Keeping reports as they came."""

from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from cabinet_service.db.rows import Json, each
from cabinet_service.inspections.core.acting import Acting
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.reports import queries
from cabinet_service.reports.codes import new_code
from cabinet_service.reports.models import KeptReport
from service_kit import audit
from service_kit.db import Session
from service_kit.forgetting import exported
from shared_schemas.report.content import Report, digest_of


class Unfit(Exception):
    """What came is not what was announced."""


async def keep(
    acting: Acting, inspection: Inspection, body: dict[str, Any], *, report_id: UUID, sha256: str
) -> KeptReport:
    """Keep a report of this inspection, which is locked, as it came. Raises Unfit."""
    if digest_of(body) != sha256:
        raise Unfit("its digest is another than was announced")
    report = Report.model_validate(body)
    if (report.report_id, report.inspection_id) != (report_id, inspection.id):
        raise Unfit("it is that of another inspection")
    if report.version in {one.version for one in await queries.of_inspection(acting.session, inspection.id)}:
        raise Unfit(f"version {report.version} has another report already")
    kept = KeptReport(
        report_id=report.report_id,
        inspection_id=inspection.id,
        version=report.version,
        body=body,
        sha256=sha256,
        code=new_code(),
        made_at=report.made_at,
        received_at=acting.now,
    )
    acting.session.add(kept)
    audit.record(
        acting.session,
        "report_received",
        by=None,
        now=acting.now,
        subject_id=inspection.company_id or inspection.account_id,
        details={
            "inspection_id": inspection.id,
            "report_id": kept.report_id,
            "version": kept.version,
            "sha256": sha256,
        },
    )
    acting.changed(inspection, "report_ready")
    return kept


async def rows(session: Session, *, of: Select[UUID]) -> AsyncGenerator[tuple[str, Json]]:
    """What a client takes along of the reports on their inspections."""
    kept = select(KeptReport).where(KeptReport.inspection_id.in_(of.scalar_subquery()))
    async for row in each(session, kept.order_by(KeptReport.inspection_id, KeptReport.version)):
        yield "reports", exported(row)
