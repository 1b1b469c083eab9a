"""Webhooks that programs manage, addresses that go some of their log at a time, and links no longer than keys."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from service_kit import rls

revision: Final = "0048"
down_revision: Final[str | None] = "0047"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column("webhook_endpoints", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_webhook_endpoints_removed_at",
        "webhook_endpoints",
        ["removed_at"],
        postgresql_where=sa.text("removed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_webhook_deliveries_missed",
        "webhook_deliveries",
        ["endpoint_id", "created_at", "event_id"],
        postgresql_where=sa.text("state IN ('failed', 'skipped')"),
    )
    _let_manage("webhooks_of")
    op.execute(
        "UPDATE yard_links SET expires_at = api_keys.expires_at FROM api_keys"
        " WHERE yard_links.key_id = api_keys.id AND yard_links.expires_at > api_keys.expires_at"
    )


def downgrade() -> None:
    _let_manage("administered")
    op.drop_index("ix_webhook_deliveries_missed", "webhook_deliveries")
    op.execute("DELETE FROM webhook_endpoints WHERE removed_at IS NOT NULL")
    op.drop_column("webhook_endpoints", "removed_at")


def _let_manage(setting: str) -> None:
    """Who sees and writes the tables of webhooks: the companies in a setting of the scope."""
    of_manager = f"company_id = ANY ({rls.ids_in(setting)})"
    managed = (
        "EXISTS (SELECT FROM webhook_endpoints AS endpoint"
        f" WHERE endpoint.id = endpoint_id AND endpoint.{of_manager})"
    )
    for table, policy, condition in (
        ("webhook_endpoints", "wall_written", of_manager),
        ("webhook_secrets", "wall", managed),
        ("webhook_events", "wall", of_manager),
        ("webhook_deliveries", "wall", managed),
        ("webhook_attempts", "wall_seen", managed),
    ):
        op.execute(f"ALTER POLICY {policy} ON {table} USING ({rls.IS_SYSTEM} OR {condition})")
