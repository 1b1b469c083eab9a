"""What bpa does about each event of cabinet.

Events are facts: one that crossed an act of ours is kept, and `shared_schemas.crossings` says what it changes.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final

from bpa_service.cases.afterwards import handlers as afterwards
from bpa_service.cases.asking import handlers as asking
from bpa_service.cases.clocks import handlers as clocks
from bpa_service.cases.core.acting import Acting
from bpa_service.cases.core.policy import Policy
from bpa_service.cases.disputes import handlers as disputes
from bpa_service.cases.ending import handlers as ending
from bpa_service.cases.opening import handlers as opening
from bpa_service.cases.personal import handlers as personal
from bpa_service.cases.talking import handlers as talking
from service_kit.db import Session
from service_kit.inbox import FactHandler, Handlers, Incoming
from shared_schemas.envelope import Fact
from shared_schemas.events import cabinet_v1 as cabinet

Verb = Callable[[Acting, Any], Awaitable[object]]

_VERBS: Final[Mapping[type[Fact], Verb]] = {
    cabinet.InspectionSubmittedV1: opening.open_case,
    cabinet.InspectionEvidenceAddedV1: opening.add_evidence,
    cabinet.InspectionOriginalReceivedV1: opening.take_original,
    cabinet.InspectionMessagePostedV1: talking.record_message,
    cabinet.InspectionCancelledV1: ending.record_cancellation,
    cabinet.InspectionClosedV1: ending.record_closing,
    cabinet.InfoTaskNotifiedV1: asking.record_notification,
    cabinet.InfoTaskFulfilledV1: asking.record_fulfilment,
    cabinet.InfoTaskDeclinedV1: asking.record_refusal,
    cabinet.DisputeOpenedV1: disputes.record_dispute,
    cabinet.DisputeWithdrawnV1: disputes.record_taking_back,
    cabinet.InspectionTimeAdvancedV1: clocks.record_advance,
    cabinet.AnswerRatedV1: afterwards.record_rating,
    cabinet.OutcomeReportedV1: afterwards.record_outcome,
}


def handlers(policy: Policy, *, forget_numbers: personal.ForgetNumbers) -> Handlers:
    """Who takes which event."""
    erase = partial(personal.erase, forget_numbers=forget_numbers)
    verbs = {**_VERBS, cabinet.InspectionErasedV1: erase}
    return {event: _handler(verb, policy) for event, verb in verbs.items()}


def _handler(verb: Verb, policy: Policy) -> FactHandler:
    async def handle(session: Session, fact: Fact, incoming: Incoming) -> None:
        await verb(Acting(session=session, policy=policy, now=incoming.now, by=None), fact)

    return handle
