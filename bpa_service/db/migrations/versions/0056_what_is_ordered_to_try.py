"""What is ordered to try: in a sandbox."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0056"
down_revision: Final[str | None] = "0055"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    for table in ("cases", "history_orders"):
        op.add_column(
            table, sa.Column("is_test", sa.Boolean(), server_default=sa.text("false"), nullable=False)
        )


def downgrade() -> None:
    for table in ("history_orders", "cases"):
        op.drop_column(table, "is_test")
