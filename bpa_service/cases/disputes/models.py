"""The table of disputes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.personal_columns import personal
from shared_schemas.personal import ERASED


class Dispute(Base):
    """An answer that the client does not accept. Open until an amendment answers it, they take it back,
    or it is given up.

    `finding_ids` are the findings of that version that they doubt, `evidence_ids` the photos that show it.
    """

    __tablename__ = "disputes"
    __table_args__ = (Index(None, "case_id", "opened_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    reason: Mapped[str] = mapped_column(Text, info=personal(ERASED))
    finding_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'"))
    evidence_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'"))
    opened_at: Mapped[datetime]
    disputed_version: Mapped[int | None] = mapped_column(Integer)
    answered_version: Mapped[int | None] = mapped_column(Integer)
    withdrawn_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
