"""The table of disputes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.db.base import Base
from service_kit.personal_columns import personal
from shared_schemas.personal import ERASED


class Dispute(Base):
    """The client does not accept a version of the answer.

    `finding_ids` are the findings of it that they doubt, none: all of it; `evidence_ids` the photos that they
    show for it.
    `settled_at` is when the next version came, when the client took the dispute back (`withdrawn_at`), or when it
    was given up: `given_up_reason` and `given_up_note` say why there is no next version.
    """

    __tablename__ = "disputes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"))
    decision_version: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text, info=personal(ERASED))
    finding_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'"))
    evidence_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'"))
    opened_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    given_up_reason: Mapped[str | None] = mapped_column(Text, info=personal())
    given_up_note: Mapped[str | None] = mapped_column(Text, info=personal())

    __table_args__ = (Index(None, "inspection_id", "opened_at"),)
