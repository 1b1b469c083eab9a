"""The table of incidents."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.personal_columns import not_personal


class Incident(Base):
    """A failure of the platform, declared by a shift lead. While it lasts every open clock stands still."""

    __tablename__ = "incidents"
    __table_args__ = (Index(None, "started_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    note: Mapped[str] = mapped_column(Text, info=not_personal())
    started_by: Mapped[UUID] = mapped_column(ForeignKey("experts.id"))
    started_at: Mapped[datetime]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("experts.id"))
    ended_at: Mapped[datetime | None]
