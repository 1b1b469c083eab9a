"""What of an act is told to the company's own servers, by its entry of the timeline."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cabinet_service.inspections.core.domain import OVER, Kind
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.webhooks import announcing
from service_kit.db import Session
from shared_schemas.clock import Clock
from shared_schemas.webhooks import (
    ClockChange,
    ClockNotice,
    ClockSummary,
    DecisionNotice,
    DisputeNotice,
    InfoTaskNotice,
    InfoTaskState,
    InspectionNotice,
    Links,
    ReportNotice,
    WebhookType,
)
from shared_schemas.words import Verdict

_TYPES: Final[Mapping[Kind, WebhookType]] = {
    Kind.SUBMITTED: WebhookType.INSPECTION_SUBMITTED,
    Kind.QUEUED: WebhookType.INSPECTION_QUEUED,
    Kind.DECISION_ISSUED: WebhookType.INSPECTION_ANSWERED,
    Kind.DECISION_AMENDED: WebhookType.INSPECTION_AMENDED,
    Kind.CLOSED: WebhookType.INSPECTION_ENDED,
    Kind.CANCELLED: WebhookType.INSPECTION_ENDED,
    Kind.UNPROCESSABLE: WebhookType.INSPECTION_ENDED,
    Kind.EXPIRED: WebhookType.INSPECTION_ENDED,
    Kind.INFO_TASK_CREATED: WebhookType.INFO_TASK_CREATED,
    Kind.INFO_TASK_FULFILLED: WebhookType.INFO_TASK_CLOSED,
    Kind.INFO_TASK_DECLINED: WebhookType.INFO_TASK_CLOSED,
    Kind.INFO_TASK_WITHDRAWN: WebhookType.INFO_TASK_CLOSED,
    Kind.CLOCK_PAUSED: WebhookType.CLOCK_CHANGED,
    Kind.CLOCK_RESUMED: WebhookType.CLOCK_CHANGED,
    Kind.SLA_BREACHED: WebhookType.CLOCK_CHANGED,
    Kind.DISPUTE_OPENED: WebhookType.DISPUTE_OPENED,
}
_TASKS: Final[Mapping[Kind, InfoTaskState]] = {
    Kind.INFO_TASK_CREATED: InfoTaskState.OPEN,
    Kind.INFO_TASK_FULFILLED: InfoTaskState.FULFILLED,
    Kind.INFO_TASK_DECLINED: InfoTaskState.DECLINED,
    Kind.INFO_TASK_WITHDRAWN: InfoTaskState.WITHDRAWN,
}
_CLOCKS: Final[Mapping[Kind, ClockChange]] = {
    Kind.CLOCK_PAUSED: ClockChange.PAUSED,
    Kind.CLOCK_RESUMED: ClockChange.RESUMED,
    Kind.SLA_BREACHED: ClockChange.BREACHED,
}
_CLOCK: Final = "SELECT facts FROM clocks WHERE inspection_id = $1 ORDER BY number DESC LIMIT 1"


async def push(
    session: Session,
    inspection: Inspection,
    kind: Kind,
    data: Mapping[str, Any],
    *,
    at: datetime,
    now: datetime,
) -> None:
    """Put it down for the servers of the inspection's company, if any wants to be told."""
    told_as = type_of(kind, inspection, data)
    if told_as is None or (company_id := await _told(session, inspection, told_as)) is None:
        return
    clock = await _clock(session, inspection, now=now)
    notice = notice_of(told_as, kind, inspection, company_id, data, clock=clock)
    announcing.announce(session, told_as, notice, occurred_at=at, now=now)


async def push_report(
    session: Session, inspection: Inspection, report_id: UUID, version: int, *, now: datetime
) -> None:
    """The same of a report that can be fetched now. The timeline has no entry of it: it follows its answer."""
    told_as = WebhookType.REPORT_READY
    if (company_id := await _told(session, inspection, told_as)) is None:
        return
    common = _common(inspection, company_id, clock=await _clock(session, inspection, now=now))
    notice = ReportNotice(**common, report_id=report_id, report_version=version)
    announcing.announce(session, told_as, notice, occurred_at=now, now=now)


async def _told(session: Session, inspection: Inspection, told_as: WebhookType) -> UUID | None:
    """The company whose servers want to be told; None if there is none."""
    company_id = inspection.company_id
    if company_id is None or not await announcing.is_wanted(session, company_id, told_as):
        return None
    return company_id


async def _clock(session: Session, inspection: Inspection, *, now: datetime) -> ClockSummary | None:
    clocks = await session.fetch(_CLOCK, inspection.id)
    return ClockSummary.of(Clock.model_validate(clocks[0]["facts"]), now) if clocks else None


def type_of(kind: Kind, inspection: Inspection, data: Mapping[str, Any]) -> WebhookType | None:
    """As what it is told; None for what is not: drafts are nobody's business but their author's."""
    if inspection.submitted_at is None:
        return None
    told_as = _TYPES.get(kind)
    # The kinds of the timeline that tell an end tell that of a dispute as well, after which the answer stands.
    if told_as is WebhookType.INSPECTION_ENDED and "dispute_id" in data:
        return WebhookType.DISPUTE_CLOSED
    # Asked while the client ended it: nobody has to do anything.
    is_too_late = kind is Kind.INFO_TASK_CREATED and inspection.state in OVER
    return None if is_too_late else told_as


def notice_of(
    told_as: WebhookType,
    kind: Kind,
    inspection: Inspection,
    company_id: UUID,
    data: Mapping[str, Any],
    *,
    clock: ClockSummary | None,
) -> InspectionNotice:
    """What is told of it."""
    common = _common(inspection, company_id, clock=clock)
    if told_as in (WebhookType.INSPECTION_ANSWERED, WebhookType.INSPECTION_AMENDED):
        verdict = Verdict(data["verdict"])
        return DecisionNotice(**common, decision_version=data["version"], verdict=verdict)
    if told_as in (WebhookType.INFO_TASK_CREATED, WebhookType.INFO_TASK_CLOSED):
        return InfoTaskNotice(**common, info_task_id=data["info_task_id"], info_task_state=_TASKS[kind])
    if told_as is WebhookType.CLOCK_CHANGED:
        return ClockNotice(**common, change=_CLOCKS[kind])
    if told_as in (WebhookType.DISPUTE_OPENED, WebhookType.DISPUTE_CLOSED):
        return DisputeNotice(**common, dispute_id=data["dispute_id"])
    return InspectionNotice(**common)


def _common(inspection: Inspection, company_id: UUID, *, clock: ClockSummary | None) -> dict[str, Any]:
    """What is told of any inspection."""
    return {
        "inspection_id": inspection.id,
        "number": inspection.number,
        "company_id": company_id,
        "branch_id": inspection.branch_id,
        "state": inspection.state,
        "sequence": inspection.version,
        "clock": clock,
        "links": Links.to(inspection.id),
        "is_test": inspection.is_test,
    }
