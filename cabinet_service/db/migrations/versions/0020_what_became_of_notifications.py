"""A notification has a delivery on each channel that it takes, and people choose which those are."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from service_kit import rls
from service_kit.rls import id_in

revision: Final = "0020"
down_revision: Final[str | None] = "0019"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

TIME: Final = sa.DateTime(timezone=True)
TABLES: Final = ("notification_deliveries", "notification_choices", "notification_addresses")


def upgrade() -> None:
    for name in ("escalate_at", "seen_at", "withdrawn_at"):
        op.add_column("notifications", sa.Column(name, TIME))
    _create_deliveries()
    _create_choices_and_addresses()
    # What waits is planned anew; what was sent or failed keeps its line in the ledger.
    op.execute("UPDATE notifications SET escalate_at = created_at WHERE state = 'pending'")
    op.execute("UPDATE notifications SET withdrawn_at = settled_at WHERE state = 'withdrawn'")
    op.execute(
        """
        INSERT INTO notification_deliveries
            (id, notification_id, account_id, channel, state, due_at, tries)
        SELECT id, id, account_id, coalesce(channel, 'email'), state, coalesce(settled_at, created_at), 1
        FROM notifications WHERE state IN ('sent', 'failed')
        """
    )
    op.drop_index("ix_notifications_waiting", table_name="notifications")
    for name in ("state", "channel", "settled_at"):
        op.drop_column("notifications", name)
    op.create_index(
        "ix_notifications_turn",
        "notifications",
        ["escalate_at"],
        postgresql_where=sa.text("escalate_at IS NOT NULL"),
    )
    for table in TABLES:
        rls.enable(table, seen_by=f"account_id = {id_in('account_id')}")


def _create_deliveries() -> None:
    op.create_table(
        "notification_deliveries",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("notification_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
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
            ["account_id"], ["accounts.id"], name="fk_notification_deliveries_account_id_accounts"
        ),
        sa.UniqueConstraint(
            "notification_id", "channel", name="uq_notification_deliveries_notification_id_channel"
        ),
    )
    op.create_index("ix_notification_deliveries_account_id", "notification_deliveries", ["account_id"])
    op.create_index(
        "ix_notification_deliveries_waiting",
        "notification_deliveries",
        ["due_at", "id"],
        postgresql_where=sa.text("state = 'queued'"),
    )


def _create_choices_and_addresses() -> None:
    op.create_table(
        "notification_choices",
        sa.Column("account_id", sa.Uuid(), primary_key=True),
        sa.Column("channel_order", postgresql.JSONB(), nullable=False),
        sa.Column("muted", postgresql.JSONB(), nullable=False),
        sa.Column("quiet_from", sa.Time()),
        sa.Column("quiet_until", sa.Time()),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_notification_choices_account_id_accounts"
        ),
    )
    op.create_table(
        "notification_addresses",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("address", sa.String(4096), nullable=False),
        sa.Column("device", sa.String(64), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("dead_at", TIME),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_notification_addresses_account_id_accounts"
        ),
        sa.UniqueConstraint("channel", "address", name="uq_notification_addresses_channel_address"),
    )
    op.create_index("ix_notification_addresses_account_id", "notification_addresses", ["account_id"])


def downgrade() -> None:
    op.drop_index("ix_notifications_turn", table_name="notifications")
    op.add_column(
        "notifications", sa.Column("state", sa.String(32), server_default="pending", nullable=False)
    )
    op.add_column("notifications", sa.Column("channel", sa.String(32)))
    op.add_column("notifications", sa.Column("settled_at", TIME))
    op.execute(
        """
        UPDATE notifications SET state = delivery.state, settled_at = delivery.due_at,
            channel = CASE WHEN delivery.state = 'sent' THEN delivery.channel END
        FROM notification_deliveries AS delivery
        WHERE delivery.notification_id = notifications.id AND delivery.state IN ('sent', 'failed')
            AND delivery.channel IN ('email', 'phone')
        """
    )
    op.execute(
        "UPDATE notifications SET state = 'withdrawn', settled_at = withdrawn_at"
        " WHERE withdrawn_at IS NOT NULL AND state = 'pending'"
    )
    op.alter_column("notifications", "state", server_default=None)
    op.create_index(
        "ix_notifications_waiting",
        "notifications",
        ["created_at"],
        postgresql_where=sa.text("state = 'pending'"),
    )
    for name in ("escalate_at", "seen_at", "withdrawn_at"):
        op.drop_column("notifications", name)
    for table in TABLES:
        op.drop_table(table)
