"""Words with the experts."""

from uuid import UUID

from cabinet_service.inspections.core.acting import ClientActing
from cabinet_service.inspections.core.domain import Act, Kind, Role
from cabinet_service.inspections.talking.models import Message
from service_kit.ids import new_id
from shared_schemas.events.cabinet_v1 import InspectionMessagePostedV1


async def post_message(acting: ClientActing, inspection_id: UUID, text: str) -> Message:
    """Write to the experts who work on the inspection."""
    inspection = await acting.on(inspection_id, Act.POST_MESSAGE)
    message = Message(
        id=new_id(),
        inspection_id=inspection.id,
        author_role=Role.CLIENT,
        author_id=acting.client.account_id,
        author_name=acting.client.display_name,
        text=text,
        posted_at=acting.now,
    )
    acting.session.add(message)
    event = InspectionMessagePostedV1(
        inspection_id=inspection.id, message_id=message.id, text=text, posted_at=acting.now
    )
    await acting.announce(event)
    await acting.record(inspection, Kind.MESSAGE_POSTED, message_id=message.id)
    return message
