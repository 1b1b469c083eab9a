"""What an address has missed, among all that was sent there."""

from collections.abc import Sequence
from typing import Final

from service_kit import concurrently

revision: Final = "0053"
down_revision: Final[str | None] = "0052"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    concurrently.create_index(
        "ix_webhook_deliveries_missed",
        "webhook_deliveries",
        ["endpoint_id", "created_at", "event_id"],
        where="state IN ('failed', 'skipped')",
    )


def downgrade() -> None:
    concurrently.drop_index("ix_webhook_deliveries_missed", "webhook_deliveries")
