"""Words with the client, and notes among experts."""

from datetime import datetime
from uuid import UUID

from bpa_service.cases.domain import Act
from bpa_service.cases.models import Message, Note, Side
from bpa_service.cases.policy import Policy
from bpa_service.cases.service import acting
from bpa_service.db.tables import outbox
from bpa_service.experts.domain import Expert
from service_kit.db import Session
from service_kit.ids import new_id
from shared_schemas.events.bpa_v1 import CaseMessagePostedV1
from shared_schemas.events.cabinet_v1 import InspectionMessagePostedV1


async def write_message(
    session: Session,
    case_id: UUID,
    *,
    text: str,
    by: Expert,
    seen: int | None,
    policy: Policy,
    now: datetime,
) -> Message:
    """Write to the client."""
    case = await acting.begin(session, case_id, Act.WRITE_MESSAGE, by=by, seen=seen, policy=policy, now=now)
    message = Message(
        id=new_id(), case_id=case.id, side=Side.EXPERT, author_id=by.id, text=text, posted_at=now
    )
    session.add(message)
    details = {"message_id": message.id}
    await acting.leave_traces(session, case, "message_posted", by=by, now=now, details=details)
    posted = CaseMessagePostedV1(
        inspection_id=case.id, message_id=message.id, author=acting.ref(by), text=text, posted_at=now
    )
    await outbox.add(session, posted, now=now)
    return message


async def record_message(
    session: Session, fact: InspectionMessagePostedV1, *, policy: Policy, now: datetime
) -> None:
    """The client wrote, whatever state the case is in."""
    case = await acting.lock(session, fact.inspection_id, policy=policy, now=now)
    session.add(
        Message(
            id=fact.message_id, case_id=case.id, side=Side.CLIENT, text=fact.text, posted_at=fact.posted_at
        )
    )
    client, details = acting.client_of(case), {"message_id": fact.message_id}
    await acting.leave_traces(session, case, "message_received", by=client, now=now, details=details)


async def write_note(
    session: Session,
    case_id: UUID,
    *,
    text: str,
    by: Expert,
    seen: int | None,
    policy: Policy,
    now: datetime,
) -> Note:
    """Write something that the client never sees."""
    case = await acting.begin(session, case_id, Act.WRITE_NOTE, by=by, seen=seen, policy=policy, now=now)
    note = Note(id=new_id(), case_id=case.id, author_id=by.id, text=text, written_at=now)
    session.add(note)
    details = {"note_id": note.id}
    await acting.leave_traces(session, case, "note_written", by=by, now=now, details=details)
    return note
