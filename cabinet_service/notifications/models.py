"""The tables of notifications. What they mean stands with their columns in the kit."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.db.base import Base
from cabinet_service.notifications.kinds import NotificationKind
from service_kit.notifying.tables import (
    AddressColumns,
    ChoiceColumns,
    DeliveryColumns,
    NotificationColumns,
)
from service_kit.personal_columns import not_personal


class Notification(NotificationColumns, Base):
    __tablename__ = "notifications"

    person_id: Mapped[UUID] = mapped_column(
        "account_id", ForeignKey("accounts.id"), info=not_personal(is_exported=False)
    )
    kind: Mapped[NotificationKind] = mapped_column()
    # The inspection, or the history of the kinds OF_HISTORIES.
    subject_id: Mapped[UUID] = mapped_column("inspection_id")
    number: Mapped[str] = mapped_column("inspection_number", String(16), info=not_personal())
    task_id: Mapped[UUID | None] = mapped_column("info_task_id")

    __table_args__ = (
        UniqueConstraint("event_id", "account_id"),
        Index(None, "account_id"),
        Index(None, "info_task_id", postgresql_where=text("info_task_id IS NOT NULL")),
        Index("ix_notifications_turn", "escalate_at", postgresql_where=text("escalate_at IS NOT NULL")),
    )


class Delivery(DeliveryColumns, Base):
    __tablename__ = "notification_deliveries"

    notification_id: Mapped[UUID] = mapped_column(ForeignKey("notifications.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(
        "account_id", ForeignKey("accounts.id"), index=True, info=not_personal(is_exported=False)
    )


class Choice(ChoiceColumns, Base):
    __tablename__ = "notification_choices"

    person_id: Mapped[UUID] = mapped_column(
        "account_id", ForeignKey("accounts.id"), primary_key=True, info=not_personal(is_exported=False)
    )


class Address(AddressColumns, Base):
    __tablename__ = "notification_addresses"

    person_id: Mapped[UUID] = mapped_column(
        "account_id", ForeignKey("accounts.id"), index=True, info=not_personal(is_exported=False)
    )
