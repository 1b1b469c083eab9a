"""The table of what clients are asked."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.personal_columns import not_personal, personal
from shared_schemas.personal import ERASED
from shared_schemas.words import DeclineDetail, DeclineReason, Shot


class TaskState(StrEnum):
    """What became of an ask."""

    OPEN = "open"
    FULFILLED = "fulfilled"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class InfoTask(Base):
    """Something asked of the client. `ended_at` is when the client did it or declined, or we withdrew it."""

    __tablename__ = "info_tasks"
    __table_args__ = (Index(None, "case_id", "asked_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    state: Mapped[TaskState] = mapped_column(default=TaskState.OPEN)
    shot: Mapped[Shot | None]
    question: Mapped[str] = mapped_column(Text, info=personal(ERASED))
    place: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), info=personal(is_exported=False)
    )
    blocking: Mapped[bool] = mapped_column(Boolean)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("experts.id"))
    asked_at: Mapped[datetime]
    notified_at: Mapped[datetime | None]
    channel: Mapped[str | None] = mapped_column(Text, info=not_personal())
    ended_at: Mapped[datetime | None]
    evidence_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)
    answer: Mapped[str | None] = mapped_column(Text, info=personal())
    decline_reason: Mapped[DeclineReason | None]
    decline_detail: Mapped[DeclineDetail | None]
    decline_note: Mapped[str | None] = mapped_column(Text, info=personal())
