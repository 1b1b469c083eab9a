"""The tables of ratings and outcomes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.personal_columns import personal
from shared_schemas.words import AnswerProved, Deal


class Rating(Base):
    """What the client thinks of a version of the answer, as they said last: 1 to 5."""

    __tablename__ = "ratings"
    __table_args__ = (Index(None, "rated_at"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    decision_version: Mapped[int] = mapped_column(Integer, primary_key=True)
    stars: Mapped[int] = mapped_column(SmallInteger)
    words: Mapped[str | None] = mapped_column(Text, info=personal())
    rated_at: Mapped[datetime]


class Outcome(Base):
    """What came of it, as the client said last, and of which version of the answer they spoke."""

    __tablename__ = "outcomes"
    __table_args__ = (Index(None, "reported_at"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    decision_version: Mapped[int] = mapped_column(Integer)
    deal: Mapped[Deal]
    proved: Mapped[AnswerProved]
    words: Mapped[str | None] = mapped_column(Text, info=personal())
    reported_at: Mapped[datetime]
