"""The tables of notifications. What they mean stands with their columns in the kit."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from bpa_service.notifications.kinds import NotificationKind
from service_kit.notifying.tables import (
    AddressColumns,
    ChoiceColumns,
    DeliveryColumns,
    NotificationColumns,
)
from service_kit.personal_columns import not_personal


class Notification(NotificationColumns, Base):
    __tablename__ = "notifications"

    person_id: Mapped[UUID] = mapped_column("expert_id", ForeignKey("experts.id"))
    kind: Mapped[NotificationKind] = mapped_column()
    subject_id: Mapped[UUID] = mapped_column("case_id")
    number: Mapped[str] = mapped_column("case_number", String(16), info=not_personal())

    __table_args__ = (
        UniqueConstraint("event_id", "expert_id"),
        Index(None, "expert_id", "created_at"),
        Index("ix_notifications_turn", "escalate_at", postgresql_where=text("escalate_at IS NOT NULL")),
        Index("ix_notifications_open", "case_id", postgresql_where=text("withdrawn_at IS NULL")),
    )


class Delivery(DeliveryColumns, Base):
    __tablename__ = "notification_deliveries"

    notification_id: Mapped[UUID] = mapped_column(ForeignKey("notifications.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column("expert_id", ForeignKey("experts.id"), index=True)


class Choice(ChoiceColumns, Base):
    __tablename__ = "notification_choices"

    person_id: Mapped[UUID] = mapped_column("expert_id", ForeignKey("experts.id"), primary_key=True)


class Address(AddressColumns, Base):
    __tablename__ = "notification_addresses"

    person_id: Mapped[UUID] = mapped_column("expert_id", ForeignKey("experts.id"), index=True)
