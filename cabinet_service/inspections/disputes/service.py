"""Answers that the client does not accept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from cabinet_service.inspections.answers import queries as answers
from cabinet_service.inspections.core.acting import Acting, ClientActing, Mirroring
from cabinet_service.inspections.core.domain import Act, Kind
from cabinet_service.inspections.core.errors import AnswerChanged, UnknownEvidence, UnknownFinding
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.disputes.models import Dispute
from cabinet_service.inspections.disputes.schemas import DisputeIn
from cabinet_service.photos import queries as photos
from service_kit.ids import new_id
from shared_schemas.events.bpa_v1 import DecisionView
from shared_schemas.events.cabinet_v1 import DisputeOpenedV1, DisputeWithdrawnV1


async def dispute(acting: ClientActing, inspection_id: UUID, said: DisputeIn) -> Dispute:
    """Object to the answer: other experts look at it again, against a clock of its own.

    Raises AnswerChanged, UnknownFinding or UnknownEvidence.
    """
    inspection = await acting.on(inspection_id, Act.DISPUTE)
    versions = await answers.decisions(acting.session, inspection.id)
    newest = DecisionView.model_validate(versions[-1].body)
    if said.version not in (None, newest.version):
        raise AnswerChanged(version=newest.version)
    finding_ids = tuple(dict.fromkeys(said.finding_ids))
    if unknown := set(finding_ids).difference(one.finding_id for one in newest.findings):
        raise UnknownFinding(finding_ids=", ".join(sorted(map(str, unknown))))
    evidence_ids = tuple(dict.fromkeys(said.evidence_ids))
    if strange := set(evidence_ids) - await photos.among(acting.session, inspection.id, evidence_ids):
        raise UnknownEvidence(evidence_ids=", ".join(sorted(map(str, strange))))
    await acting.move(inspection, Act.DISPUTE)
    opened = Dispute(
        id=new_id(),
        inspection_id=inspection.id,
        decision_version=newest.version,
        reason=said.reason,
        finding_ids=list(finding_ids),
        evidence_ids=list(evidence_ids),
        opened_at=acting.now,
    )
    acting.session.add(opened)
    event = DisputeOpenedV1(
        inspection_id=inspection.id,
        dispute_id=opened.id,
        reason=said.reason,
        opened_at=acting.now,
        decision_version=opened.decision_version,
        finding_ids=finding_ids,
        evidence_ids=evidence_ids,
    )
    await acting.announce(event)
    await acting.record(inspection, Kind.DISPUTE_OPENED, dispute_id=opened.id)
    return opened


async def take_back(acting: ClientActing, inspection: Inspection) -> Inspection:
    """The answer stands again. The inspection is locked by the caller."""
    taken_back = await acting.session.scalars(
        update(Dispute)
        .where(Dispute.inspection_id == inspection.id, Dispute.settled_at.is_(None))
        .values(settled_at=acting.now, withdrawn_at=acting.now)
        .returning(Dispute.id)
    )
    await acting.move(inspection, Act.CANCEL, answered=True)
    await acting.withdraw_tasks(inspection, at=acting.now)
    for dispute_id in taken_back.all():
        event = DisputeWithdrawnV1(
            inspection_id=inspection.id, dispute_id=dispute_id, withdrawn_at=acting.now
        )
        await acting.announce(event)
        # The kinds of the timeline are promised; that it was a dispute is told by its id.
        await acting.record(inspection, Kind.CANCELLED, dispute_id=dispute_id)
    return inspection


async def settle(acting: Acting, inspection: Inspection, *, at: datetime) -> None:
    """The next version of the answer came."""
    await acting.session.execute(
        update(Dispute)
        .where(Dispute.inspection_id == inspection.id, Dispute.settled_at.is_(None))
        .values(settled_at=at)
    )


async def reopen(acting: Mirroring, inspection: Inspection) -> None:
    """An amendment that crossed the dispute on its way looked like its answer, but was none."""
    newest = (
        select(Dispute.id)
        .where(Dispute.inspection_id == inspection.id, Dispute.withdrawn_at.is_(None))
        .order_by(Dispute.opened_at.desc())
        .limit(1)
    )
    await acting.session.execute(
        update(Dispute).where(Dispute.id == newest.scalar_subquery()).values(settled_at=None)
    )
