"""The tables behind the buses, as mixins: each service declares its own, in its own database."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, Integer, LargeBinary, String, Text, func
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from service_kit.personal_columns import erased_otherwise, not_personal


class QueuedMessageColumns:
    """A message that `http.HttpBus` has accepted and whose handling is not over.

    `available_at` is in the future while a failed message waits for its next attempt, and while a worker has it.
    `deliveries` counts those without an answer: a worker took the message and died.
    `received_at` is when it last came in: it gives the order, and tells a message that was sent again while
    it was being handled.
    """

    queue: Mapped[str] = mapped_column(String(64), primary_key=True, info=not_personal())
    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary, info=erased_otherwise(is_exported=False))
    correlation_id: Mapped[str] = mapped_column(String(64), info=not_personal())
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    deliveries: Mapped[int] = mapped_column(Integer, default=0)
    available_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=func.clock_timestamp())
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=func.clock_timestamp())
    last_error: Mapped[str | None] = mapped_column(Text, info=erased_otherwise(is_exported=False))

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Index, ...]:
        # `available_at` is in no index, so that taking a message updates no index either.
        return (Index(None, "queue", "received_at"),)


class DeadLetterColumns:
    """A message that was given up on. `replayed_at` is set while it is out for another try."""

    queue: Mapped[str] = mapped_column(String(64), primary_key=True, info=not_personal())
    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary, info=erased_otherwise(is_exported=False))
    correlation_id: Mapped[str] = mapped_column(String(64), info=not_personal())
    reason: Mapped[str] = mapped_column(Text, info=erased_otherwise(is_exported=False))
    attempts: Mapped[int] = mapped_column(Integer)
    died_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=func.clock_timestamp())
    replayed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Index, ...]:
        return (Index(None, "died_at"),)
