"""What tests of the answer say and do: findings, decisions, amendments, disputes."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from bpa_service.cases.core.places import PlaceIn, RegionIn
from bpa_service.cases.deciding import service as deciding
from bpa_service.cases.deciding.schemas import DraftIn, LeftOutIn
from bpa_service.cases.findings import service as findings
from bpa_service.cases.findings.schemas import FindingIn
from bpa_service.experts.domain import Expert
from service_kit.ids import new_id
from shared_schemas.events import cabinet_v1 as cabinet
from shared_schemas.events.bpa_v1 import (
    FindingSeverity,
)
from shared_schemas.evidence import Region
from shared_schemas.words import Verdict
from tests.service.cases.conftest import Desk, at

REGION = Region(x=0.5, y=0.25, width=0.25, height=0.5)


def draft(
    *finding_ids: UUID,
    verdict: Verdict = Verdict.FORGERY_SIGNS,
    not_covered: tuple[str, ...] = (),
    left_out: Mapping[UUID, str] | None = None,
) -> DraftIn:
    said = DraftIn(
        verdict=verdict,
        summary="The last digits were stamped again.",
        advice="Do not pay a deposit.",
        finding_ids=finding_ids,
        not_covered=not_covered,
    )
    return leaving_out(said, left_out or {})


def leaving_out(said: DraftIn, reasons: Mapping[UUID, str]) -> DraftIn:
    left_out = tuple(LeftOutIn(finding_id=one, reason=reason) for one, reason in reasons.items())
    return said.model_copy(update={"left_out": left_out})


NOTHING_SEEN = draft(verdict=Verdict.INSUFFICIENT_DATA, not_covered=("the stamped number",))


async def found(
    desk: Desk, case_id: UUID, severity: FindingSeverity = FindingSeverity.ANOMALY, by: Expert | None = None
) -> UUID:
    evidence_id = (await desk.full(case_id)).evidence[0].evidence_id
    statement = FindingIn(
        severity=severity,
        text="The last four digits stand lower.",
        places=(
            PlaceIn(evidence_id=evidence_id, region=RegionIn.model_validate(REGION.model_dump())),
            PlaceIn(evidence_id=evidence_id),
        ),
        record_ref=None,
        rule_ref=None,
    )
    recorded = await desk.do(findings.record, case_id, statement=statement, by=by or desk.anna)
    return recorded.id


async def decide(
    desk: Desk,
    case_id: UUID,
    said: DraftIn,
    by: Expert | None = None,
    *,
    seen: int | None = None,
    now: datetime | None = None,
) -> int:
    seen = seen or (await desk.case(case_id)).version
    decision = await desk.do(deciding.decide, case_id, draft=said, by=by or desk.anna, seen=seen, now=now)
    return decision.version


async def answered(desk: Desk, by: Expert | None = None) -> UUID:
    by = by or desk.anna
    case_id = await desk.opened()
    await desk.claim(case_id, by)
    await decide(desk, case_id, draft(await found(desk, case_id, by=by)), by, now=at(1))
    return case_id


async def amend(desk: Desk, case_id: UUID, said: DraftIn, by: Expert, now: datetime | None = None) -> int:
    """Whatever it does not rest on is left out with a reason."""
    seen = (await desk.case(case_id)).version
    others = [one.id for one in (await desk.full(case_id)).findings if one.id not in said.finding_ids]
    said = leaving_out(said, dict.fromkeys(others, "A reflection."))
    decision = await desk.do(
        deciding.amend, case_id, draft=said, reason="A certificate was shown.", by=by, seen=seen, now=now
    )
    return decision.version


async def dispute(
    desk: Desk,
    case_id: UUID,
    minute: float,
    *,
    finding_ids: tuple[UUID, ...] = (),
    evidence_ids: tuple[UUID, ...] = (),
) -> None:
    fact = cabinet.DisputeOpenedV1(
        inspection_id=case_id,
        dispute_id=new_id(),
        reason="It was re-marked.",
        opened_at=at(minute),
        finding_ids=finding_ids,
        evidence_ids=evidence_ids,
    )
    await desk.hear(fact, at(minute))
