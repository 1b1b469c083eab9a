"""Messages and notes as the API speaks of them."""

from datetime import datetime
from uuid import UUID

from bpa_service.cases.core.schemas import Names, maybe_ref, ref
from bpa_service.cases.talking.models import Message, Note, Side
from service_kit.http.schemas import ApiInput, ApiOutput, LongText
from shared_schemas.events.bpa_v1 import ExpertRef


class TextIn(ApiInput):
    text: LongText


class MessageOut(ApiOutput):
    """A word between client and experts; `author` is null for the client's."""

    message_id: UUID
    side: Side
    author: ExpertRef | None
    text: str
    posted_at: datetime

    @classmethod
    def of(cls, message: Message, names: Names) -> "MessageOut":
        return cls(
            message_id=message.id,
            side=message.side,
            author=maybe_ref(message.author_id, names),
            text=message.text,
            posted_at=message.posted_at,
        )


class NoteOut(ApiOutput):
    """A word among experts."""

    note_id: UUID
    author: ExpertRef
    text: str
    written_at: datetime

    @classmethod
    def of(cls, note: Note, names: Names) -> "NoteOut":
        return cls(
            note_id=note.id, author=ref(note.author_id, names), text=note.text, written_at=note.written_at
        )
