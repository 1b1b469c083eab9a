"""The enquiries: what is asked of which source, for which case or order of a history, and what was answered."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, false, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from bpa_service.vehicles.records.record import Identifier, IdentifierName
from service_kit.personal_columns import not_personal, personal


class VehicleEnquiry(Base):
    """One question to one source by one number of a car, asked for one case, or for one order of a history. The
    rows go when that is erased.

    `due_at` is when somebody is to ask, and None once nobody is any more; while it is asked, since
    `asking_since`, that is when whoever asks is taken for dead. `tries` counts and names the attempts: an answer
    counts if no other attempt was begun since. With `fresh` no earlier answer will do.

    `coverage` and `records` are the newest answer, as it stands since `answered_at`; it may still be incomplete,
    and then the question is put again until `gives_up_at`. `asked_at` is when the source was asked, which was
    for another one if it is `cached`.
    """

    __tablename__ = "vehicle_enquiries"
    __table_args__ = (
        Index(
            "uq_vehicle_enquiries_open",
            *("case_id", "source", "name", "value"),
            unique=True,
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        Index("ix_vehicle_enquiries_due", "source", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index(None, "case_id"),
        Index(None, "history_id", postgresql_where=text("history_id IS NOT NULL")),
        CheckConstraint("num_nonnulls(case_id, history_id) = 1", name="one_occasion"),
        Index(None, "value", "name", "source", "put_at"),
        Index(None, "answered_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    history_id: Mapped[UUID | None] = mapped_column(ForeignKey("history_orders.id"))
    source: Mapped[str] = mapped_column(String(40), info=not_personal())
    name: Mapped[str] = mapped_column(String(20), info=not_personal())
    value: Mapped[str] = mapped_column(String(40), info=personal("", is_exported=False))
    country: Mapped[str] = mapped_column(String(2), info=not_personal())
    put_at: Mapped[datetime]
    gives_up_at: Mapped[datetime]
    fresh: Mapped[bool] = mapped_column(Boolean, server_default=false())
    due_at: Mapped[datetime | None]
    asking_since: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(Integer, default=0)
    answered_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    cached: Mapped[bool] = mapped_column(Boolean, server_default=false())
    coverage: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"), info=not_personal())
    records: Mapped[list[Any]] = mapped_column(
        JSONB, server_default=text("'[]'"), info=personal([], is_exported=False)
    )
    rejects: Mapped[list[Any]] = mapped_column(
        JSONB, server_default=text("'[]'"), info=personal([], is_exported=False)
    )

    @property
    def about(self) -> Identifier:
        """The number that it is asked by."""
        return Identifier(cast("IdentifierName", self.name), self.value, self.country)
