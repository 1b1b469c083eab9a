"""A whole case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from bpa_service.cases.asking import queries as asking
from bpa_service.cases.asking.models import InfoTask
from bpa_service.cases.checklist import queries as checklist
from bpa_service.cases.checklist.models import CheckResult
from bpa_service.cases.core.models import Case
from bpa_service.cases.core.queries import names
from bpa_service.cases.deciding import queries as deciding
from bpa_service.cases.deciding.models import Decision
from bpa_service.cases.disputes import queries as disputes
from bpa_service.cases.disputes.models import Dispute
from bpa_service.cases.drafting import service as drafting
from bpa_service.cases.drafting.models import SavedDraft
from bpa_service.cases.findings import queries as findings
from bpa_service.cases.findings.models import Finding
from bpa_service.cases.second_opinions import queries as second_opinions
from bpa_service.cases.second_opinions.models import SecondOpinion
from bpa_service.cases.talking import queries as talking
from bpa_service.cases.talking.models import Message, Note
from bpa_service.evidence import queries as evidence
from bpa_service.playbook import queries as playbook
from bpa_service.playbook.models import Check
from bpa_service.sla import queries as sla
from bpa_service.sla.domain import Ledger
from service_kit.db import ReadSession
from service_kit.paging import Page
from shared_schemas.evidence import EvidenceRef

MESSAGES_SHOWN: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Full:
    """Everything about a case. `ledgers` has one clock for each time it was in the queue."""

    case: Case
    ledgers: Sequence[Ledger]
    evidence: Sequence[EvidenceRef]
    findings: Sequence[Finding]
    withdrawn: Sequence[Finding]
    checks: Sequence[Check]
    check_results: Mapping[UUID, CheckResult]
    draft: SavedDraft | None
    info_tasks: Sequence[InfoTask]
    messages: Sequence[Message]
    notes: Sequence[Note]
    decisions: Sequence[Decision]
    second_opinions: Sequence[SecondOpinion]
    disputes: Sequence[Dispute]
    names: Mapping[UUID, str]


async def full(session: ReadSession, case_id: UUID) -> Full | None:
    """Everything about a case, of its messages the newest MESSAGES_SHOWN; None if there is no such case."""
    case = await session.get(Case, case_id)
    if case is None:
        return None
    newest = await talking.messages(session, case_id, Page(after=None, limit=MESSAGES_SHOWN - 1))
    photos = await evidence.of_case(session, case_id)
    answered = await checklist.results(session, case_id)
    stated = await findings.of_case(session, case_id)
    found = Full(
        case=case,
        ledgers=await sla.ledgers_of(session, case_id),
        evidence=photos,
        findings=[one for one in stated if one.withdrawn_at is None],
        withdrawn=[one for one in stated if one.withdrawn_at is not None],
        checks=await playbook.checks_for(session, {photo.shot for photo in photos}, answered.keys()),
        check_results=answered,
        draft=await drafting.saved(session, case_id),
        info_tasks=await asking.of_case(session, case_id),
        messages=newest[::-1],
        notes=await talking.notes(session, case_id),
        decisions=await deciding.of_case(session, case_id),
        second_opinions=await second_opinions.of_case(session, case_id),
        disputes=await disputes.of_case(session, case_id),
        names={},
    )
    return replace(found, names=await names(session, _people_in(found)))


def _people_in(found: Full) -> set[UUID | None]:
    return {
        found.case.holder_id,
        *(task.asked_by for task in found.info_tasks),
        *(finding.author_id for finding in found.findings),
        *(finding.explained_by for finding in found.findings),
        *(finding.withdrawn_by for finding in found.withdrawn),
        *(result.author_id for result in found.check_results.values()),
        found.draft and found.draft.author_id,
        *(message.author_id for message in found.messages),
        *(note.author_id for note in found.notes),
        *(decision.author_id for decision in found.decisions),
        *(opinion.asked_by for opinion in found.second_opinions),
        *(opinion.answered_by for opinion in found.second_opinions),
    }
