"""The table of notifications."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.accounts.domain import ContactKind
from cabinet_service.db.base import Base
from cabinet_service.notifications.kinds import NotificationKind, NotificationState
from service_kit.personal_columns import not_personal


class Notification(Base):
    """One person is told one thing once, however often the event comes that gave rise to it.

    `channel` is how it was sent; `settled_at` is when it stopped being pending.
    """

    __tablename__ = "notifications"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(info=not_personal(is_exported=False))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), info=not_personal(is_exported=False))
    kind: Mapped[NotificationKind]
    inspection_id: Mapped[UUID]
    inspection_number: Mapped[str] = mapped_column(String(16), info=not_personal())
    info_task_id: Mapped[UUID | None]
    state: Mapped[NotificationState]
    channel: Mapped[ContactKind | None]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("event_id", "account_id"),
        Index(None, "account_id"),
        Index(None, "info_task_id", postgresql_where=text("info_task_id IS NOT NULL")),
        Index("ix_notifications_waiting", "created_at", postgresql_where=text("state = 'pending'")),
    )
