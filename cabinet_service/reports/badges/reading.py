"""What a badge tells of, at this moment: it never says what does not hold any more."""

from datetime import datetime
from typing import Final, NamedTuple

from cabinet_service.inspections.core import queries as inspections
from cabinet_service.reports import queries as reports
from cabinet_service.reports.badges.models import ReportBadge
from cabinet_service.reports.subjects import Subject
from service_kit.db import ReadSession
from shared_schemas.report.content import Report
from shared_schemas.report.presenting.badge import may_be_on_a_badge
from shared_schemas.words import InspectionState

_UNDISPUTED: Final = frozenset({InspectionState.ANSWERED, InspectionState.CLOSED})


class ToldOf(NamedTuple):
    """A report that a badge tells of, the code by which it is verified, and when the car was looked at: the first
    version of the answer says so, since an amendment need not look again.
    """

    report: Report
    code: str
    checked_at: datetime


async def told_of(session: ReadSession, subject: Subject) -> ToldOf | None:
    """The report of the newest answer, where it may be on a badge.

    None where it may not: it says something else, is disputed, was amended and its report is on its way, or is
    erased.
    """
    if await subject.is_erased(session):
        return None
    [inspection] = await inspections.inspections(session, [subject.id])
    given = await subject.given(session)
    made = await reports.versions(session, subject)
    if inspection.state not in _UNDISPUTED or not given or not made or made[-1].number != given[-1].version:
        return None
    kept = await reports.report(session, made[-1].report_id)
    if kept is None:
        return None
    report = Report.model_validate(kept.body)
    return ToldOf(report, kept.code, given[0].decided_at) if may_be_on_a_badge(report) else None


async def shown_by(session: ReadSession, badge: ReportBadge, *, now: datetime) -> ToldOf | None:
    """What the badge tells of; None once it was ended, or its time is over, or it tells of nothing."""
    return await told_of(session, Subject(badge.inspection_id)) if badge.is_live(now) else None
