"""The report of an answer that is being written, as it would be."""

from dataclasses import dataclass
from uuid import UUID

from bpa_service.cases.core import queries as cases
from bpa_service.cases.core.errors import CaseErased, FindingWithoutEvidence
from bpa_service.cases.core.places import check_places
from bpa_service.cases.deciding import service as deciding
from bpa_service.experts import scopes
from bpa_service.experts.domain import Expert
from bpa_service.reports import queries
from bpa_service.reports.making import report_of
from bpa_service.reports.schemas import ConfirmationIn, ReportDraftIn
from bpa_service.reports.service import Library, facts_of
from service_kit.db import Database, database_now
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from shared_schemas.events.bpa_v1 import DecisionView, FindingSeverity, FindingView
from shared_schemas.events.cabinet_v1 import ClientRef
from shared_schemas.report.content import Report


@dataclass(frozen=True, slots=True)
class Drafted:
    """A report as it would be, the one that it would replace, and in which language its client reads."""

    report: Report
    replaced: Report | None
    language: str


async def drafted(
    database: Database, library: Library, case_id: UUID, draft: ReportDraftIn, *, by: Expert
) -> Drafted:
    """The report of the answer that this would be: nothing is kept, and nobody is told.

    No session is held while the car is looked up. Raises NotFound, CaseErased, UnknownFinding, or for
    what is to be confirmed FindingWithoutEvidence or UnknownEvidence.
    """
    scope = scopes.of(by)
    async with database.reading(scope) as session:
        case = await cases.case(session, case_id)
        if case is None:
            raise NotFound
        if case.erased_at is not None:
            raise CaseErased
        now = await database_now(session)
        facts = await facts_of(session, case)
        decision = await deciding.as_drafted(session, case, draft, by=by, now=now, reason=draft.reason)
        if draft.confirmation is not None:
            await check_places(session, case, draft.confirmation.places)
            decision = _confirmed(decision, draft.confirmation)
        previous = await queries.newest(session, case_id)
    known = await library.known(facts.claim, scope, now)
    replaces = previous.version if previous else None
    report = report_of(facts, decision, by.role, known, report_id=new_id(), replaces=replaces)
    return Drafted(report, previous, ClientRef.model_validate(case.client).language)


def _confirmed(decision: DecisionView, confirmation: ConfirmationIn) -> DecisionView:
    """The answer with what becomes a finding as it is given; that is told last, as it is then."""
    if not confirmation.places:
        raise FindingWithoutEvidence
    pending = FindingView(
        finding_id=new_id(),
        severity=FindingSeverity.CONFIRMED,
        text=confirmation.text,
        places=tuple(place.place() for place in confirmation.places),
    )
    return decision.model_copy(update={"findings": (*decision.findings, pending)})
