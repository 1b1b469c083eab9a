"""The index of what cars are called, and which cases share a name."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.cases.naming.domain import NameKind, NameSource
from bpa_service.db.base import Base
from service_kit.personal_columns import erased_otherwise


class CarName(Base):
    """A name of the car of a case (`domain.Name`). An erasure deletes them."""

    __tablename__ = "car_names"
    __table_args__ = (Index(None, "key", "kind", "said_at"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    kind: Mapped[NameKind] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True, info=erased_otherwise(is_exported=False))
    source: Mapped[NameSource] = mapped_column(primary_key=True)
    said_at: Mapped[datetime]
    evidence_id: Mapped[UUID | None]


class SameCar(Base):
    """Two cases that share a name, put down when the later one got it. Each pair is there twice, so that either
    case finds it. `other_plate`: they share a number, and the plates that they say have none in common.
    """

    __tablename__ = "same_cars"

    # No foreign keys: they would lock the other case, which somebody may be acting on who waits for this one.
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    other_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    kind: Mapped[NameKind] = mapped_column(primary_key=True)
    other_plate: Mapped[bool] = mapped_column(Boolean, server_default=false())
