"""Words with the client, and notes among experts."""

from uuid import UUID

from bpa_service.cases.core.acting import ExpertActing, ref
from bpa_service.cases.core.domain import Act
from bpa_service.cases.core.models import Case
from bpa_service.cases.talking.models import Message, Note, Side
from service_kit.ids import new_id
from shared_schemas.events.bpa_v1 import CaseMessagePostedV1


async def write_message(acting: ExpertActing, case_id: UUID, *, text: str) -> Message:
    """Write to the client."""
    case = await acting.on(case_id, Act.WRITE_MESSAGE)
    message = Message(
        id=new_id(),
        case_id=case.id,
        side=Side.EXPERT,
        author_id=acting.by.id,
        text=text,
        posted_at=acting.now,
    )
    acting.session.add(message)
    acting.record(case, "message_posted", message_id=message.id)
    posted = CaseMessagePostedV1(
        inspection_id=case.id, message_id=message.id, author=ref(acting.by), text=text, posted_at=acting.now
    )
    await acting.announce(posted)
    return message


async def write_note(acting: ExpertActing, case_id: UUID, *, text: str) -> Note:
    """Write something that the client never sees."""
    case = await acting.on(case_id, Act.WRITE_NOTE)
    note = noted(acting, case, text)
    acting.record(case, "note_written", note_id=note.id)
    return note


def noted(acting: ExpertActing, case: Case, text: str) -> Note:
    """Words that belong to another act, kept among the notes."""
    note = Note(id=new_id(), case_id=case.id, author_id=acting.by.id, text=text, written_at=acting.now)
    acting.session.add(note)
    return note
