"""What cabinet does about each event of bpa: mirror it as it is, put it on record, tell the client.

The inbox sees to it that each event takes effect once and that those of one inspection come in order. An event
about an inspection that was erased meanwhile is dropped: it must not bring anything back.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from cabinet_service.inspections.answers import handlers as answers
from cabinet_service.inspections.asking import handlers as asking
from cabinet_service.inspections.core.acting import Mirroring
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.disputes import handlers as disputes
from cabinet_service.inspections.ending import handlers as ending
from cabinet_service.inspections.talking import handlers as talking
from cabinet_service.inspections.work import handlers as work
from service_kit.db import Session
from service_kit.inbox import FactHandler, Handlers, Incoming
from shared_schemas.envelope import InspectionEvent
from shared_schemas.events import bpa_v1 as bpa

Verb = Callable[[Mirroring, Inspection, Any], Awaitable[None]]

_VERBS: Final[Mapping[type[InspectionEvent], Verb]] = {
    bpa.CaseQueuedV1: work.record_queuing,
    bpa.CaseClaimedV1: work.record_claim,
    bpa.CaseReleasedV1: work.record_release,
    bpa.SecondOpinionRequestedV1: work.record_second_opinion_asked,
    bpa.SecondOpinionGivenV1: work.record_second_opinion_given,
    bpa.ClockPausedV1: work.record_pause,
    bpa.ClockResumedV1: work.record_resumption,
    bpa.ClockMovedV1: work.record_move,
    bpa.SlaAtRiskV1: work.record_risk,
    bpa.SlaBreachedV1: work.record_breach,
    bpa.CaseMessagePostedV1: talking.record_message,
    bpa.InfoTaskCreatedV1: asking.record_task,
    bpa.InfoTaskWithdrawnV1: asking.record_withdrawal,
    bpa.DecisionPreliminaryV1: answers.record_preliminary,
    bpa.DecisionIssuedV1: answers.record_answer,
    bpa.DecisionAmendedV1: answers.record_amendment,
    bpa.CaseUnprocessableV1: ending.record_end,
    bpa.CaseDisputeWithdrawnV1: disputes.record_taking_back,
    bpa.CaseDisputeGivenUpV1: disputes.record_giving_up,
}


def handlers() -> Handlers:
    """Who takes which event."""
    return {event: _handler(verb) for event, verb in _VERBS.items()}


def _handler(verb: Verb) -> FactHandler:
    async def handle(session: Session, event: InspectionEvent, incoming: Incoming) -> None:
        acting = Mirroring(
            session=session, now=incoming.now, event_id=incoming.event_id, occurred_at=incoming.occurred_at
        )
        inspection = await acting.lock(event.inspection_id)
        if inspection.erased_at is None:
            await verb(acting, inspection, event)

    return handle
