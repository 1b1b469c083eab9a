"""The tables of erasures: the proof of what was to be erased, and that it was."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.db.base import Base


class Erasure(Base):
    """A client wanted to be forgotten. `completed_at` is when both services had forgotten them."""

    __tablename__ = "erasures"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    requested_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]


class InspectionErasure(Base):
    """One inspection of an erasure: erased here at `erased_at`, and on the experts' side by `confirmed_at`.

    One that the experts never heard of is confirmed by itself.
    """

    __tablename__ = "inspection_erasures"

    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("erasures.account_id"))
    erased_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "account_id"),)
