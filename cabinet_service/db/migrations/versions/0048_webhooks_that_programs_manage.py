"""Webhooks that programs manage, and addresses whose log goes some of it at a time."""

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
    # Processes of the last release send `administered` alone. A release later `webhooks_of` is enough.
    _let_manage("webhooks_of", "administered")


def downgrade() -> None:
    _let_manage("administered")
    op.execute("DELETE FROM webhook_endpoints WHERE removed_at IS NOT NULL")
    op.drop_column("webhook_endpoints", "removed_at")


def _let_manage(*settings: str) -> None:
    """Who sees and writes the tables of webhooks: the companies in these settings of the scope."""

    def is_manager(company_id: str) -> str:
        return "(" + " OR ".join(f"{company_id} = ANY ({rls.ids_in(name)})" for name in settings) + ")"

    of_manager = is_manager("company_id")
    managed = (
        "EXISTS (SELECT FROM webhook_endpoints AS endpoint"
        f" WHERE endpoint.id = endpoint_id AND {is_manager('endpoint.company_id')})"
    )
    for table, policy, condition in (
        ("webhook_endpoints", "wall_written", of_manager),
        ("webhook_secrets", "wall", managed),
        ("webhook_events", "wall", of_manager),
        ("webhook_deliveries", "wall", managed),
        ("webhook_attempts", "wall_seen", managed),
    ):
        op.execute(f"ALTER POLICY {policy} ON {table} USING ({rls.IS_SYSTEM} OR {condition})")
