"""What bpa does about each event of cabinet.

Events are facts: one that comes too late for a case that is over is kept, and changes nothing about it.
"""

from bpa_service.cases.policy import Policy
from bpa_service.cases.service import asking, disputes, ending, erasing, opening, talking
from service_kit.db import Session
from service_kit.inbox import Incoming
from shared_schemas.events import cabinet_v1 as cabinet


async def on_inspection_submitted(
    session: Session, fact: cabinet.InspectionSubmittedV1, incoming: Incoming, *, policy: Policy
) -> None:
    await opening.open_case(session, fact, policy=policy, now=incoming.now)


async def on_inspection_evidence_added(
    session: Session, fact: cabinet.InspectionEvidenceAddedV1, incoming: Incoming, *, policy: Policy
) -> None:
    await opening.add_evidence(session, fact, policy=policy, now=incoming.now)


async def on_inspection_original_received(
    session: Session, fact: cabinet.InspectionOriginalReceivedV1, incoming: Incoming, *, policy: Policy
) -> None:
    await opening.take_original(session, fact, policy=policy, now=incoming.now)


async def on_inspection_message_posted(
    session: Session, fact: cabinet.InspectionMessagePostedV1, incoming: Incoming, *, policy: Policy
) -> None:
    await talking.record_message(session, fact, policy=policy, now=incoming.now)


async def on_inspection_cancelled(
    session: Session, fact: cabinet.InspectionCancelledV1, incoming: Incoming, *, policy: Policy
) -> None:
    await ending.record_cancellation(session, fact, policy=policy, now=incoming.now)


async def on_inspection_closed(
    session: Session, fact: cabinet.InspectionClosedV1, incoming: Incoming, *, policy: Policy
) -> None:
    await ending.record_closing(session, fact, policy=policy, now=incoming.now)


async def on_info_task_notified(
    session: Session, fact: cabinet.InfoTaskNotifiedV1, incoming: Incoming, *, policy: Policy
) -> None:
    await asking.record_notification(session, fact, policy=policy, now=incoming.now)


async def on_info_task_fulfilled(
    session: Session, fact: cabinet.InfoTaskFulfilledV1, incoming: Incoming, *, policy: Policy
) -> None:
    await asking.record_fulfilment(session, fact, policy=policy, now=incoming.now)


async def on_info_task_declined(
    session: Session, fact: cabinet.InfoTaskDeclinedV1, incoming: Incoming, *, policy: Policy
) -> None:
    await asking.record_refusal(session, fact, policy=policy, now=incoming.now)


async def on_dispute_opened(
    session: Session, fact: cabinet.DisputeOpenedV1, incoming: Incoming, *, policy: Policy
) -> None:
    await disputes.open_dispute(session, fact, policy=policy, now=incoming.now)


async def on_inspection_erased(
    session: Session, fact: cabinet.InspectionErasedV1, incoming: Incoming, *, policy: Policy
) -> None:
    await erasing.erase(session, fact, policy=policy, now=incoming.now)
