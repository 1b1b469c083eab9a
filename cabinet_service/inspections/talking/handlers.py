"""What the experts write."""

from cabinet_service.inspections.core.acting import Mirroring, expert
from cabinet_service.inspections.core.domain import Kind, Role
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.talking.models import Message
from cabinet_service.notifications.kinds import NotificationKind
from shared_schemas.events.bpa_v1 import CaseMessagePostedV1


async def record_message(acting: Mirroring, inspection: Inspection, fact: CaseMessagePostedV1) -> None:
    message = Message(
        id=fact.message_id,
        inspection_id=inspection.id,
        author_role=Role.EXPERT,
        author_id=fact.author.expert_id,
        author_name=fact.author.display_name,
        text=fact.text,
        posted_at=fact.posted_at,
    )
    acting.session.add(message)
    by, at = expert(fact.author), fact.posted_at
    await acting.record(inspection, Kind.MESSAGE_POSTED, by=by, at=at, message_id=message.id)
    await acting.tell(inspection, NotificationKind.EXPERT_MESSAGE)
