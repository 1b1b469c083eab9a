"""The table of cases that are tied."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base


class TiedCase(Base):
    """Two cases that an expert tied, as they are of one car. Each pair is there twice: either finds it."""

    __tablename__ = "tied_cases"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    other_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)
    tied_by: Mapped[UUID] = mapped_column(ForeignKey("experts.id"))
    tied_at: Mapped[datetime]
