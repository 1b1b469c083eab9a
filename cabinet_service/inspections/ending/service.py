"""What a client does instead of waiting for an answer, or once it is there."""

from uuid import UUID

from cabinet_service.inspections.answers import queries as answers
from cabinet_service.inspections.core.acting import ClientActing
from cabinet_service.inspections.core.domain import Act, Kind
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.disputes import service as disputes
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.photos import service as photos
from shared_schemas.events.cabinet_v1 import InspectionCancelledV1, InspectionClosedV1
from shared_schemas.words import InspectionState


async def cancel(acting: ClientActing, inspection_id: UUID, reason: str | None) -> Inspection:
    """Give up waiting. A draft goes together with its photos; of one, the experts never knew.

    Once there is an answer it can only be the dispute that is given up: it is taken back.
    """
    inspection = await acting.on(inspection_id, Act.CANCEL)
    if await answers.is_answered(acting.session, inspection):
        return await disputes.take_back(acting, inspection)
    was_draft = inspection.state is InspectionState.DRAFT
    await acting.move(inspection, Act.CANCEL)
    inspection.ended_reason = reason
    if was_draft:
        await photos.forget(acting.session, inspection.id, now=acting.now)
    else:
        event = InspectionCancelledV1(inspection_id=inspection.id, reason=reason, cancelled_at=acting.now)
        await acting.announce(event)
    await acting.record(inspection, Kind.CANCELLED)
    return inspection


async def close(acting: ClientActing, inspection_id: UUID) -> Inspection:
    """Take the answer as final."""
    inspection = await acting.on(inspection_id, Act.CLOSE)
    await acting.move(inspection, Act.CLOSE)
    await acting.announce(InspectionClosedV1(inspection_id=inspection.id, closed_at=acting.now))
    await acting.record(inspection, Kind.CLOSED)
    return inspection


def without_answer(cause: InspectionState) -> tuple[Kind, NotificationKind]:
    """How it is put on record and told that there is no answer."""
    if cause is InspectionState.EXPIRED:
        return Kind.EXPIRED, NotificationKind.EXPIRED
    return Kind.UNPROCESSABLE, NotificationKind.UNPROCESSABLE
