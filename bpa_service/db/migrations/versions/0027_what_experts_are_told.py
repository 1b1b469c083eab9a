"""Experts are told what happened while they look elsewhere, on channels that they choose."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from service_kit import rls
from service_kit.rls import id_in, setting

revision: Final = "0027"
down_revision: Final[str | None] = "0026"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

TIME: Final = sa.DateTime(timezone=True)
MINE: Final = f"expert_id = {id_in('expert_id')}"
AT_THE_DESK: Final = f"{setting('scope')} = 'desk'"
WORKS_ON_CASES: Final = f"{setting('role')} IN ('expert', 'senior', 'shift_lead')"
TABLES: Final = ("notification_deliveries", "notification_choices", "notification_addresses")


def upgrade() -> None:
    op.add_column("experts", sa.Column("language", sa.String(2), server_default="ru", nullable=False))
    _create_notifications()
    _create_deliveries()
    _create_choices_and_addresses()
    # What somebody does on a case is told to others, who alone may say that they have seen it.
    rls.enable("notifications", seen_by=AT_THE_DESK, written_by=MINE)
    op.execute(f"CREATE POLICY wall_added ON notifications FOR INSERT WITH CHECK ({WORKS_ON_CASES})")
    op.execute(
        f"CREATE POLICY wall_withdrawn ON notifications FOR UPDATE USING ({WORKS_ON_CASES})"
        " WITH CHECK (withdrawn_at IS NOT NULL)"
    )
    for table in TABLES:
        rls.enable(table, seen_by=MINE)


def _create_notifications() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("case_number", sa.String(16), nullable=False),
        sa.Column("task_id", sa.Uuid()),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("escalate_at", TIME),
        sa.Column("seen_at", TIME),
        sa.Column("withdrawn_at", TIME),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name="fk_notifications_expert_id_experts"),
        sa.UniqueConstraint("event_id", "expert_id", name="uq_notifications_event_id_expert_id"),
    )
    op.create_index("ix_notifications_expert_id_created_at", "notifications", ["expert_id", "created_at"])
    op.create_index(
        "ix_notifications_turn",
        "notifications",
        ["escalate_at"],
        postgresql_where=sa.text("escalate_at IS NOT NULL"),
    )
    op.create_index(
        "ix_notifications_open",
        "notifications",
        ["case_id"],
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def _create_deliveries() -> None:
    op.create_table(
        "notification_deliveries",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("notification_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("has_lost_answers", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("reference", sa.String(64)),
        sa.ForeignKeyConstraint(
            ["notification_id"],
            ["notifications.id"],
            name="fk_notification_deliveries_notification_id_notifications",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name="fk_notification_deliveries_expert_id_experts"
        ),
        sa.UniqueConstraint(
            "notification_id", "channel", name="uq_notification_deliveries_notification_id_channel"
        ),
    )
    op.create_index("ix_notification_deliveries_expert_id", "notification_deliveries", ["expert_id"])
    op.create_index(
        "ix_notification_deliveries_waiting",
        "notification_deliveries",
        ["due_at", "id"],
        postgresql_where=sa.text("state = 'queued'"),
    )


def _create_choices_and_addresses() -> None:
    op.create_table(
        "notification_choices",
        sa.Column("expert_id", sa.Uuid(), primary_key=True),
        sa.Column("channel_order", postgresql.JSONB(), nullable=False),
        sa.Column("muted", postgresql.JSONB(), nullable=False),
        sa.Column("quiet_from", sa.Time()),
        sa.Column("quiet_until", sa.Time()),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name="fk_notification_choices_expert_id_experts"
        ),
    )
    op.create_table(
        "notification_addresses",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("address", sa.String(4096), nullable=False),
        sa.Column("device", sa.String(64), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("dead_at", TIME),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name="fk_notification_addresses_expert_id_experts"
        ),
        sa.UniqueConstraint("channel", "address", name="uq_notification_addresses_channel_address"),
    )
    op.create_index("ix_notification_addresses_expert_id", "notification_addresses", ["expert_id"])


def downgrade() -> None:
    for table in (*TABLES, "notifications"):
        op.drop_table(table)
    op.drop_column("experts", "language")
