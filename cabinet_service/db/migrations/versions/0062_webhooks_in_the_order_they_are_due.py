"""Webhooks in the order in which they are claimed, so that a claim reads those it takes and no more."""

from collections.abc import Sequence
from typing import Final

from service_kit import concurrently

revision: Final = "0062"
down_revision: Final[str | None] = "0061"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

_TABLE: Final = "webhook_deliveries"
_PENDING: Final = "state = 'pending'"


def upgrade() -> None:
    columns = ["endpoint_id", "due_at", "sequence"]
    concurrently.create_index("ix_webhook_deliveries_next", _TABLE, columns, where=_PENDING)
    concurrently.drop_index("ix_webhook_deliveries_due", _TABLE)


def downgrade() -> None:
    columns = ["endpoint_id", "due_at"]
    concurrently.create_index("ix_webhook_deliveries_due", _TABLE, columns, where=_PENDING)
    concurrently.drop_index("ix_webhook_deliveries_next", _TABLE)
