"""What of notifications could not be worked out is set aside by itself, and says why."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0023"
down_revision: Final[str | None] = "0022"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column("notifications", sa.Column("trouble", sa.Text()))
    # The default also serves processes of the version before, which do not name the column.
    op.add_column(
        "notification_deliveries",
        sa.Column("is_set_aside", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("notification_deliveries", "is_set_aside")
    op.drop_column("notifications", "trouble")
