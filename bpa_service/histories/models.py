"""The table of ordered histories."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.personal_columns import not_personal, personal_in
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.report.content import Report


class HistoryOrder(Base):
    """What a client wants to know of a car without an inspection. It has the id that cabinet gave it.

    `number` is what cabinet calls it by, and cabinet's to keep unique. `claim` is a
    shared_schemas.events.cabinet_v1.VehicleClaim. By `make_by` the report is made of what is known then, whoever
    has not answered; while it is made that is put off. `body` is a shared_schemas.report.content.Report and
    `sha256` the digest of it as it was made, in hex, which stays when the body is erased. `is_test`: it was
    ordered in a sandbox.
    """

    __tablename__ = "history_orders"
    __table_args__ = (
        Index(
            "ix_history_orders_due", "make_by", postgresql_where=text("made_at IS NULL AND erased_at IS NULL")
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(16), info=not_personal())
    is_test: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    claim: Mapped[dict[str, Any]] = mapped_column(info=personal_in(VehicleClaim, is_exported=False))
    ordered_at: Mapped[datetime]
    make_by: Mapped[datetime]
    report_id: Mapped[UUID | None]
    body: Mapped[dict[str, Any] | None] = mapped_column(info=personal_in(Report, is_exported=False))
    sha256: Mapped[str | None] = mapped_column(String(64), info=not_personal())
    made_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
