"""Messages as the API speaks of them."""

from datetime import datetime
from uuid import UUID

from cabinet_service.inspections.core.domain import Role
from cabinet_service.inspections.talking.models import Message
from service_kit.http.schemas import ApiInput, ApiOutput, LongText


class MessageIn(ApiInput):
    text: LongText


class MessageOut(ApiOutput):
    id: UUID
    author: Role
    author_id: UUID
    author_name: str | None
    text: str
    posted_at: datetime

    @classmethod
    def of(cls, message: Message) -> "MessageOut":
        return cls(
            id=message.id,
            author=message.author_role,
            author_id=message.author_id,
            author_name=message.author_name,
            text=message.text,
            posted_at=message.posted_at,
        )
