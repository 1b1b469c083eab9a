"""Inspections as the API shows them."""

from collections.abc import Sequence
from datetime import datetime

from cabinet_service.inspections import claims, domain, queries
from cabinet_service.inspections.domain import ACTS, Draft, Missing, Role
from cabinet_service.inspections.identifiers import Reading
from cabinet_service.inspections.models import (
    Decision,
    Dispute,
    InfoTask,
    Inspection,
    Message,
    TimelineEntry,
)
from cabinet_service.inspections.queries import Standing
from cabinet_service.inspections.schemas import (
    ClaimOut,
    ClockOut,
    DecisionOut,
    DisputeOut,
    EndingOut,
    InfoTaskOut,
    InspectionOut,
    InspectionRow,
    MessageOut,
    ReadingOut,
    TimelineEntryOut,
)
from cabinet_service.photos import queries as photos
from cabinet_service.photos.schemas import EvidenceOut
from service_kit.db import ReadSession
from shared_schemas import ledger
from shared_schemas.clock import Clock, reckon
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.evidence import PlaceOnEvidence
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
    decisions = await queries.decisions(session, inspection.id) if is_theirs else ()
    clock = await queries.clock(session, inspection.id) if is_theirs else None
    info_tasks = await queries.info_tasks(session, inspection.id) if is_theirs else ()
    return InspectionOut(
        id=inspection.id,
        number=inspection.number,
        state=inspection.state,
        company_id=inspection.company_id,
        branch_id=inspection.branch_id,
        claim=_claim(inspection, now),
        worry=inspection.worry,
        evidence=list(evidence),
        info_tasks=[task(one) for one in info_tasks],
        decision=decision(decisions[-1]) if decisions else None,
        clock=clock,
        due_at=_due_at(clock),
        expert=_expert(inspection),
        disputes=[dispute(one) for one in await queries.disputes(session, inspection.id)]
        if decisions
        else [],
        ending=_ending(inspection),
        missing=_missing(inspection, evidence),
        acts=[act for act, states in ACTS.items() if inspection.state in states],
        version=inspection.version,
        created_at=inspection.created_at,
        updated_at=inspection.updated_at,
        submitted_at=inspection.submitted_at,
        ended_at=inspection.ended_at,
    )


def _claim(inspection: Inspection, now: datetime) -> ClaimOut:
    return ClaimOut(
        identifier=inspection.identifier_typed,
        identifier_kind=inspection.identifier_kind_asked,
        plate=inspection.plate_typed,
        make=inspection.make,
        model=inspection.model,
        year=inspection.year,
        mileage_km=inspection.mileage_km,
        advert_url=inspection.advert_url,
        identifier_reading=_reading(claims.identifier_reading(inspection, this_year=now.year)),
        plate_reading=_reading(claims.plate_reading(inspection)),
    )


def _reading(reading: Reading | None) -> ReadingOut | None:
    return None if reading is None else ReadingOut.model_validate(reading)


def _missing(inspection: Inspection, evidence: Sequence[EvidenceOut]) -> list[Missing]:
    if inspection.state is not InspectionState.DRAFT:
        return []
    named = claims.naming(inspection)
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


def task(task: InfoTask) -> InfoTaskOut:
    return InfoTaskOut(
        id=task.id,
        shot=task.shot,
        question=task.question,
        place=None if task.place is None else PlaceOnEvidence.model_validate(task.place),
        blocking=task.blocking,
        asked_by=ExpertRef(expert_id=task.asked_by_id, display_name=task.asked_by_name),
        created_at=task.created_at,
        state=task.state,
        ended_at=task.ended_at,
        evidence_ids=tuple(task.evidence_ids),
        answer=task.answer,
        decline_reason=task.decline_reason,
        decline_note=task.decline_note,
    )


def decision(version: Decision) -> DecisionOut:
    return DecisionOut.model_validate({**version.body, "preliminary": version.preliminary})


def dispute(dispute: Dispute) -> DisputeOut:
    return DisputeOut(
        id=dispute.id,
        decision_version=dispute.decision_version,
        reason=dispute.reason,
        opened_at=dispute.opened_at,
        settled_at=dispute.settled_at,
    )


def message(message: Message) -> MessageOut:
    return MessageOut(
        id=message.id,
        author=message.author_role,
        author_id=message.author_id,
        author_name=message.author_name,
        text=message.text,
        posted_at=message.posted_at,
    )


def clock(clock: Clock, tasks: Sequence[InfoTask], *, now: datetime) -> ClockOut:
    account = ledger.lines(clock, now, asked={task.id: task.question for task in tasks})
    return ClockOut(
        clock=clock,
        reckoning=reckon(clock, now),
        used_seconds=ledger.total(account, "ran"),
        paused_seconds=ledger.total(account, "paused"),
        lines=account,
    )


def timeline_entry(entry: TimelineEntry) -> TimelineEntryOut:
    named = entry.actor_role is Role.EXPERT and entry.actor_name
    return TimelineEntryOut(
        id=entry.id,
        at=entry.at,
        kind=entry.kind,
        role=entry.actor_role,
        who=named or entry.actor_role,
        actor_id=entry.actor_id,
        data=entry.data,
    )
