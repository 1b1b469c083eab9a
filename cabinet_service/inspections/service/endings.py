"""What a client does about an answer, or instead of waiting for one."""

from datetime import datetime
from uuid import UUID

from cabinet_service.accounts.domain import Client
from cabinet_service.db.tables import outbox
from cabinet_service.inspections import queries
from cabinet_service.inspections.domain import Act, Kind
from cabinet_service.inspections.models import Dispute, Inspection
from cabinet_service.inspections.service import happening
from cabinet_service.photos import service as photos
from service_kit.db import Session
from service_kit.ids import new_id
from shared_schemas.events.cabinet_v1 import DisputeOpenedV1, InspectionCancelledV1, InspectionClosedV1
from shared_schemas.words import InspectionState


async def cancel(
    session: Session, inspection_id: UUID, reason: str | None, *, client: Client, now: datetime
) -> Inspection:
    """Give up waiting. A draft goes together with its photos; of one, the experts never knew."""
    inspection = await happening.begin(session, inspection_id, Act.CANCEL, client=client)
    was_draft = inspection.state is InspectionState.DRAFT
    await happening.move(session, inspection, happening.state_after(inspection, Act.CANCEL), at=now)
    inspection.ended_reason = reason
    if was_draft:
        await photos.forget(session, inspection.id, now=now)
    else:
        event = InspectionCancelledV1(inspection_id=inspection.id, reason=reason, cancelled_at=now)
        await outbox.add(session, event, now=now)
    await happening.record(session, inspection, Kind.CANCELLED, happening.by_client(client), at=now, now=now)
    return inspection


async def dispute(
    session: Session, inspection_id: UUID, reason: str, *, client: Client, now: datetime
) -> Dispute:
    """Object to the answer: other experts look at it again, against a clock of its own."""
    inspection = await happening.begin(session, inspection_id, Act.DISPUTE, client=client)
    await happening.move(session, inspection, happening.state_after(inspection, Act.DISPUTE), at=now)
    answers = await queries.decisions(session, inspection.id)
    opened = Dispute(
        id=new_id(),
        inspection_id=inspection.id,
        decision_version=answers[-1].version,
        reason=reason,
        opened_at=now,
    )
    session.add(opened)
    event = DisputeOpenedV1(inspection_id=inspection.id, dispute_id=opened.id, reason=reason, opened_at=now)
    await outbox.add(session, event, now=now)
    by_client = happening.by_client(client)
    await happening.record(
        session, inspection, Kind.DISPUTE_OPENED, by_client, at=now, now=now, dispute_id=opened.id
    )
    return opened


async def close(session: Session, inspection_id: UUID, *, client: Client, now: datetime) -> Inspection:
    """Take the answer as final."""
    inspection = await happening.begin(session, inspection_id, Act.CLOSE, client=client)
    await happening.move(session, inspection, happening.state_after(inspection, Act.CLOSE), at=now)
    await outbox.add(session, InspectionClosedV1(inspection_id=inspection.id, closed_at=now), now=now)
    await happening.record(session, inspection, Kind.CLOSED, happening.by_client(client), at=now, now=now)
    return inspection
