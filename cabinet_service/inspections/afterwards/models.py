"""The tables of ratings and outcomes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.db.base import Base
from service_kit.personal_columns import personal
from shared_schemas.words import AnswerProved, Deal


class Rating(Base):
    """What the client thinks of a version of the answer: 1 to 5. `rated_at` is when they said so first."""

    __tablename__ = "ratings"

    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"), primary_key=True)
    decision_version: Mapped[int] = mapped_column(Integer, primary_key=True)
    stars: Mapped[int] = mapped_column(SmallInteger)
    words: Mapped[str | None] = mapped_column(Text, info=personal())
    rated_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Outcome(Base):
    """What came of it, as the client says. Until they do, only that they were asked (`asked_at`)."""

    __tablename__ = "outcomes"

    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"), primary_key=True)
    asked_at: Mapped[datetime | None]
    decision_version: Mapped[int | None] = mapped_column(Integer)
    deal: Mapped[Deal | None]
    proved: Mapped[AnswerProved | None]
    words: Mapped[str | None] = mapped_column(Text, info=personal())
    reported_at: Mapped[datetime | None]
