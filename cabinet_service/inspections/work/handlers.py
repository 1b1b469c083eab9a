"""The experts' work as it is reported: who has the case, and how its clock stands."""

from cabinet_service.inspections.core.acting import Mirroring, expert
from cabinet_service.inspections.core.domain import OVER, Kind
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.disputes import service as disputes
from cabinet_service.notifications.kinds import NotificationKind
from shared_schemas.events import bpa_v1 as bpa
from shared_schemas.words import InspectionState


async def record_queuing(acting: Mirroring, inspection: Inspection, fact: bpa.CaseQueuedV1) -> None:
    await acting.take_clock(inspection, fact.clock)
    if fact.state is InspectionState.DISPUTED and inspection.state not in OVER:
        await disputes.reopen(acting, inspection)
    await acting.hear(inspection, fact.state, at=acting.occurred_at)
    await acting.record(inspection, Kind.QUEUED, at=acting.occurred_at, state=fact.state)


async def record_claim(acting: Mirroring, inspection: Inspection, fact: bpa.CaseClaimedV1) -> None:
    inspection.expert_id = fact.expert.expert_id
    inspection.expert_name = fact.expert.display_name
    inspection.claimed_at, inspection.usual_seconds = fact.claimed_at, fact.usual_seconds
    await acting.hear(inspection, fact.state, at=fact.claimed_at)
    await acting.record(inspection, Kind.CLAIMED, by=expert(fact.expert), at=fact.claimed_at)


async def record_release(acting: Mirroring, inspection: Inspection, fact: bpa.CaseReleasedV1) -> None:
    inspection.expert_id = None
    inspection.expert_name = None
    inspection.claimed_at = inspection.usual_seconds = None
    await acting.hear(inspection, fact.state, at=fact.released_at)
    await acting.record(inspection, Kind.RELEASED, at=fact.released_at, cause=fact.cause)


async def record_second_opinion_asked(
    acting: Mirroring, inspection: Inspection, fact: bpa.SecondOpinionRequestedV1
) -> None:
    await acting.hear(inspection, fact.state, at=fact.requested_at)
    await acting.record(inspection, Kind.SECOND_OPINION_REQUESTED, at=fact.requested_at)


async def record_second_opinion_given(
    acting: Mirroring, inspection: Inspection, fact: bpa.SecondOpinionGivenV1
) -> None:
    await acting.hear(inspection, fact.state, at=fact.given_at)
    await acting.record(inspection, Kind.SECOND_OPINION_GIVEN, at=fact.given_at)


async def record_pause(acting: Mirroring, inspection: Inspection, fact: bpa.ClockPausedV1) -> None:
    await acting.take_clock(inspection, fact.clock)
    begun = max(fact.clock.open_pauses, key=lambda pause: pause.started_at, default=None)
    at = begun.started_at if begun else acting.occurred_at
    await acting.hear(inspection, fact.state, at=at)
    await acting.record(inspection, Kind.CLOCK_PAUSED, at=at, cause=begun.cause if begun else None)


async def record_resumption(acting: Mirroring, inspection: Inspection, fact: bpa.ClockResumedV1) -> None:
    await acting.take_clock(inspection, fact.clock)
    ended = (pause.ended_at for pause in fact.clock.pauses if pause.ended_at)
    at = max(ended, default=acting.occurred_at)
    await acting.hear(inspection, fact.state, at=at)
    await acting.record(inspection, Kind.CLOCK_RESUMED, at=at, state=fact.state)


async def record_move(acting: Mirroring, inspection: Inspection, fact: bpa.ClockMovedV1) -> None:
    await acting.take_clock(inspection, fact.clock)
    acting.changed(inspection, "clock_moved")


async def record_risk(acting: Mirroring, inspection: Inspection, fact: bpa.SlaAtRiskV1) -> None:
    await acting.record(inspection, Kind.SLA_AT_RISK, at=fact.reached_at, percent=fact.percent)


async def record_breach(acting: Mirroring, inspection: Inspection, fact: bpa.SlaBreachedV1) -> None:
    await acting.record(inspection, Kind.SLA_BREACHED, at=fact.breached_at)
    if inspection.state not in OVER:
        await acting.tell(inspection, NotificationKind.LATE)
