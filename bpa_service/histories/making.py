"""Making the report of an ordered history."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bpa_service.db.tables import outbox
from bpa_service.histories import queries
from bpa_service.histories.models import HistoryOrder
from bpa_service.reports.contradictions import contradictions_of
from bpa_service.reports.histories import history_of
from bpa_service.reports.making import Known
from bpa_service.reports.service import Library
from bpa_service.vehicles.enquiries import service as enquiries
from bpa_service.vehicles.enquiries.service import Occasion
from bpa_service.vehicles.enquiries.work import SourcesHeard
from service_kit import audit
from service_kit.db import SYSTEM, Session
from service_kit.ids import new_id
from service_kit.inbox import Incoming
from shared_schemas.events.bpa_v1 import HistoryReadyV1
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.report.content import Report, ReportKind, digest_of


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the reports of orders, of whatever the library knows at the time."""

    library: Library

    async def on_sources_heard(self, session: Session, work: SourcesHeard, incoming: Incoming) -> None:
        """Done twice, or after a kill, it makes one: all of it is one transaction."""
        order = await queries.order(session, work.history_id)
        if order is None or order.made_at is not None:
            return
        # Before anything is locked: nobody waits for a store that is slow.
        known = await self.library.known(VehicleClaim.model_validate(order.claim), SYSTEM, incoming.now)
        await make(session, order.id, known, now=incoming.now)


async def make(session: Session, history_id: UUID, known: Known, *, now: datetime) -> None:
    """Make the report, once; of an erased order none is made."""
    order = await session.get_one(HistoryOrder, history_id, lock=True)
    if order.made_at is not None or order.erased_at is not None:
        return
    report = report_of(order, known, report_id=new_id())
    body = report.body()
    sha256 = digest_of(body)
    order.report_id, order.body, order.sha256, order.made_at = report.report_id, body, sha256, report.made_at
    await enquiries.stop(session, Occasion(history_id=order.id))
    details = {"report_id": report.report_id, "sha256": sha256}
    audit.record(session, "history_made", by=None, now=now, subject_id=order.id, details=details)
    ready = HistoryReadyV1(
        history_id=order.id, report_id=report.report_id, sha256=sha256, made_at=report.made_at
    )
    await outbox.add(session, ready, now=now)


def report_of(order: HistoryOrder, known: Known, *, report_id: UUID) -> Report:
    """What is known of the car, in the structure of every report, without anybody's verdict."""
    claim = VehicleClaim.model_validate(order.claim)
    return Report(
        report_id=report_id,
        kind=ReportKind.VEHICLE,
        inspection_id=None,
        history_id=order.id,
        number=order.number,
        version=1,
        made_at=known.at,
        claim=claim,
        submitted_at=order.ordered_at,
        contradictions=contradictions_of(known.found, claim, known.learned, known.at),
        history=history_of(known.found, known.title, known.at),
        is_test=order.is_test,
    )
