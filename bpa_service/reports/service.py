"""Making reports: each version of an answer gets one, once, and it never changes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bpa_service.cases.core.acting import Acting, ref
from bpa_service.cases.core.models import Case
from bpa_service.cases.deciding import queries as deciding
from bpa_service.cases.deciding.views import decision_view
from bpa_service.db.tables import AUDIENCE
from bpa_service.evidence import queries as evidence
from bpa_service.experts import queries as experts
from bpa_service.reports import queries
from bpa_service.reports.making import CaseFacts, Known, report_of
from bpa_service.reports.models import KeptReport
from bpa_service.sla import queries as sla
from bpa_service.vehicles.learning.current import CurrentRules
from bpa_service.vehicles.lookup.finding import Finder
from bpa_service.vehicles.lookup.naming import names_in
from bpa_service.vehicles.mappings import catalogue
from service_kit import audit, live
from service_kit.db import ReadSession, Scope
from service_kit.ids import new_id
from shared_schemas.events.bpa_v1 import ReportReadyV1
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.evidence import AnsweredShot
from shared_schemas.report.content import Report, digest_of


@dataclass(frozen=True, slots=True)
class Library:
    """Where it is looked up what is known of cars, and of VINs."""

    finder: Finder
    rules: CurrentRules

    async def known(self, claim: VehicleClaim, scope: Scope, now: datetime) -> Known:
        """What is known now, within the patience of the finder: what is away is told as not covered."""
        self.rules.current()
        await self.rules.settled()  # a process that has just begun has not read them yet
        learned = self.rules.current()
        found = await self.finder.find(names_in(claim), scope, now)
        return Known(found=found, learned=learned, title=catalogue.title, at=now)


async def make(acting: Acting, case_id: UUID, version: int, known: Known) -> None:
    """Make the report of this version of the answer, and of those before it that have none.

    An erasure is waited for, or waits: of an erased case none is made, and none after this one.
    """
    session = acting.session
    case = await acting.lock(case_id)
    if case.erased_at is not None:
        return
    have = await queries.versions(session, case.id)
    facts = await facts_of(session, case)
    for decision in await deciding.answers_of(session, case.id):
        if decision.version > version or decision.version in have:
            continue
        author = await experts.expert(session, decision.author_id)
        if author is None:
            raise LookupError(f"the author of version {decision.version} of case {case.id} is not here")
        report = report_of(
            facts,
            decision_view(decision, ref(author)),
            author.role,
            known,
            report_id=new_id(),
            replaces=max((one for one in have if one < decision.version), default=None),
        )
        have.add(report.version)
        await _keep(acting, case, report)


async def is_missing(session: ReadSession, case_id: UUID, version: int) -> bool:
    """Whether this version of the answer has no report."""
    return version not in await queries.versions(session, case_id)


async def facts_of(session: ReadSession, case: Case) -> CaseFacts:
    """What a report has of the case, as it is now."""
    return CaseFacts(
        id=case.id,
        number=case.number,
        claim=VehicleClaim.model_validate(case.claim),
        worry=case.worry,
        submitted_at=case.submitted_at,
        shot_answers=[AnsweredShot.model_validate(one) for one in case.shot_answers],
        evidence=await evidence.of_case(session, case.id),
        clocks=[ledger.clock for ledger in await sla.ledgers_of(session, case.id)],
        is_test=case.is_test,
    )


async def _keep(acting: Acting, case: Case, report: Report) -> None:
    body = report.body()
    sha256 = digest_of(body)
    kept = KeptReport(
        id=report.report_id,
        case_id=case.id,
        version=report.version,
        body=body,
        sha256=sha256,
        made_at=report.made_at,
    )
    acting.session.add(kept)
    # No act on the case: it makes no new version of it, which whoever amends would have to have seen.
    details = {"report_id": kept.id, "decision_version": kept.version, "sha256": sha256}
    audit.record(acting.session, "report_made", by=None, now=acting.now, subject_id=case.id, details=details)
    live.announce(acting.session, audience=AUDIENCE, kind="case.report_made", subject_id=case.id)
    await acting.announce(
        ReportReadyV1(
            inspection_id=case.id,
            report_id=kept.id,
            version=kept.version,
            sha256=sha256,
            made_at=kept.made_at,
        )
    )
