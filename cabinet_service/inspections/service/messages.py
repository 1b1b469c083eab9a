"""Writing to the experts."""

from datetime import datetime
from uuid import UUID

from cabinet_service.accounts.domain import Client
from cabinet_service.db.tables import outbox
from cabinet_service.inspections.domain import Act, Kind, Role
from cabinet_service.inspections.models import Message
from cabinet_service.inspections.service import happening
from service_kit.db import Session
from service_kit.ids import new_id
from shared_schemas.events.cabinet_v1 import InspectionMessagePostedV1


async def post_message(
    session: Session, inspection_id: UUID, text: str, *, client: Client, now: datetime
) -> Message:
    """Write to the experts who work on the inspection."""
    inspection = await happening.begin(session, inspection_id, Act.POST_MESSAGE, client=client)
    message = Message(
        id=new_id(),
        inspection_id=inspection.id,
        author_role=Role.CLIENT,
        author_id=client.account_id,
        author_name=client.display_name,
        text=text,
        posted_at=now,
    )
    session.add(message)
    event = InspectionMessagePostedV1(
        inspection_id=inspection.id, message_id=message.id, text=text, posted_at=now
    )
    await outbox.add(session, event, now=now)
    await happening.record(
        session,
        inspection,
        Kind.MESSAGE_POSTED,
        happening.by_client(client),
        at=now,
        now=now,
        message_id=message.id,
    )
    return message
