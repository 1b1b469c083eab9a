"""Inspections as the API shows them."""

from collections.abc import Sequence
from datetime import datetime

from cabinet_service.inspections.answers import queries as answers
from cabinet_service.inspections.answers.schemas import DecisionOut
from cabinet_service.inspections.asking import queries as asking
from cabinet_service.inspections.asking.schemas import InfoTaskOut
from cabinet_service.inspections.clocks import queries as clocks
from cabinet_service.inspections.core import domain
from cabinet_service.inspections.core.domain import ACTS, Draft, Missing
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.disputes import queries as disputes
from cabinet_service.inspections.disputes.schemas import DisputeOut
from cabinet_service.inspections.drafting import claims
from cabinet_service.inspections.ending.schemas import EndingOut
from cabinet_service.inspections.viewing.queries import Standing
from cabinet_service.inspections.viewing.schemas import InspectionOut, InspectionRow
from cabinet_service.photos import queries as photos
from cabinet_service.photos.schemas import EvidenceOut
from service_kit.db import ReadSession
from shared_schemas.clock import Clock, reckon
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.evidence import AnsweredShot
from shared_schemas.words import InspectionState


async def detail(
    session: ReadSession,
    inspection: Inspection,
    *,
    now: datetime,
    evidence: Sequence[EvidenceOut] | None = None,
) -> InspectionOut:
    """Everything that changes with the inspection's version. `evidence` are its photos, if they are at hand."""
    if evidence is None:
        evidence = await photos.views(session, inspection.id)
    # Before the experts have it there is nothing of theirs to look for.
    is_theirs = inspection.state not in {InspectionState.DRAFT, InspectionState.SUBMITTED}
    decisions = await answers.decisions(session, inspection.id) if is_theirs else ()
    clock = await clocks.clock(session, inspection.id) if is_theirs else None
    info_tasks = await asking.info_tasks(session, inspection.id) if is_theirs else ()
    return InspectionOut(
        id=inspection.id,
        number=inspection.number,
        state=inspection.state,
        is_test=inspection.is_test,
        company_id=inspection.company_id,
        branch_id=inspection.branch_id,
        claim=claims.ClaimOut.of(inspection, this_year=now.year),
        worry=inspection.worry,
        shot_answers=[AnsweredShot.model_validate(one) for one in inspection.shot_answers],
        evidence=list(evidence),
        info_tasks=[InfoTaskOut.of(one) for one in info_tasks],
        decision=DecisionOut.of(decisions[-1]) if decisions else None,
        clock=clock,
        due_at=_due_at(clock),
        expert=_expert(inspection),
        disputes=[DisputeOut.of(one) for one in await disputes.disputes(session, inspection.id)]
        if decisions
        else [],
        ending=_ending(inspection),
        missing=_missing(inspection, evidence, this_year=now.year),
        acts=[act for act, states in ACTS.items() if inspection.state in states],
        version=inspection.version,
        created_at=inspection.created_at,
        updated_at=inspection.updated_at,
        submitted_at=inspection.submitted_at,
        ended_at=inspection.ended_at,
    )


def _missing(inspection: Inspection, evidence: Sequence[EvidenceOut], *, this_year: int) -> list[Missing]:
    if inspection.state is not InspectionState.DRAFT:
        return []
    named = claims.naming(inspection, this_year=this_year)
    shots = {photo.shot for photo in evidence if photo.opens}
    return list(domain.missing(Draft(named is not None, named is not None and named.ok, shots)))


def _due_at(clock: Clock | None) -> datetime | None:
    if clock is None or clock.stopped_at is not None:
        return None
    # Only an open pause makes it depend on the time at which it is asked, and then it is None.
    return reckon(clock, clock.started_at).due_at


def _expert(inspection: Inspection) -> ExpertRef | None:
    if inspection.expert_id is None:
        return None
    return ExpertRef(expert_id=inspection.expert_id, display_name=inspection.expert_name or "")


def _ending(inspection: Inspection) -> EndingOut | None:
    if inspection.ended_at is None or inspection.state is InspectionState.CLOSED:
        return None
    return EndingOut(reason=inspection.ended_reason, note=inspection.ended_note)


def row(inspection: Inspection, standing: Standing) -> InspectionRow:
    named = claims.identifier_reading(inspection)
    plate = claims.plate_reading(inspection)
    return InspectionRow(
        id=inspection.id,
        number=inspection.number,
        state=inspection.state,
        is_test=inspection.is_test,
        company_id=inspection.company_id,
        branch_id=inspection.branch_id,
        identifier=named.display if named else None,
        plate=plate.display if plate else None,
        make=inspection.make,
        model=inspection.model,
        year=inspection.year,
        verdict=standing.verdict,
        open_tasks=standing.open_tasks,
        due_at=_due_at(standing.clock),
        version=inspection.version,
        created_at=inspection.created_at,
        updated_at=inspection.updated_at,
        submitted_at=inspection.submitted_at,
    )
