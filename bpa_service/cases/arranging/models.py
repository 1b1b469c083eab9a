"""The tables of what experts put off, and of the views that they keep."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.cases.arranging.domain import QueueOrder, View
from bpa_service.db.base import Base
from service_kit.personal_columns import not_personal


class Snooze(Base):
    """That somebody does not want to see a case in their queue until then. Nobody else's queue knows of it."""

    __tablename__ = "snoozes"
    __table_args__ = (Index(None, "until"),)

    expert_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    until: Mapped[datetime]


class KeptView(Base):
    """What somebody wants to see of the queue, under a name of theirs. `text` is looked for in the rows."""

    __tablename__ = "kept_views"

    expert_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True, info=not_personal())
    view: Mapped[View]
    text: Mapped[str] = mapped_column(String(200), info=not_personal())
    queue_order: Mapped[QueueOrder]
    saved_at: Mapped[datetime]
