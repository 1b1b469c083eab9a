"""Whose word it is when a photo was taken."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0014"
down_revision: Final[str | None] = "0013"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column(
        "evidence",
        sa.Column("captured_at_source", sa.String(length=32), server_default="unknown", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("evidence", "captured_at_source")
