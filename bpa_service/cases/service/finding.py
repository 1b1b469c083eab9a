"""Findings: what an expert states, and what each statement rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from bpa_service.cases import errors
from bpa_service.cases.domain import Act
from bpa_service.cases.models import Case, Finding, FindingPlace
from bpa_service.cases.policy import Policy
from bpa_service.cases.service import acting, asking
from bpa_service.experts.domain import Expert
from service_kit.db import Session
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from shared_schemas.events.bpa_v1 import FindingSeverity
from shared_schemas.evidence import PlaceOnEvidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What is found, and what it rests on: places on photos, a vehicle record, a rule."""

    severity: FindingSeverity
    text: str
    places: tuple[PlaceOnEvidence, ...]
    record_ref: str | None
    rule_ref: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementChange:
    """What is to be different about a statement; None leaves it as it is."""

    severity: FindingSeverity | None = None
    text: str | None = None
    places: tuple[PlaceOnEvidence, ...] | None = None
    record_ref: str | None = None
    rule_ref: str | None = None


async def record(
    session: Session,
    case_id: UUID,
    *,
    statement: Statement,
    by: Expert,
    seen: int | None,
    policy: Policy,
    now: datetime,
) -> Finding:
    """Add a finding. Raises FindingWithoutEvidence, or UnknownEvidence for a photo that is not the case's."""
    case = await acting.begin(session, case_id, Act.RECORD_FINDING, by=by, seen=seen, policy=policy, now=now)
    await asking.check_places(session, case, statement.places)
    finding = Finding(
        id=new_id(),
        case_id=case.id,
        severity=statement.severity,
        text=statement.text,
        record_ref=statement.record_ref,
        rule_ref=statement.rule_ref,
        author_id=by.id,
        recorded_at=now,
        changed_at=now,
        places=_rows(statement.places),
    )
    _check_bound(finding)
    session.add(finding)
    await _leave_traces(session, case, finding, "finding_recorded", by, now)
    return finding


async def change(
    session: Session,
    case_id: UUID,
    finding_id: UUID,
    *,
    change: StatementChange,
    by: Expert,
    seen: int | None,
    policy: Policy,
    now: datetime,
) -> Finding:
    """Change a finding; decisions keep it as it was. Raises like `record`, or NotFound."""
    case = await acting.begin(session, case_id, Act.RECORD_FINDING, by=by, seen=seen, policy=policy, now=now)
    finding = await _finding(session, case, finding_id)
    if change.places is not None:
        await asking.check_places(session, case, change.places)
        finding.places.clear()
        await session.flush()  # the new places take the positions of the old ones
        finding.places.extend(_rows(change.places))
    finding.severity = change.severity or finding.severity
    finding.text = change.text or finding.text
    finding.record_ref = change.record_ref or finding.record_ref
    finding.rule_ref = change.rule_ref or finding.rule_ref
    finding.changed_at = now
    _check_bound(finding)
    await _leave_traces(session, case, finding, "finding_changed", by, now)
    return finding


async def remove(
    session: Session,
    case_id: UUID,
    finding_id: UUID,
    *,
    by: Expert,
    seen: int | None,
    policy: Policy,
    now: datetime,
) -> None:
    """Take a finding back; decisions keep it. Raises NotFound."""
    case = await acting.begin(session, case_id, Act.RECORD_FINDING, by=by, seen=seen, policy=policy, now=now)
    finding = await _finding(session, case, finding_id)
    await session.delete(finding)
    await _leave_traces(session, case, finding, "finding_removed", by, now)


async def chosen(session: Session, case: Case, finding_ids: Sequence[UUID]) -> list[Finding]:
    """These findings of the case, in this order, each once. Raises UnknownFinding."""
    rows = await session.scalars(
        select(Finding)
        .where(Finding.case_id == case.id, Finding.id.in_(finding_ids))
        .options(selectinload(Finding.places))
    )
    found = {finding.id: finding for finding in rows}
    unknown = [str(finding_id) for finding_id in finding_ids if finding_id not in found]
    if unknown:
        raise errors.UnknownFinding(finding_ids=unknown)
    return [found[finding_id] for finding_id in dict.fromkeys(finding_ids)]


async def _finding(session: Session, case: Case, finding_id: UUID) -> Finding:
    finding = await session.get(Finding, finding_id, options=[selectinload(Finding.places)])
    if finding is None or finding.case_id != case.id:
        raise NotFound
    return finding


def _rows(places: Sequence[PlaceOnEvidence]) -> list[FindingPlace]:
    return [
        FindingPlace(
            position=position,
            evidence_id=place.evidence_id,
            region=place.region.model_dump() if place.region else None,
        )
        for position, place in enumerate(places)
    ]


def _check_bound(finding: Finding) -> None:
    if not finding.places and not finding.record_ref and not finding.rule_ref:
        raise errors.FindingWithoutEvidence


async def _leave_traces(
    session: Session, case: Case, finding: Finding, act: str, by: Expert, now: datetime
) -> None:
    details = {"finding_id": finding.id, "severity": finding.severity}
    await acting.leave_traces(session, case, act, by=by, now=now, details=details)
