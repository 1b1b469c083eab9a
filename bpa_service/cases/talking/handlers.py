"""What the client says."""

from bpa_service.cases.core.acting import Acting, client_of
from bpa_service.cases.talking.models import Message, Side
from shared_schemas.events.cabinet_v1 import InspectionMessagePostedV1


async def record_message(acting: Acting, fact: InspectionMessagePostedV1) -> None:
    """The client wrote, whatever state the case is in."""
    case = await acting.lock(fact.inspection_id)
    acting.session.add(
        Message(
            id=fact.message_id, case_id=case.id, side=Side.CLIENT, text=fact.text, posted_at=fact.posted_at
        )
    )
    acting.record(case, "message_received", by=client_of(case), message_id=fact.message_id)
