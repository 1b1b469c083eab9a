"""The columns of notifications, their deliveries, people's choices, and addresses of a channel's own."""

from datetime import datetime, time
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import (
    DateTime,
    Index,
    SmallInteger,
    String,
    Text,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from service_kit.notifying.rules import Choice, DeliveryState
from service_kit.personal_columns import erased_otherwise, not_personal

MAX_ADDRESS: Final = 4096
MAX_REASON: Final = 500


def shortened(reason: str | None) -> str | None:
    """A reason as the ledger keeps it."""
    return None if reason is None else reason[:MAX_REASON]


class NotificationColumns:
    """One person is told one thing once, however often the event comes that gave rise to it.

    `subject_id` and `number` are those of what it is about; `escalate_at` is when the next channel has its turn.
    `trouble` is why the next channel could not be worked out, while that is tried again, and for good once it is
    given up. A service declares `person_id`, `subject_id`, `number` and `task_id`, by its own names in the
    database.
    """

    __tablename__: ClassVar[str]

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(info=not_personal(is_exported=False))
    person_id: Mapped[UUID]
    kind: Mapped[Any]
    subject_id: Mapped[UUID]
    number: Mapped[str]
    task_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    escalate_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), info=not_personal(is_exported=False)
    )
    seen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    trouble: Mapped[str | None] = mapped_column(Text, info=erased_otherwise(is_exported=False))


class DeliveryColumns:
    """A notification on one channel, or, where that tells every address, at one of them (`address_id`).

    `due_at` is when it is tried (again), or once it is settled when that was.
    `has_lost_answers`: the channel may have taken it more than once. `reference` is the channel's name for it.
    `shown_at` is when a browser said that it shows it.
    `is_set_aside`: it waits because of something of ours that failed, and holds up nothing that came after it.
    A service declares `notification_id` and `person_id`, with their foreign keys.
    """

    __tablename__: ClassVar[str]

    id: Mapped[UUID] = mapped_column(primary_key=True)
    notification_id: Mapped[UUID]
    person_id: Mapped[UUID]
    channel: Mapped[str] = mapped_column(String(16), info=not_personal())
    address_id: Mapped[UUID | None] = mapped_column(info=not_personal(is_exported=False))
    state: Mapped[DeliveryState]
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    tries: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    has_lost_answers: Mapped[bool] = mapped_column(server_default=text("false"))
    shown_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    is_set_aside: Mapped[bool] = mapped_column(
        server_default=text("false"), info=not_personal(is_exported=False)
    )
    reason: Mapped[str | None] = mapped_column(Text, info=erased_otherwise(is_exported=False))
    reference: Mapped[str | None] = mapped_column(String(64), info=not_personal(is_exported=False))

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return (
            UniqueConstraint("notification_id", "channel", "address_id", postgresql_nulls_not_distinct=True),
            Index(
                f"ix_{cls.__tablename__}_waiting", "due_at", "id", postgresql_where=text("state = 'queued'")
            ),
        )


class ChoiceColumns:
    """What a person chose; who chose nothing has no row. A service declares `person_id`."""

    __tablename__: ClassVar[str]

    person_id: Mapped[UUID]
    order: Mapped[list[str]] = mapped_column("channel_order", JSONB, info=not_personal())
    muted: Mapped[list[list[str]]] = mapped_column(JSONB, info=not_personal())
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_until: Mapped[time | None] = mapped_column(Time)
    time_zone: Mapped[str] = mapped_column(String(64), info=not_personal())

    def choice(self) -> Choice:
        return Choice(
            order=tuple(self.order),
            muted=frozenset((kind, channel) for kind, channel in self.muted),
            quiet_from=self.quiet_from,
            quiet_until=self.quiet_until,
            time_zone=self.time_zone,
        )


class AddressColumns:
    """Where a channel reaches a person that knows them by no contact: a chat, a browser's subscription.

    One that is dead (`dead_at`) is kept for the ledger and tried no more. `device` is what a person knows it by.
    One that belongs to a sign-in (`session_id`) sleeps once that is over: who holds the device may be anybody.
    A service declares `person_id`, with its foreign key.
    """

    __tablename__: ClassVar[str]

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    session_id: Mapped[UUID | None] = mapped_column(info=not_personal(is_exported=False))
    channel: Mapped[str] = mapped_column(String(16), info=not_personal())
    address: Mapped[str] = mapped_column(String(MAX_ADDRESS), info=erased_otherwise(is_exported=False))
    device: Mapped[str] = mapped_column(String(64), info=erased_otherwise())
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    dead_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return (UniqueConstraint("channel", "address"),)
