"""Reports as they are announced, and fetched by the worker."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog

from cabinet_service.accounts import queries as accounts
from cabinet_service.db.tables import outbox
from cabinet_service.histories import queries as histories
from cabinet_service.inspections.core.acting import Acting
from cabinet_service.reports import queries, service
from cabinet_service.reports.files import service as files
from cabinet_service.reports.pdf.laying_out import Form
from cabinet_service.reports.subjects import Ordered
from cabinet_service.reports.work import FetchHistory, FetchReport
from service_kit.bus import GiveUp, RetryLater
from service_kit.db import Session
from service_kit.http.peer import Peer, PeerUnavailable
from service_kit.http.problems import NotFound
from service_kit.inbox import Incoming
from shared_schemas.events.bpa_v1 import HistoryReadyV1, ReportReadyV1
from shared_schemas.report.content import Report
from shared_schemas.rest.histories import report_of
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


async def on_history_ready(session: Session, fact: HistoryReadyV1, incoming: Incoming) -> None:
    """The same of a history that was ordered without an inspection."""
    order = await histories.locked(session, fact.history_id)
    if order.made_at is not None:
        # The experts' side was restored to before it was made, and has made it again: the client keeps the first.
        log.info("history_made_again", history_id=str(order.id), report_id=str(fact.report_id))
    elif order.erased_at is None:
        work = FetchHistory(report_id=fact.report_id, history_id=fact.history_id, sha256=fact.sha256)
        await outbox.enqueue(session, work, now=incoming.now)


async def on_fetch_report(session: Session, work: FetchReport, incoming: Incoming, *, peer: Peer) -> None:
    """Done twice it keeps one. What is gone at the experts' side, because its client is forgotten, is left."""
    if await queries.report(session, work.report_id) is not None:
        return
    body = await _fetched(peer, target_of(work.report_id))
    acting = Acting(session=session, now=incoming.now)
    inspection = await acting.lock(work.inspection_id)
    if inspection.erased_at is not None:
        return
    body = _there(body, work.report_id)
    try:
        kept = await service.keep(acting, inspection, body, report_id=work.report_id, sha256=work.sha256)
    except service.Unfit as error:
        raise GiveUp(f"report {work.report_id}: {error}") from error
    await session.flush()
    decision = Report.model_validate(kept.body).decision
    if decision is not None and kept.made_at - decision.decided_at >= MADE_UP_FOR_AFTER:
        return  # its file is made when somebody asks for it
    await _have_file_made(session, inspection, kept.report_id, now=incoming.now)


async def on_fetch_history(session: Session, work: FetchHistory, incoming: Incoming, *, peer: Peer) -> None:
    """The same of a history that was ordered without an inspection."""
    if await queries.report(session, work.report_id) is not None:
        return
    body = await _fetched(peer, report_of(work.history_id))
    order = await histories.locked(session, work.history_id)
    if order.erased_at is not None:
        return
    body = _there(body, work.report_id)
    try:
        kept = await service.keep_history(
            session, order, body, report_id=work.report_id, sha256=work.sha256, now=incoming.now
        )
    except service.Unfit as error:
        raise GiveUp(f"report {work.report_id}: {error}") from error
    await session.flush()
    await _have_file_made(session, order, kept.report_id, now=incoming.now)


async def _fetched(peer: Peer, target: str) -> dict[str, Any] | None:
    """The report; None where the experts' side does not have it."""
    try:
        return (await peer.get(target, ReportBody)).root
    except PeerUnavailable as error:
        raise RetryLater(str(error)) from error
    except NotFound:
        return None


def _there(body: dict[str, Any] | None, report_id: UUID) -> dict[str, Any]:
    if body is None:
        raise ReportGone(f"report {report_id} was announced, and the experts' side does not have it")
    return body


async def _have_file_made(session: Session, order: Ordered, report_id: UUID, *, now: datetime) -> None:
    language = await accounts.language_of(session, order.account_id)
    await files.ask(session, order, report_id, language, Form.FULL, now=now)
