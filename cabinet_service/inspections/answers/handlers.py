"""Answers as they are reported."""

from cabinet_service.inspections.answers.models import Decision
from cabinet_service.inspections.core.acting import Mirroring, expert
from cabinet_service.inspections.core.domain import Kind
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.disputes import service as disputes
from cabinet_service.notifications.kinds import NotificationKind
from shared_schemas.events import bpa_v1 as bpa
from shared_schemas.words import InspectionState


async def record_preliminary(
    acting: Mirroring, inspection: Inspection, fact: bpa.DecisionPreliminaryV1
) -> None:
    await _mirror_decision(acting, inspection, fact.decision, Kind.DECISION_PRELIMINARY)
    await acting.tell(inspection, NotificationKind.PRELIMINARY_DECISION)


async def record_answer(acting: Mirroring, inspection: Inspection, fact: bpa.DecisionIssuedV1) -> None:
    await acting.take_clock(inspection, fact.clock)
    await acting.hear(inspection, InspectionState.ANSWERED, at=fact.decision.decided_at)
    await _mirror_decision(acting, inspection, fact.decision, Kind.DECISION_ISSUED)
    await acting.tell(inspection, NotificationKind.DECISION)


async def record_amendment(acting: Mirroring, inspection: Inspection, fact: bpa.DecisionAmendedV1) -> None:
    await acting.take_clock(inspection, fact.clock)
    await acting.hear(inspection, InspectionState.ANSWERED, at=fact.decision.decided_at)
    await disputes.settle(acting, inspection, at=fact.decision.decided_at)
    await _mirror_decision(acting, inspection, fact.decision, Kind.DECISION_AMENDED)
    await acting.tell(inspection, NotificationKind.DECISION_AMENDED)


async def _mirror_decision(
    acting: Mirroring, inspection: Inspection, decision: bpa.DecisionView, kind: Kind
) -> None:
    acting.session.add(
        Decision(
            inspection_id=inspection.id,
            version=decision.version,
            preliminary=kind is Kind.DECISION_PRELIMINARY,
            body=decision.model_dump(mode="json"),
            decided_at=decision.decided_at,
        )
    )
    by, at = expert(decision.expert), decision.decided_at
    await acting.record(inspection, kind, by=by, at=at, version=decision.version, verdict=decision.verdict)
