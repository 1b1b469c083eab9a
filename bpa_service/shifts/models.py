"""The tables of who is at work."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base


class Shift(Base):
    """A stretch in which somebody takes cases. It lasts while `ended_at` is null; nobody has two at once."""

    __tablename__ = "shifts"
    __table_args__ = (
        Index("uq_shifts_running", "expert_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index(None, "expert_id", "started_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    expert_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Presence(Base):
    """That somebody has a case on their screen. Without a sign for a while it counts no more.

    `visit_id` is the visit that the newest sign is of. Who has left keeps a row for a while, so that a sign of
    that visit which comes late does not bring them back.
    """

    __tablename__ = "presence"
    __table_args__ = (Index(None, "seen_at"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    expert_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"), primary_key=True)
    visit_id: Mapped[UUID | None]
    has_left: Mapped[bool] = mapped_column(Boolean, server_default=false())
    seen_at: Mapped[datetime]
