"""How long notifications have waited to be sent is asked with each scrape."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0015"
down_revision: Final[str | None] = "0014"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.create_index(
        "ix_notifications_waiting",
        "notifications",
        ["created_at"],
        postgresql_where=sa.text("state = 'pending'"),
    )


def downgrade() -> None:
    op.drop_index("ix_notifications_waiting", table_name="notifications")
