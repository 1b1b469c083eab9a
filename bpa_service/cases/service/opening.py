"""A case begins, and what its client adds to it later."""

from datetime import datetime

from sqlalchemy import func, select

from bpa_service.cases.models import Case
from bpa_service.cases.policy import Policy
from bpa_service.cases.service import acting, clocks
from bpa_service.cases.service.acting import Client
from bpa_service.db.tables import outbox
from bpa_service.evidence import service as evidence
from service_kit.db import Session
from shared_schemas.events.bpa_v1 import CaseQueuedV1
from shared_schemas.events.cabinet_v1 import (
    InspectionEvidenceAddedV1,
    InspectionOriginalReceivedV1,
    InspectionSubmittedV1,
)
from shared_schemas.words import InspectionState


async def open_case(session: Session, order: InspectionSubmittedV1, *, policy: Policy, now: datetime) -> Case:
    """Put an inspection into the queue. Its clock runs since the client submitted it, not since now."""
    case = Case(
        id=order.inspection_id,
        number=order.number,
        state=InspectionState.QUEUED,
        version=0,
        claim=order.claim.model_dump(mode="json"),
        client=order.client.model_dump(mode="json"),
        worry=order.worry,
        disputed=False,
        photo_count=len(order.evidence),
        submitted_at=order.submitted_at,
        opened_at=now,
        holder_changed_at=now,
    )
    await session.execute(select(func.pg_advisory_xact_lock_shared(clocks.INCIDENTS_LOCK)))
    clock = await clocks.start(session, case, at=order.submitted_at, policy=policy, now=now)
    session.add(case)
    await evidence.add(session, case.id, order.evidence)
    await acting.leave_traces(session, case, "case_opened", by=Client(order.client.account_id), now=now)
    await session.flush()
    queued = CaseQueuedV1(inspection_id=case.id, clock=clock, state=InspectionState.QUEUED)
    await outbox.add(session, queued, now=now)
    return case


async def add_evidence(
    session: Session, fact: InspectionEvidenceAddedV1, *, policy: Policy, now: datetime
) -> None:
    """Take in a photo that came after the submit, whatever state the case is in."""
    case = await acting.lock(session, fact.inspection_id, policy=policy, now=now)
    photo = fact.evidence
    await evidence.add(session, case.id, [photo])
    case.photo_count += 1
    client = acting.client_of(case)
    details = {"evidence_id": photo.evidence_id, "info_task_id": photo.info_task_id}
    await acting.leave_traces(session, case, "evidence_added", by=client, now=now, details=details)


async def take_original(
    session: Session, fact: InspectionOriginalReceivedV1, *, policy: Policy, now: datetime
) -> None:
    """The original of a photo came, of which there was a copy. What was found on that stays where it is."""
    case = await acting.lock(session, fact.inspection_id, policy=policy, now=now)
    await evidence.take_original(session, fact.evidence)
    client = acting.client_of(case)
    details = {"evidence_id": fact.evidence.evidence_id}
    await acting.leave_traces(session, case, "original_received", by=client, now=now, details=details)
