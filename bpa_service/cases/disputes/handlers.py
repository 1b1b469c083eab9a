"""The client does not accept the answer, or takes that back."""

from sqlalchemy import update

from bpa_service.cases.clocks import service as clocks
from bpa_service.cases.core.acting import Acting, client_of
from bpa_service.cases.deciding import queries as deciding
from bpa_service.cases.disputes.models import Dispute
from bpa_service.cases.ending import service as ending
from bpa_service.sla import queries as sla
from bpa_service.sla.service import NoClock
from shared_schemas.crossings import ClientAct
from shared_schemas.events.bpa_v1 import CaseDisputeWithdrawnV1, CaseQueuedV1
from shared_schemas.events.cabinet_v1 import DisputeOpenedV1, DisputeWithdrawnV1
from shared_schemas.words import InspectionState


async def record_dispute(acting: Acting, fact: DisputeOpenedV1) -> None:
    """Put an answered case into the queue once more, with a clock of its own.

    One that is over by now, or disputed already, stays as it is; the dispute is kept all the same. It is about
    the version that the client had seen, also where an amendment crossed it.
    """
    case = await acting.lock(fact.inspection_id)
    acting.session.add(
        Dispute(
            id=fact.dispute_id,
            case_id=case.id,
            reason=fact.reason,
            finding_ids=list(fact.finding_ids),
            evidence_ids=list(fact.evidence_ids),
            opened_at=fact.opened_at,
            disputed_version=fact.decision_version or await deciding.newest_version(acting.session, case),
        )
    )
    was = case.state
    moved = acting.hear(case, ClientAct.DISPUTE)
    client, dispute_id = client_of(case), fact.dispute_id
    acting.record(case, "dispute_opened", by=client, dispute_id=dispute_id, was=was, in_time=moved)
    if not moved:
        return
    case.claimed_at, case.claim_late = None, False
    clock = await clocks.start(acting, case, at=fact.opened_at)
    queued = CaseQueuedV1(inspection_id=case.id, clock=clock, state=InspectionState.DISPUTED)
    await acting.announce(queued)


async def record_taking_back(acting: Acting, fact: DisputeWithdrawnV1) -> None:
    """The last answer stands again, unless an amendment that crossed this stands already."""
    case = await acting.lock(fact.inspection_id)
    await acting.session.execute(
        update(Dispute)
        .where(Dispute.case_id == case.id, Dispute.withdrawn_at.is_(None))
        .where(Dispute.answered_version.is_(None))
        .values(withdrawn_at=fact.withdrawn_at)
    )
    was = case.state
    moved = await ending.end(acting, case, ClientAct.TAKE_BACK, at=fact.withdrawn_at)
    client, dispute_id = client_of(case), fact.dispute_id
    acting.record(case, "dispute_withdrawn", by=client, dispute_id=dispute_id, was=was, in_time=moved)
    if not moved:
        return
    clock = await sla.clock_of(acting.session, case.id)
    if clock is None:
        raise NoClock(case.id)
    settled = CaseDisputeWithdrawnV1(
        inspection_id=case.id, clock=clock, state=InspectionState.ANSWERED, settled_at=fact.withdrawn_at
    )
    await acting.announce(settled)
