"""The table of messages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.db.base import Base
from cabinet_service.inspections.core.domain import Role
from service_kit.personal_columns import personal, personal_name
from shared_schemas.personal import ERASED


class Message(Base):
    """One message between the client and the experts."""

    __tablename__ = "messages"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"))
    author_role: Mapped[Role]
    author_id: Mapped[UUID]
    author_name: Mapped[str | None] = mapped_column(String(200), info=personal_name(of="author_id"))
    text: Mapped[str] = mapped_column(Text, info=personal(ERASED))
    posted_at: Mapped[datetime]

    __table_args__ = (Index(None, "inspection_id", "posted_at", "id"),)
