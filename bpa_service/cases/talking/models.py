"""The tables of what is said: to the client, and among experts."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.personal_columns import personal
from shared_schemas.personal import ERASED


class Side(StrEnum):
    """Who wrote a message."""

    CLIENT = "client"
    EXPERT = "expert"


class Message(Base):
    """A word between client and experts. `author_id` is None for the client's."""

    __tablename__ = "messages"
    __table_args__ = (Index(None, "case_id", "posted_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    side: Mapped[Side]
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("experts.id"))
    text: Mapped[str] = mapped_column(Text, info=personal(ERASED))
    posted_at: Mapped[datetime]


class Note(Base):
    """A word among experts; the client never sees it."""

    __tablename__ = "notes"
    __table_args__ = (Index(None, "case_id", "written_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"))
    text: Mapped[str] = mapped_column(Text, info=personal(ERASED, is_exported=False))
    written_at: Mapped[datetime]
