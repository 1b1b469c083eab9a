"""Answers that their client does not accept."""

from datetime import datetime

from sqlalchemy import func, select, update

from bpa_service.cases import domain
from bpa_service.cases.domain import Act
from bpa_service.cases.models import Case, Decision, Dispute
from bpa_service.cases.policy import Policy
from bpa_service.cases.service import acting, clocks
from bpa_service.db.tables import outbox
from service_kit.db import Session
from shared_schemas.events.bpa_v1 import CaseQueuedV1
from shared_schemas.events.cabinet_v1 import DisputeOpenedV1
from shared_schemas.words import InspectionState


async def open_dispute(session: Session, fact: DisputeOpenedV1, *, policy: Policy, now: datetime) -> None:
    """Put an answered case into the queue once more, with a clock of its own.

    One that is over by now, or disputed already, stays as it is; the dispute is kept all the same.
    """
    case = await acting.lock(session, fact.inspection_id, policy=policy, now=now)
    newest = await session.scalar(select(func.max(Decision.version)).where(Decision.case_id == case.id))
    session.add(
        Dispute(
            id=fact.dispute_id,
            case_id=case.id,
            reason=fact.reason,
            opened_at=fact.opened_at,
            disputed_version=newest,
        )
    )
    in_time = domain.is_legal(case.standing, Act.DISPUTE, now=now)
    client, details = acting.client_of(case), {"dispute_id": fact.dispute_id, "in_time": in_time}
    await acting.leave_traces(session, case, "dispute_opened", by=client, now=now, details=details)
    if not in_time:
        return
    await acting.move(session, case, Act.DISPUTE, by=None, policy=policy, now=now)
    case.claimed_at, case.claim_late = None, False
    clock = await clocks.start(session, case, at=fact.opened_at, policy=policy, now=now)
    queued = CaseQueuedV1(inspection_id=case.id, clock=clock, state=InspectionState.DISPUTED)
    await outbox.add(session, queued, now=now)


async def answer_open(session: Session, case: Case, *, version: int) -> None:
    """That version of the answer is the reply to whatever was disputed."""
    await session.execute(
        update(Dispute)
        .where(Dispute.case_id == case.id, Dispute.answered_version.is_(None))
        .values(answered_version=version)
    )
