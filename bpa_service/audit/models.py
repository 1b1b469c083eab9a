"""The table of the audit log. Rows are added and never changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base


class AuditEntry(Base):
    """One act. `actor_id` is None where bpa acted of its own accord; `actor_name` is the name at the time."""

    __tablename__ = "audit_entries"

    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    act: Mapped[str] = mapped_column(String(64))
    case_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]]

    __table_args__ = (
        Index(None, "case_id", "position"),
        Index(None, "actor_id", "position"),
        Index(None, "act", "position"),
        Index(None, "at"),
    )
