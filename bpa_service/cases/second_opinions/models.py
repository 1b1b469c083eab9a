"""The table of second opinions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.personal_columns import personal
from shared_schemas.personal import ERASED
from shared_schemas.words import Verdict


class SecondOpinion(Base):
    """What a second expert was asked and said. Open until it is answered or withdrawn."""

    __tablename__ = "second_opinions"
    __table_args__ = (
        Index(
            "uq_second_opinions_open",
            "case_id",
            unique=True,
            postgresql_where=text("answered_at IS NULL AND withdrawn_at IS NULL"),
        ),
        Index(None, "case_id", "asked_at"),
        Index(None, "answered_by", "answered_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    question: Mapped[str] = mapped_column(Text, info=personal(ERASED, is_exported=False))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("experts.id"))
    asked_at: Mapped[datetime]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("experts.id"))
    answered_at: Mapped[datetime | None]
    verdict: Mapped[Verdict | None]
    text: Mapped[str | None] = mapped_column(Text, info=personal(ERASED, is_exported=False))
    withdrawn_at: Mapped[datetime | None]
