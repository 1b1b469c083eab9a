"""A browser is told while somebody is signed in there, and says what it shows."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0026"
down_revision: Final[str | None] = "0025"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column("notification_deliveries", sa.Column("shown_at", sa.DateTime(timezone=True)))
    op.add_column("notification_addresses", sa.Column("session_id", sa.Uuid()))
    # Of those that there are nobody knows the sign-in: each wakes when its browser opens the app, signed in.
    op.execute("UPDATE notification_addresses SET session_id = gen_random_uuid() WHERE channel = 'push'")


def downgrade() -> None:
    op.drop_column("notification_addresses", "session_id")
    op.drop_column("notification_deliveries", "shown_at")
