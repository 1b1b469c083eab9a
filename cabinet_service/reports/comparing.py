"""An answer beside that of the check of the same car before it: put into words when it is asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from uuid import UUID

from cabinet_service.accounts.domain import Client
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.viewing import queries as viewing
from cabinet_service.reports import queries
from cabinet_service.reports.errors import RETRY_AFTER, ReportNotReady
from cabinet_service.reports.schemas import EarlierCheckOut
from cabinet_service.reports.subjects import Subject
from service_kit.db import ReadSession
from shared_schemas.events.bpa_v1 import DecisionView
from shared_schemas.report.content import Report, ReportLanguage
from shared_schemas.report.presented import Section
from shared_schemas.report.presenting import tell_since
from shared_schemas.words import InspectionState


@dataclass(frozen=True, slots=True)
class Compared:
    """The newest reports of two checks of one car, what the earlier one decided, and whether that is disputed."""

    inspection_id: UUID
    decision: DecisionView
    before: Report
    after: Report
    is_disputed: bool

    def earlier(self) -> EarlierCheckOut:
        return EarlierCheckOut(
            inspection_id=self.inspection_id,
            number=self.before.number,
            verdict=self.decision.verdict,
            decided_at=self.decision.decided_at,
        )

    def told(self, *, language: ReportLanguage, zone: tzinfo) -> Callable[[], Section]:
        """What puts it into words; that takes a while, and no session."""
        return partial(
            tell_since,
            self.before,
            self.after,
            language=language,
            zone=zone,
            is_disputed=self.is_disputed,
        )


async def find(session: ReadSession, inspection_id: UUID, *, client: Client) -> Compared | None:
    """None where there is nothing to compare. Raises NotFound, or ReportNotReady where the report of the newest
    answer of either is not there yet.
    """
    inspection = await inspections.inspection(session, inspection_id, client=client)
    subject = Subject(inspection_id=inspection_id)
    given = await subject.given(session)
    if not given or inspection.erased_at is not None:
        return None
    earlier = await viewing.checked_before(session, inspection, client=client)
    if earlier is None:
        return None
    of_earlier = Subject(inspection_id=earlier.id)
    kept = await queries.newest(session, of_earlier)
    before = Report.model_validate(kept.body) if kept is not None else None
    if kept is None or before is None or before.decision is None:
        return None
    newest = await queries.newest(session, subject)
    if newest is None or newest.version < given[-1].version:
        raise ReportNotReady(headers=RETRY_AFTER)
    if any(one.version > kept.version for one in await of_earlier.given(session)):
        raise ReportNotReady(headers=RETRY_AFTER)
    is_disputed = earlier.state is InspectionState.DISPUTED
    after = Report.model_validate(newest.body)
    return Compared(earlier.id, before.decision, before, after, is_disputed=is_disputed)
