"""The tables of exports, and of erasures: the proof of what was to be erased, and that it was."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.db.base import Base


class ExportState(StrEnum):
    """What became of an export. `failed`: it could not be made for a day."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


class Export(Base):
    """An archive of a client's data. Its file is there while it is `ready`."""

    __tablename__ = "exports"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    state: Mapped[ExportState]
    requested_at: Mapped[datetime]
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    expires_at: Mapped[datetime | None]

    __table_args__ = (
        Index(None, "account_id", "requested_at"),
        Index("uq_exports_pending", "account_id", unique=True, postgresql_where=text("state = 'pending'")),
    )

    @property
    def file_key(self) -> str:
        """Where the file is, or will be: made once more it takes the place of what a crash has left."""
        return f"exports/{self.id.hex[-2:]}/{self.id.hex}"


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
