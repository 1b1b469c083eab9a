"""Findings: what an expert states, and what each statement rests on."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select

from bpa_service.cases.core import errors
from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.domain import Act
from bpa_service.cases.core.models import Case
from bpa_service.cases.core.places import PlaceIn, check_places
from bpa_service.cases.deciding.completeness import WEIGHTY
from bpa_service.cases.findings import queries
from bpa_service.cases.findings.models import Finding, FindingPlace
from bpa_service.cases.findings.schemas import FindingIn, FindingPatch
from service_kit.db import Session
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from shared_schemas.events.bpa_v1 import FindingSeverity

_WEIGHTS: Final = tuple(FindingSeverity)  # the heaviest first


async def record(acting: ExpertActing, case_id: UUID, *, statement: FindingIn) -> Finding:
    """Add a finding. Raises FindingWithoutEvidence, or UnknownEvidence for a photo that is not the case's."""
    case = await acting.on(case_id, Act.RECORD_FINDING)
    await check_places(acting.session, case, statement.places)
    finding = Finding(
        id=new_id(),
        case_id=case.id,
        severity=statement.severity,
        text=statement.text,
        record_ref=statement.record_ref,
        rule_ref=statement.rule_ref,
        meaning=statement.meaning,
        to_do=statement.to_do,
        author_id=acting.by.id,
        recorded_at=acting.now,
        changed_at=acting.now,
    )
    finding.places = _rows(finding, statement.places)
    _check_bound(finding)
    acting.session.add(finding)
    acting.session.add_all(finding.places)
    _record_act(acting, case, finding, "finding_recorded")
    return finding


async def change(acting: ExpertActing, case_id: UUID, finding_id: UUID, *, change: FindingPatch) -> Finding:
    """Change a finding; decisions keep it as it was. What it said is no longer explained, unless nothing but what
    it means, and what to do about it, is put in other words.

    Raises like `record`, NotFound, or FindingReasonNeeded for what speaks against the car and is to weigh less.
    """
    case = await acting.on(case_id, Act.RECORD_FINDING)
    finding = await _finding(acting.session, case, finding_id)
    if finding.severity in WEIGHTY and _weighs_less(change.severity, finding.severity):
        raise errors.FindingReasonNeeded
    if change.places is not None:
        await check_places(acting.session, case, change.places)
        await acting.session.execute(delete(FindingPlace).where(FindingPlace.finding_id == finding.id))
        finding.places = _rows(finding, change.places)
        acting.session.add_all(finding.places)
    finding.severity = change.severity or finding.severity
    finding.text = change.text or finding.text
    finding.record_ref = change.record_ref or finding.record_ref
    finding.rule_ref = change.rule_ref or finding.rule_ref
    if change.meaning is not None:
        finding.meaning = change.meaning or None
    if change.to_do is not None:
        finding.to_do = change.to_do or None
    finding.changed_at = acting.now
    if change.states_otherwise:
        finding.explanation = finding.explained_by = finding.explained_at = None
    _check_bound(finding)
    _record_act(acting, case, finding, "finding_changed")
    return finding


async def explain(
    acting: ExpertActing, case_id: UUID, finding_id: UUID, *, explanation: str | None
) -> Finding:
    """Say why what was found is innocent: it stays a finding and speaks against nothing. None takes that back.

    Raises NotFound.
    """
    case = await acting.on(case_id, Act.RECORD_FINDING)
    finding = await _finding(acting.session, case, finding_id)
    finding.explanation = explanation
    finding.explained_by = acting.by.id if explanation else None
    finding.explained_at = acting.now if explanation else None
    act = "finding_explained" if explanation else "finding_unexplained"
    _record_act(acting, case, finding, act)
    return finding


async def withdraw(acting: ExpertActing, case_id: UUID, finding_id: UUID, *, reason: str | None) -> Finding:
    """Hold it no longer; it stays on record, and in the decisions.

    Raises NotFound, or FindingReasonNeeded where it speaks against the car and nobody says why it is taken back.
    """
    case = await acting.on(case_id, Act.RECORD_FINDING)
    finding = await _finding(acting.session, case, finding_id)
    if finding.severity in WEIGHTY and not reason:
        raise errors.FindingReasonNeeded
    finding.withdrawn_because, finding.withdrawn_by, finding.withdrawn_at = reason, acting.by.id, acting.now
    _record_act(acting, case, finding, "finding_removed")
    return finding


async def _finding(session: Session, case: Case, finding_id: UUID) -> Finding:
    statement = select(Finding).where(
        Finding.id == finding_id, Finding.case_id == case.id, Finding.withdrawn_at.is_(None)
    )
    for finding in await queries.placed(session, statement):
        return finding
    raise NotFound


def _weighs_less(severity: FindingSeverity | None, than: FindingSeverity) -> bool:
    return severity is not None and _WEIGHTS.index(severity) > _WEIGHTS.index(than)


def _rows(finding: Finding, places: Sequence[PlaceIn]) -> list[FindingPlace]:
    return [
        FindingPlace(
            finding_id=finding.id,
            position=position,
            evidence_id=place.evidence_id,
            region=place.region.model_dump() if place.region else None,
        )
        for position, place in enumerate(places)
    ]


def _check_bound(finding: Finding) -> None:
    if not finding.places and not finding.record_ref and not finding.rule_ref:
        raise errors.FindingWithoutEvidence


def _record_act(acting: ExpertActing, case: Case, finding: Finding, act: str) -> None:
    acting.record(case, act, finding_id=finding.id, severity=finding.severity)
