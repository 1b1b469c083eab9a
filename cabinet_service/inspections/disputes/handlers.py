"""Disputes that end without another answer."""

from sqlalchemy import update

from cabinet_service.inspections.core.acting import Mirroring
from cabinet_service.inspections.core.domain import OVER
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.disputes.models import Dispute
from cabinet_service.inspections.ending.service import without_answer
from shared_schemas.events import bpa_v1 as bpa


async def record_taking_back(
    acting: Mirroring, inspection: Inspection, fact: bpa.CaseDisputeWithdrawnV1
) -> None:
    await acting.take_clock(inspection, fact.clock)
    await acting.hear(inspection, fact.state, at=fact.settled_at)
    acting.changed(inspection, "dispute_withdrawn")


async def record_giving_up(acting: Mirroring, inspection: Inspection, fact: bpa.CaseDisputeGivenUpV1) -> None:
    await acting.take_clock(inspection, fact.clock)
    was_over = inspection.state in OVER
    await acting.hear(inspection, fact.state, at=fact.settled_at)
    # What the client has taken back, or settled by closing, was not given up for them.
    found = await acting.session.scalars(
        update(Dispute)
        .where(Dispute.id.in_(fact.dispute_ids), Dispute.settled_at.is_(None))
        .values(settled_at=fact.settled_at, given_up_reason=fact.reason, given_up_note=fact.note)
        .returning(Dispute.id)
    )
    given_up = found.all()
    acting.changed(inspection, "dispute_given_up")
    # The kinds of the timeline are promised; that it was a dispute is told by its id.
    kind, told_as = without_answer(fact.cause)
    for dispute_id in given_up:
        await acting.record(inspection, kind, at=fact.settled_at, reason=fact.reason, dispute_id=dispute_id)
    if given_up and not was_over:
        await acting.tell(inspection, told_as)
