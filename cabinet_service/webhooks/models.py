"""The tables of webhooks: where to, by which secrets, what there is to tell, and what became of it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.db.base import Base
from cabinet_service.webhooks.domain import WebhookDeliveryState, WhyOff
from service_kit.personal_columns import erased_otherwise, not_personal
from shared_schemas.webhooks import WebhookType

MOST_URL: Final = 2000
MOST_DESCRIPTION: Final = 200
IS_MISSED: Final = "state IN ('failed', 'skipped')"
"""As it is written in the index: with values in its place PostgreSQL would not know that the index will do."""


class WebhookEndpoint(Base):
    """An address of a company that is told of `events`. With `disabled_at` it is told of nothing.

    With `removed_at` it is there for nobody: its log goes some of it at a time, and it goes last.
    `failing_since` is the first failure since the last notice that was taken; `warned_at`, when its
    administrators were told of that.
    """

    __tablename__ = "webhook_endpoints"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id"), index=True)
    url: Mapped[str] = mapped_column(String(MOST_URL), info=not_personal())
    description: Mapped[str | None] = mapped_column(String(MOST_DESCRIPTION), info=not_personal())
    events: Mapped[list[str]] = mapped_column(ARRAY(String(32)), info=not_personal())
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
    failing_since: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    disabled_why: Mapped[WhyOff | None]
    removed_at: Mapped[datetime | None]


class WebhookSecret(Base):
    """What signs, sealed. One has no `expires_at`: the newest. Until then an older one signs beside it."""

    __tablename__ = "webhook_secrets"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    endpoint_id: Mapped[UUID] = mapped_column(
        ForeignKey("webhook_endpoints.id", ondelete="CASCADE"), index=True
    )
    sealed: Mapped[bytes] = mapped_column(LargeBinary, info=not_personal(is_exported=False))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]


class WebhookEvent(Base):
    """What happened, as it is sent: `body` is signed and sent byte for byte. Its id is the `webhook-id`."""

    __tablename__ = "webhook_events"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id"))
    inspection_id: Mapped[UUID | None] = mapped_column(ForeignKey("inspections.id"), index=True)
    type: Mapped[WebhookType]
    body: Mapped[str] = mapped_column(Text, info=not_personal(is_exported=False))
    occurred_at: Mapped[datetime]
    created_at: Mapped[datetime]


class WebhookDelivery(Base):
    """An event on its way to an endpoint.

    `sequence` orders those about one inspection. While it is pending it is due at `due_at`; while somebody tries
    it, that is when whoever does is taken for dead. `attempts` counts all tries and names the one under way,
    `tries` those since it was last put in line.
    """

    __tablename__ = "webhook_deliveries"

    endpoint_id: Mapped[UUID] = mapped_column(
        ForeignKey("webhook_endpoints.id", ondelete="CASCADE"), primary_key=True
    )
    event_id: Mapped[UUID] = mapped_column(
        ForeignKey("webhook_events.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    inspection_id: Mapped[UUID | None]
    sequence: Mapped[int] = mapped_column(Integer)
    is_test: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    state: Mapped[WebhookDeliveryState]
    due_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_webhook_deliveries_next",
            *("endpoint_id", "due_at", "sequence"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_webhook_deliveries_line",
            *("endpoint_id", "inspection_id", "sequence"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(None, "endpoint_id", "created_at", "event_id"),
        # What a replay takes, and what somebody looks for in a log that is nearly all delivered.
        Index(
            "ix_webhook_deliveries_missed",
            *("endpoint_id", "created_at", "event_id"),
            postgresql_where=text(IS_MISSED),
        ),
    )


class WebhookAttempt(Base):
    """One try: what came back, or why nothing did. Of the answer's body the beginning is kept."""

    __tablename__ = "webhook_attempts"

    endpoint_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    began_at: Mapped[datetime]
    took_ms: Mapped[int] = mapped_column(Integer)
    status: Mapped[int | None] = mapped_column(Integer)
    error: Mapped[str | None] = mapped_column(String(300), info=not_personal(is_exported=False))
    answer: Mapped[str | None] = mapped_column(Text, info=erased_otherwise(is_exported=False))

    __table_args__ = (
        ForeignKeyConstraint(
            ["endpoint_id", "event_id"],
            ["webhook_deliveries.endpoint_id", "webhook_deliveries.event_id"],
            ondelete="CASCADE",
        ),
    )
