"""The table of answers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.db.base import Base
from service_kit.personal_columns import personal_in
from shared_schemas.events.bpa_v1 import DecisionView


class Decision(Base):
    """One version of the answer. `body` is a shared_schemas.events.bpa_v1.DecisionView."""

    __tablename__ = "decisions"

    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    preliminary: Mapped[bool]
    body: Mapped[dict[str, Any]] = mapped_column(info=personal_in(DecisionView))
    decided_at: Mapped[datetime]

    __table_args__ = (Index(None, "decided_at"),)
