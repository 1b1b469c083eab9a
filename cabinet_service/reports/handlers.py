"""Reports as they are announced, and fetched by the worker."""

from datetime import timedelta
from typing import Final

import structlog

from cabinet_service.accounts import queries as accounts
from cabinet_service.db.tables import outbox
from cabinet_service.inspections.core.acting import Acting
from cabinet_service.reports import queries, service
from cabinet_service.reports.files import service as files
from cabinet_service.reports.pdf.laying_out import Form
from cabinet_service.reports.work import FetchReport
from service_kit.bus import GiveUp, RetryLater
from service_kit.db import Session
from service_kit.http.peer import Peer, PeerUnavailable
from service_kit.http.problems import NotFound
from service_kit.inbox import Incoming
from shared_schemas.events.bpa_v1 import ReportReadyV1
from shared_schemas.report.content import Report
from shared_schemas.rest.reports import ReportBody, target_of

# A report is made moments after its answer. One that was made so much later was made up for: there may be as many
# as there were answers, and nobody waits for them.
MADE_UP_FOR_AFTER: Final = timedelta(hours=1)

log = structlog.get_logger(__name__)


class ReportGone(Exception):
    """A 404 for what is there: it may be that of a proxy before the experts' side, so it is tried again."""


async def on_report_ready(session: Session, fact: ReportReadyV1, incoming: Incoming) -> None:
    """There is one: it is fetched by and by, since it may be large and the experts' side away."""
    inspection = await Acting(session=session, now=incoming.now).lock(fact.inspection_id)
    if inspection.erased_at is None:
        work = FetchReport(report_id=fact.report_id, inspection_id=fact.inspection_id, sha256=fact.sha256)
        await outbox.enqueue(session, work, now=incoming.now)


async def on_fetch_report(session: Session, work: FetchReport, incoming: Incoming, *, peer: Peer) -> None:
    """Done twice it keeps one. What is gone at the experts' side, because its client is forgotten, is left."""
    if await queries.report(session, work.report_id) is not None:
        return
    try:
        body = (await peer.get(target_of(work.report_id), ReportBody)).root
    except PeerUnavailable as error:
        raise RetryLater(str(error)) from error
    except NotFound:
        body = None
    acting = Acting(session=session, now=incoming.now)
    inspection = await acting.lock(work.inspection_id)
    if inspection.erased_at is not None:
        return
    if body is None:
        raise ReportGone(f"report {work.report_id} was announced, and the experts' side does not have it")
    try:
        kept = await service.keep(acting, inspection, body, report_id=work.report_id, sha256=work.sha256)
    except service.Unfit as error:
        raise GiveUp(f"report {work.report_id}: {error}") from error
    await session.flush()
    decision = Report.model_validate(kept.body).decision
    if decision is not None and kept.made_at - decision.decided_at >= MADE_UP_FOR_AFTER:
        return  # its file is made when somebody asks for it
    language = await accounts.language_of(session, inspection.account_id)
    await files.ask(acting, inspection, kept.report_id, language, Form.FULL)
